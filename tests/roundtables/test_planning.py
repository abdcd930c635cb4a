"""Sessions are planned by the rule of their series: once, at the same wall time, and never over somebody's head."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone

from hub.editorial.models import Byline
from hub.notifications.models import Notification
from hub.pages.enums import Audience, PageSeatRole
from hub.pages.models import PageSeat
from roundtables import recurrence
from roundtables.domain import dates, duplicating, planning, seats
from roundtables.domain.checks import session_remarks
from roundtables.domain.planning import PlanRefused, Step
from roundtables.enums import SeatRole, SeatState
from roundtables.models import Loosening, Occurrence, SeriesPage, SessionPage
from tests.factories import (
    MemberProfileFactory,
    SeriesPageFactory,
    SessionPageFactory,
    SessionSeatFactory,
    TopicFactory,
)

pytestmark = pytest.mark.django_db

EDGES = [
    ("Europe/London", date(2027, 3, 28)),
    ("Europe/London", date(2027, 10, 31)),
    ("America/New_York", date(2027, 3, 14)),
    ("America/New_York", date(2027, 11, 7)),
    ("Australia/Sydney", date(2027, 4, 4)),
    ("Australia/Sydney", date(2027, 10, 3)),
    ("America/Santiago", date(2027, 4, 4)),
    ("America/Santiago", date(2027, 9, 5)),
    ("Asia/Kolkata", date(2027, 3, 28)),  # clocks are never changed
]
NOW = datetime(2027, 3, 1, 9, 0, tzinfo=ZoneInfo("UTC"))


@pytest.fixture(autouse=True)
def march():
    """It is Monday 1 March 2027, unless a test goes elsewhere."""
    with time_machine.travel(NOW, tick=True):
        yield


def planned(**fields) -> SeriesPage:
    values = {
        "rule": "FREQ=WEEKLY;BYDAY=SU",
        "starts_on": date(2027, 1, 1),
        "start_time": time(16, 0),
        "minutes": 75,
        "weeks_ahead": 4,
        "publishes_sessions": True,
    }
    series = SeriesPageFactory(**{**values, **fields})
    planning.plan_series(series)
    return series


def rule_on(day: date) -> str:
    return f"FREQ=WEEKLY;BYDAY={recurrence.DAYS[day.weekday()]}"


def sessions(series) -> list[SessionPage]:
    return list(SessionPage.objects.child_of(series).order_by("starts_at"))


def walls(series) -> list[datetime]:
    return [one.starts_at.astimezone(one.zone).replace(tzinfo=None) for one in sessions(series)]


def change_rule(series, **fields) -> SeriesPage:
    series = SeriesPage.objects.get(pk=series.pk)
    for name, value in fields.items():
        setattr(series, name, value)
    series.save_revision().publish()
    return series


@pytest.mark.parametrize(("zone", "edge"), EDGES)
def test_wall_time_stays_over_an_edge_skipped_moved_and_across_a_change_of_the_rule(zone, edge):
    """Three weeks on the weekday of the edge, the change in the middle; then days before at another time."""
    with time_machine.travel(datetime.combine(edge - timedelta(days=13), time(12), ZoneInfo("UTC"))):
        days = [edge + timedelta(weeks=n) for n in (-1, 0, 1)]
        series = planned(time_zone=zone, weeks_ahead=3, rule=rule_on(edge), publishes_sessions=False)
        assert walls(series) == [datetime.combine(day, time(16, 0)) for day in days]
        offsets = {one.starts_at.astimezone(one.zone).utcoffset() for one in sessions(series)}
        assert len(offsets) == (1 if zone == "Asia/Kolkata" else 2)
        assert {one.ends_at - one.starts_at for one in sessions(series)} == {timedelta(minutes=75)}

        moved = sessions(series)[0]
        planning.skip(series, days[1])
        dates.move(moved, recurrence.moment(days[1], time(17, 0), series.zone), by=None)
        earlier = [day - timedelta(days=2) for day in days]
        series = change_rule(series, rule=rule_on(earlier[0]), start_time=time(9, 30))
        planning.plan_series(series)
        kept = datetime.combine(days[1], time(17, 0))
        assert walls(series) == sorted([kept, *(datetime.combine(day, time(9, 30)) for day in earlier)])
        assert Occurrence.objects.get(session=moved).day == days[0], "it is still the occurrence that it was"


def test_a_time_that_the_night_leaves_out_is_planned_for_the_moment_it_stands_for():
    with time_machine.travel(datetime(2027, 3, 10, tzinfo=ZoneInfo("UTC"))):
        series = planned(time_zone="America/New_York", start_time=time(2, 30), weeks_ahead=2)
        assert walls(series) == [datetime(2027, 3, 14, 3, 30), datetime(2027, 3, 21, 2, 30)]


def test_planning_is_done_once_however_often_it_is_asked_for():
    series = planned()
    before = [(one.pk, one.latest_revision_id) for one in sessions(series)]
    assert len(before) == 4
    for _ in range(2):
        run = planning.plan_series(series)
        assert run.count(*Step) == 0
    out = StringIO()
    call_command("plan_sessions", stdout=out)
    assert "0 sessions planned" in out.getvalue()
    assert [(one.pk, one.latest_revision_id) for one in sessions(series)] == before


def test_time_goes_by_and_what_was_held_stays():
    series = planned()
    first = sessions(series)[0]
    with time_machine.travel(NOW + timedelta(days=9)):
        assert planning.plan_series(series).count(Step.ADD) == 1
        change_rule(series, rule="FREQ=WEEKLY;BYDAY=TH")
        planning.plan_series(series)
        assert first in sessions(series)
        assert {one.weekday() for one in walls(series)[1:]} == {3}


def test_a_session_begins_with_what_its_series_says(leader):
    topic = TopicFactory()
    series = SeriesPageFactory(
        title="Reporting up",
        gist="Who reads what we send upwards.",
        rule="FREQ=WEEKLY;BYDAY=SU",
        starts_on=date(2027, 1, 1),
        start_time=time(16, 0),
        weeks_ahead=1,
        place="hybrid",
        location="Room 4",
        capacity=9,
        language="fr",
        attribution_mode="chatham_house",
        audience=Audience.MEMBERS,
        many={"topics": [topic]},
    )
    series.bylines = [Byline(person=leader.profile, role="host"), Byline(external_name="Ann Author", role="author")]
    series.save_revision().publish()
    PageSeat.objects.create(page_id=series.pk, user=leader, role=PageSeatRole.CO_AUTHOR)
    planning.plan_series(series)
    session = sessions(series)[0]
    assert not session.live, "the series does not publish by itself"
    assert (session.title, session.slug) == ("Reporting up, 7 March 2027", "2027-03-07")
    assert (session.place, session.location, session.capacity, session.language) == ("hybrid", "Room 4", 9, "fr")
    assert (session.attribution_mode, session.audience) == ("chatham_house", Audience.MEMBERS)
    assert list(session.topics.all()) == [topic]
    assert [line.person for line in session.bylines.all()] == [leader.profile]
    assert session.permissions_for_user(leader).can_change_text(), "whoever hosts the series runs its sessions"
    session.save_revision().publish()
    assert session.seats.get().role == SeatRole.HOST, "the host sits at the head"


def test_a_draft_of_a_rule_plans_nothing_and_neither_does_a_draft_series():
    series = planned(rule="")
    series.rule = "FREQ=DAILY"
    series.save_revision()
    planning.plan_series(series)
    assert not sessions(series)
    hidden = planned(live=False)
    assert not sessions(hidden)


def test_a_rule_change_keeps_what_is_somebodys_and_says_why():
    series = planned(weeks_ahead=7, many={"topics": [TopicFactory()]})
    seated, waited, written, cancelled, untouched, last, asked = sessions(series)
    Loosening.objects.create(session=asked, mode="open", reason="Why not.")
    SessionSeatFactory(session=seated)
    SessionSeatFactory(session=waited, state=SeatState.WAITLISTED)
    SessionSeatFactory(session=untouched, state=SeatState.CANCELLED)
    SessionSeatFactory(session=last, role=SeatRole.HOST)
    written.title = "A name of its own"
    written.save_revision()
    dates.call_off(cancelled, by=None)
    series = change_rule(series, rule="FREQ=WEEKLY;BYDAY=TH")
    said = {change.session: change.why for change in planning.changes(series) if change.step == Step.KEEP}
    assert said == {
        seated: "One person has a seat or waits for one.",
        waited: "One person has a seat or waits for one.",
        written: "Somebody has written in it.",
        cancelled: "It is cancelled.",
        asked: "People have added to it.",
    }
    run = planning.plan_series(series)
    assert (run.count(Step.KEEP), run.count(Step.REMOVE), run.count(Step.ADD)) == (5, 2, 7)
    kept = [one for one in sessions(series) if one.starts_at.astimezone(one.zone).weekday() == 6]
    assert kept == [seated, waited, written, cancelled, asked]
    assert not Notification.objects.exclude(kind="roundtables.called_off").exists(), "nobody’s session moved"


def test_a_session_that_nobody_touched_follows_the_series():
    series = planned()
    theirs = sessions(series)[1]
    SessionSeatFactory(session=theirs)
    series = change_rule(series, start_time=time(18, 0), capacity=8)
    assert planning.plan_series(series).count(Step.FOLLOW) == 3
    assert [one.time() for one in walls(series)] == [time(18), time(16), time(18), time(18)]
    assert [one.capacity for one in sessions(series)] == [8, None, 8, 8]
    assert all(one.live for one in sessions(series))


def test_skipped_stays_skipped_and_can_be_taken_up_again():
    series = planned(weeks_ahead=3)
    first, ahead = date(2027, 3, 7), date(2027, 4, 4)
    planning.skip(series, first)
    planning.skip(series, first)
    planning.skip(series, ahead)  # not planned yet
    planning.plan_series(change_rule(series, weeks_ahead=6))
    days = [one.date() for one in walls(series)]
    assert first not in days and ahead not in days and len(days) == 4
    planning.take_up(series, first)
    assert walls(series)[0].date() == first
    with pytest.raises(PlanRefused, match="does not name this day"):
        planning.skip(series, date(2027, 3, 9))


def test_a_session_of_which_somebody_has_a_seat_is_cancelled_not_skipped():
    series = planned()
    session = sessions(series)[0]
    SessionSeatFactory(session=session)
    with pytest.raises(PlanRefused, match="Cancel the session"):
        planning.skip(series, date(2027, 3, 7))
    assert SessionPage.objects.filter(pk=session.pk).exists()


def test_a_page_that_was_deleted_by_hand_is_not_planned_again():
    series = planned()
    sessions(series)[0].delete()
    planning.plan_series(series)
    assert len(sessions(series)) == 3
    assert Occurrence.objects.skipped().get().day == date(2027, 3, 7)


def test_a_moved_session_keeps_its_name_of_the_day_or_the_one_it_was_given():
    series = planned(title="Keeping going")
    plain, named = sessions(series)[:2]
    named.title = "When should it end"
    named.save_revision().publish()
    for session in (plain, named):
        dates.move(session, session.starts_at + timedelta(days=2, hours=1), by=None)
        session.refresh_from_db()
    assert plain.title == "Keeping going, 9 March 2027"
    assert named.title == "When should it end"
    assert plain.ends_at - plain.starts_at == timedelta(minutes=75)
    planning.plan_series(series)
    assert len(sessions(series)) == 4, "the day it was named for is not filled again"


def test_a_rule_that_never_holds_up_the_others(monkeypatch):
    broken, fine = planned(rule=""), planned(rule="")
    SeriesPage.objects.update(rule="FREQ=WEEKLY;BYDAY=SU")
    add = planning._add

    def fail(series, day):
        if series.pk == broken.pk and day == date(2027, 3, 14):
            raise RuntimeError("disk full")
        add(series, day)

    monkeypatch.setattr(planning, "_add", fail)
    run = planning.plan_all()
    assert run.failed == 1
    assert (len(sessions(broken)), len(sessions(fine))) == (3, 4)


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"starts_on": None}, "starts_on", "from which day on"),
        ({"start_time": None}, "start_time", "at what time"),
        ({"rule": "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30"}, "rule", "No day fits"),
        ({"rule": "whenever"}, "rule", "no part of a rule"),
        ({"starts_on": date(27, 1, 1)}, "starts_on", "this century"),
    ],
)
def test_a_series_whose_rule_cannot_be_kept_is_not_published(fields, field, sentence):
    series = SeriesPageFactory(rule="FREQ=WEEKLY;BYDAY=SU", starts_on=date(2027, 1, 1), start_time=time(16, 0))
    for name, value in fields.items():
        setattr(series, name, value)
    with pytest.raises(ValidationError) as refused:
        series.save()
    assert sentence in " ".join(refused.value.message_dict[field])


def test_another_like_the_last_one(leader, member, staff):
    series = planned(rule="", title="Reporting up")
    last = SessionPageFactory(
        parent=series,
        title="What a board reads",
        starts_at=timezone.now() - timedelta(days=7),
        location="Room 4",
        capacity=9,
        organiser="The Linden Table",
        attribution_mode="chatham_house",
        body=[("text", "<p>Bring one page.</p>")],
        notes=[("text", "<p>What was said.</p>")],
        recording_url="https://example.org/tape",
        recording_agreed=True,
        source_path="sessions/old.md",
        many={"topics": [TopicFactory()]},
    )
    SessionPageFactory(parent=series, starts_at=timezone.now() - timedelta(days=90), title="Long ago")
    last.bylines = [
        Byline(person=leader.profile, role="host"),
        Byline(external_name="Gia Guest", external_organisation="Port", role="guest"),
    ]
    last.save_revision().publish()
    SessionSeatFactory(session=last, profile=member.profile)
    PageSeat.objects.create(page_id=last.pk, user=leader, role=PageSeatRole.CO_AUTHOR)
    copy = duplicating.duplicate_last(series, by=staff)
    copy = SessionPage.objects.get(pk=copy.pk)
    assert not copy.live and copy.starts_at is None and copy.pk != last.pk
    assert (copy.title, copy.location, copy.capacity, copy.attribution_mode) == (
        "What a board reads",
        "Room 4",
        9,
        "chatham_house",
    )
    assert "Bring one page" in str(copy.body)
    assert list(copy.topics.all()) == list(last.topics.all())
    assert [str(line) for line in copy.bylines.all()] == [leader.profile.name, "Gia Guest"]
    assert not copy.notes and not copy.recording_url and not copy.recording_agreed and not copy.source_path
    assert not copy.seats.exists() and not copy.cancelled and copy.announced_start is None
    assert copy.permissions_for_user(leader).can_change_text()
    draft = copy.get_latest_revision_as_object()
    assert not draft.notes and not draft.recording_url and "What was said" not in str(draft.serializable_data())


def test_another_one_takes_the_next_free_day_of_the_rule():
    series = planned(weeks_ahead=2)
    copy = duplicating.duplicate_last(series, by=None)
    again = duplicating.duplicate_last(series, by=None)
    assert [one.astimezone(series.zone).date() for one in (copy.starts_at, again.starts_at)] == [
        date(2027, 3, 21),
        date(2027, 3, 28),
    ]
    planning.plan_series(change_rule(series, weeks_ahead=4))
    assert len(sessions(series)) == 4, "the days that were taken by hand are not planned again"
    with pytest.raises(duplicating.NothingToDuplicate):
        duplicating.duplicate_last(planned(rule=""), by=None)


def test_a_seat_at_a_planned_session_is_taken_like_any_other(member):
    session = sessions(planned())[0]
    assert seats.take_seat(session, member.profile).state == SeatState.GOING


def test_readers_are_told_the_rule_and_the_language(client):
    series = planned(rule="FREQ=MONTHLY;BYDAY=1SU", time_zone="Europe/Rome", language="fr")
    assert "On the first Sunday of every month, 16:00 in Rome." in client.get(series.get_url()).content.decode()
    assert "Online, in French" in client.get(sessions(series)[0].get_url()).content.decode()
    plain = SessionPageFactory()
    assert ", in English" not in client.get(plain.get_url()).content.decode()


def test_a_host_who_cannot_open_the_page_is_remarked_on(leader, staff):
    session = SessionPageFactory()
    session.bylines = [Byline(person=leader.profile, role="host"), Byline(external_name="Gia Guest", role="guest")]
    session.save()
    assert "host" in {remark.check for remark in session_remarks(session)}
    PageSeat.objects.create(page_id=session.pk, user=leader, role=PageSeatRole.CO_AUTHOR)
    assert "host" not in {remark.check for remark in session_remarks(SessionPage.objects.get(pk=session.pk))}


def test_the_head_sits_down_when_a_session_is_published_and_never_on_somebodys_seat(leader, member):
    session = SessionPageFactory(capacity=1)
    seats.take_seat(session, member.profile)
    unclaimed = MemberProfileFactory(user=None)
    session.bylines = [
        Byline(person=leader.profile, role="host"),
        Byline(person=unclaimed, role="guest"),
        Byline(external_name="Lionel Outside", role="guest"),
    ]
    session.save_revision().publish()
    assert session.seats.get().profile == member.profile, "the table is full"
    session.capacity = 2
    session.save_revision().publish()
    assert dict(session.seats.values_list("profile", "role")) == {
        member.profile.pk: SeatRole.MEMBER,
        leader.profile.pk: SeatRole.HOST,
    }
    session.bylines = [Byline(person=member.profile, role="guest")]
    session.save_revision().publish()
    assert dict(session.seats.values_list("profile", "role")) == {
        member.profile.pk: SeatRole.GUEST,
        leader.profile.pk: SeatRole.MEMBER,
    }
    seats.give_back(session, leader.profile)
    session.bylines = [Byline(person=leader.profile, role="host")]
    session.save_revision().publish()
    assert session.seats.get(profile=leader.profile).state == SeatState.CANCELLED, "given back stays given back"
