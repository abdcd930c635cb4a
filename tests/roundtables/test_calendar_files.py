"""Sessions as files for calendar programs, and a member's own address: what they say, to whom, and until when."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
import vobject
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar

from hub.accounts.enums import Role
from hub.pages.enums import Audience
from roundtables import recurrence
from roundtables.domain import dates, feeds, ics, planning, seats
from roundtables.enums import AttributionMode, SeatState, SessionPlace
from roundtables.models import CalendarFeed, SessionPage
from tests.factories import (
    MemberProfileFactory,
    SeriesPageFactory,
    SessionPageFactory,
    SessionSeatFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
LINK = "https://meet.example.org/secret-room"
DAY = timedelta(days=1)


def session_in(delta, **fields):
    start = (timezone.now() + delta).replace(microsecond=0)
    return SessionPageFactory(**{"starts_at": start, "ends_at": start + DAY / 24, "join_url": LINK, **fields})


def path_of(token):
    return f"/calendar/{token}.ics"


@pytest.fixture
def own(member):
    """The address of a member's seats, fetched by a program without a cookie."""
    return path_of(feeds.make(member, name="Telephone")[1])


@pytest.fixture
def everything(member):
    """The address that also has what is open to the member."""
    return path_of(feeds.make(member, name="Computer", has_open_sessions=True)[1])


def events(path, client=None):
    """The events at `path` as icalendar reads them, by title; vobject has to read the very same."""
    answer = (client or Client()).get(path)
    assert answer.status_code == 200
    calendar = Calendar.from_ical(answer.content)
    assert calendar.errors == [] and all(component.errors == [] for component in calendar.walk())
    found = {str(event["summary"]): event for event in calendar.events}
    second = vobject.readOne(answer.content.decode())
    read = {one.summary.value: one for one in getattr(second, "vevent_list", [])}
    assert set(read) == set(found)
    for title, event in found.items():
        other = read[title]
        assert other.uid.value == event["uid"]
        assert other.dtstart.value == event.start and other.dtend.value == event.end
        assert other.status.value == event["status"]
        assert other.description.value == event["description"]
    return found


def by_uid(path):
    """The events at `path` by their UID, for sessions that are called alike."""
    answer = Client().get(path)
    second = vobject.readOne(answer.content.decode())
    found = {str(event["uid"]): event for event in Calendar.from_ical(answer.content).events}
    read = {event.uid.value: (event.dtstart.value, event.dtend.value) for event in second.vevent_list}
    assert read == {uid: (event.start, event.end) for uid, event in found.items()}
    return found


# --- the file ---------------------------------------------------------------------------------------


def test_an_event_says_when_what_and_where_to_read_more(settings):
    session = session_in(DAY, title="When the sponsor leaves; or, later", gist="Who decides, then?\nAnd why.")
    [event] = events(f"/roundtables/{session.pk}.ics").values()
    assert event["summary"] == session.title
    assert event.start == session.starts_at and event.end == session.ends_at
    assert event["url"] == f"{settings.HUB_BASE_URL}{session.get_url()}" and session.gist in event["description"]
    assert event["uid"] == str(session.translation_key)
    assert (event["status"], event["sequence"], event["location"]) == ("CONFIRMED", 0, "Online")
    assert event["dtstamp"].dt == session.last_published_at.replace(microsecond=0)
    assert LINK not in str(event)


def test_long_and_foreign_words_are_folded_into_lines_of_75_bytes():
    session = session_in(DAY, title="Ünïcödé " * 20, gist="Zürich, Łódź; Ålesund\\ " * 20)
    raw = Client().get(f"/roundtables/{session.pk}.ics").content
    assert raw.endswith(b"END:VCALENDAR\r\n") and b"\n" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.split(b"\r\n"))) <= 75
    [event] = events(f"/roundtables/{session.pk}.ics").values()
    assert session.gist in event["description"]


ZONES = [
    "Europe/Lisbon",
    "America/New_York",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "Asia/Kolkata",
    "America/Sao_Paulo",
]
ZONES += ["Africa/Casablanca", "Asia/Kathmandu", "UTC"]
MOMENTS = [
    (3, 8, 12),
    (3, 29, 0),
    (3, 29, 2),
    (4, 5, 2),
    (4, 5, 12),
    (10, 4, 9),
    (10, 25, 23),
    (11, 1, 20),
    (12, 31, 23),
]


@pytest.mark.parametrize("zone", ZONES)
def test_the_wall_clock_stays_right_for_a_program_that_knows_only_the_rules_in_the_file(zone):
    starts = [datetime(2027, *moment, tzinfo=ZoneInfo(zone)).astimezone(UTC) for moment in MOMENTS]
    made = [session_in(DAY, starts_at=start, ends_at=start + DAY / 12, time_zone=zone) for start in starts]
    for session in made:
        raw = Client().get(f"/roundtables/{session.pk}.ics").content
        text = re.sub(rf"TZID([:=]){zone}", rf"TZID\1Unheard-of-{session.pk}/{zone}", raw.decode())
        [event] = Calendar.from_ical(text).events
        assert event.start.astimezone(UTC) == session.starts_at and event.end.astimezone(UTC) == session.ends_at
        assert vobject.readOne(text).vevent.dtstart.value.astimezone(UTC) == session.starts_at
        assert event.start.replace(tzinfo=None) == session.starts_at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


@pytest.mark.parametrize("fold", [0, 1])
@pytest.mark.parametrize(("zone", "hour"), [("Europe/London", (10, 31, 1)), ("Australia/Sydney", (4, 4, 2))])
def test_an_hour_that_comes_twice_is_the_one_that_is_meant(zone, hour, fold):
    start = datetime(2027, *hour, 30, tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)
    session = session_in(DAY, starts_at=start, ends_at=start + DAY / 12, time_zone=zone)
    [event] = events(f"/roundtables/{session.pk}.ics").values()
    assert event.start.astimezone(UTC) == start and event.end.astimezone(UTC) == start + DAY / 12


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Europe/London", date(2027, 3, 28)),
        ("America/New_York", date(2027, 11, 7)),
        ("Australia/Sydney", date(2027, 10, 3)),
        ("America/Santiago", date(2027, 4, 4)),
        ("Asia/Kolkata", date(2027, 3, 28)),
    ],
)
def test_a_series_keeps_its_wall_time_across_the_change_of_clocks_and_what_is_moved_or_skipped(member, zone, day):
    """Every session of it is an event of its own; after a change it is the same event, a later version."""
    path = path_of(feeds.make(member, name="Computer", has_open_sessions=True)[1])
    with time_machine.travel(datetime.combine(day - 21 * DAY, time(9), UTC)):
        series = SeriesPageFactory(
            title="Reporting up",
            rule=f"FREQ=WEEKLY;BYDAY={recurrence.DAYS[day.weekday()]}",
            starts_on=day - 21 * DAY,
            start_time=time(18, 30),
            minutes=75,
            time_zone=zone,
            weeks_ahead=6,
            publishes_sessions=True,
        )
        planning.plan_series(series)
        before = by_uid(path)
        walls = {event.start.replace(tzinfo=None) for event in before.values()}
        assert datetime.combine(day, time(18, 30)) in walls and len(walls) >= 5
        assert {wall.time() for wall in walls} == {time(18, 30)}
        assert {event.end - event.start for event in before.values()} == {timedelta(minutes=75)}
        moved, off, skipped = SessionPage.objects.child_of(series).order_by("starts_at")[1:4]
        for session in (moved, off):
            SessionSeatFactory(session=session, profile=member.profile)
        planning.skip(series, skipped.starts_at.astimezone(ZoneInfo(zone)).date())
    with time_machine.travel(datetime.combine(day - 20 * DAY, time(9), UTC)):
        dates.move(moved, moved.starts_at + DAY, by=None)
        dates.call_off(off, by=None)
        after = by_uid(path)
    key = str(moved.translation_key)
    assert after[key].start - before[key].start == DAY and after[key]["sequence"] > before[key]["sequence"]
    key = str(off.translation_key)
    assert after[key]["status"] == "CANCELLED" and after[key]["sequence"] > before[key]["sequence"]
    assert str(skipped.translation_key) not in after
    assert set(after) == set(before) - {str(skipped.translation_key)}


def test_a_change_keeps_the_uid_and_counts_up():
    session = session_in(DAY)
    [first] = events(f"/roundtables/{session.pk}.ics").values()
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        session.starts_at, session.ends_at = session.starts_at + DAY, session.ends_at + DAY
        session.save_revision().publish()
        [second] = events(f"/roundtables/{session.pk}.ics").values()
        dates.call_off(session, by=None)
        [third] = events(f"/roundtables/{session.pk}.ics").values()
    assert first["uid"] == second["uid"] == third["uid"]
    assert first["sequence"] < second["sequence"] <= third["sequence"]
    assert first["last-modified"].dt < second["last-modified"].dt
    assert second.start == first.start + DAY
    assert third["status"] == "CANCELLED" and third["summary"].startswith("Cancelled: ")


def test_who_may_not_read_the_page_gets_no_file(member, leader):
    hidden = session_in(DAY, audience=Audience.LEADERS)
    draft = session_in(DAY, live=False)
    dateless = session_in(DAY, starts_at=None, ends_at=None)
    as_member, as_leader = Client(), Client()
    as_member.force_login(member)
    as_leader.force_login(leader)
    for client in (Client(), as_member):
        assert client.get(f"/roundtables/{hidden.pk}.ics").status_code == 404
    for client in (Client(), as_member, as_leader):
        assert client.get(f"/roundtables/{draft.pk}.ics").status_code == 404
        assert client.get(f"/roundtables/{dateless.pk}.ics").status_code == 404
    [event] = events(f"/roundtables/{hidden.pk}.ics", as_leader).values()
    assert event["class"] == "PRIVATE"


@pytest.mark.parametrize("state", [None, *SeatState])
@pytest.mark.parametrize("hours", [-2, 3, 30])
def test_the_link_to_join_is_for_those_who_are_going_and_comes_a_day_before(member, own, everything, state, hours):
    session = session_in(timedelta(hours=hours))
    if state is not None:
        SessionSeatFactory(session=session, profile=member.profile, state=state)
    client = Client()
    client.force_login(member)
    has_link = state == SeatState.GOING and hours == 3
    found = [client.get(path).content.decode().replace("\r\n ", "") for path in (f"/roundtables/{session.pk}.ics", own)]
    found.append(Client().get(everything).content.decode().replace("\r\n ", ""))
    assert [LINK in text for text in found] == [has_link] * 3
    assert LINK not in Client().get(f"/roundtables/{session.pk}.ics").content.decode().replace("\r\n ", "")
    assert (session.title in found[1]) == (state not in (None, SeatState.CANCELLED))
    assert session.title in found[2]


@pytest.mark.parametrize("mode", AttributionMode)
def test_no_file_names_anybody_and_a_room_that_may_is_forgotten_afterwards(member, everything, mode):
    room = "Boardroom of Zimmertal Ltd"
    for delta in (DAY, -DAY):
        session = session_in(
            delta, attribution_mode=mode, place=SessionPlace.IN_PERSON, location=room, organiser="Organised by Otto"
        )
        for name, state in (("Greta Going", "going"), ("Wim Waiting", "waitlisted")):
            SessionSeatFactory(session=session, profile__name=f"{name} {session.pk}", is_shown=True, state=state)
    text = Client().get(everything).content.decode().replace("\r\n ", "")
    assert text.count("BEGIN:VEVENT") == 2
    assert not re.search("Greta|Wim|Otto", text)
    assert text.count(room) == (2 if mode == AttributionMode.OPEN else 1)


# --- a member's own address -------------------------------------------------------------------------


def test_an_address_has_the_owners_seats_and_no_others(member, own):
    going, waiting, given_back, offered, _ = (session_in(n * DAY, title=f"Table {n}") for n in range(2, 7))
    gone = session_in(DAY, title="Taken off", live=False)
    SessionSeatFactory(session=waiting, is_shown=True)  # somebody else's
    for session, state in (
        (going, "going"),
        (waiting, "waitlisted"),
        (offered, "offered"),
        (given_back, "cancelled"),
        (gone, "going"),
    ):
        SessionSeatFactory(session=session, profile=member.profile, state=state)
    found = events(own)
    assert set(found) == {going.title, waiting.title, offered.title}
    assert (found[going.title]["status"], found[going.title]["transp"]) == ("CONFIRMED", "OPAQUE")
    for one in (waiting, offered):
        assert (found[one.title]["status"], found[one.title]["transp"]) == ("TENTATIVE", "TRANSPARENT")
    seats.give_back(going, member.profile)
    assert set(events(own)) == {waiting.title, offered.title}


def test_a_cancelled_session_stays_for_those_who_had_a_seat_and_says_so(member, own, everything):
    session = session_in(2 * DAY, title="Fair rules", cancelled=True)
    assert events(everything) == {}
    SessionSeatFactory(session=session, profile=member.profile)
    for path in (own, everything):
        [event] = events(path).values()
        assert (event["status"], event["transp"]) == ("CANCELLED", "TRANSPARENT")


def test_an_address_follows_what_its_owner_may_see_at_once():
    profile = MemberProfileFactory(user=UserFactory(email="lena@example.org", role=Role.LEADER))
    user = profile.user
    path = path_of(feeds.make(user, name="Telephone", has_open_sessions=True)[1])
    session_in(DAY, title="For all")
    seated = session_in(DAY, title="For leaders", audience=Audience.LEADERS)
    SessionSeatFactory(session=seated, profile=profile)
    session_in(DAY, title="For staff", audience=Audience.STAFF)
    assert set(events(path)) == {"For all", "For leaders"}
    user.groups.set(MemberProfileFactory().user.groups.all())  # a member like others from now on
    assert set(events(path)) == {"For all"}
    user.groups.clear()
    assert Client().get(path).status_code == 404
    user.groups.set(MemberProfileFactory().user.groups.all())
    assert Client().get(path).status_code == 200
    user.is_active = False
    user.save()
    assert Client().get(path).status_code == 404


def test_no_cookie_is_read_or_set_and_nothing_is_kept_by_others(own):
    client = Client()
    answer = client.get(own)
    assert answer.status_code == 200 and not answer.cookies and "Cookie" not in answer.get("Vary", "")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "private, no-cache"
    assert "noindex" in answer["X-Robots-Tag"] and answer["Referrer-Policy"] == "no-referrer"
    assert client.head(own).status_code == 200
    assert client.post(own).status_code == 405


def test_a_program_that_has_the_newest_file_is_told_so_and_anything_else_is_sent(member, own):
    session = session_in(2 * DAY)
    SessionSeatFactory(session=session, profile=member.profile)
    first = Client().get(own)
    again = Client().get(own, headers={"If-None-Match": f'"other", W/{first["ETag"]}'})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    changes = [
        lambda: SessionPage.objects.filter(pk=session.pk).update(title="Another title"),
        lambda: SessionPage.objects.filter(pk=session.pk).update(cancelled=True),
        lambda: session.seats.update(state=SeatState.WAITLISTED),
        lambda: session.seats.update(state=SeatState.CANCELLED),
    ]
    etag = first["ETag"]
    for change in changes:
        change()
        answer = Client().get(own, headers={"If-None-Match": etag})
        assert answer.status_code == 200 and answer["ETag"] != etag
        etag = answer["ETag"]


def test_the_link_that_has_become_due_is_a_change(member, own):
    session = session_in(3 * DAY)
    SessionSeatFactory(session=session, profile=member.profile)
    etag = Client().get(own)["ETag"]
    with time_machine.travel(timezone.now() + 2.5 * DAY):
        answer = Client().get(own, headers={"If-None-Match": etag})
        assert answer.status_code == 200 and LINK in answer.content.decode().replace("\r\n ", "")


def test_only_a_fingerprint_is_kept_and_a_guess_opens_nothing(member):
    feed, token = feeds.make(member, name="Telephone")
    assert len(token) >= 43
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM roundtables_calendarfeed")
        assert token not in str(cursor.fetchall())
    for guess in (feed.token_digest, token[:-1], token.swapcase(), "x", token + "x"):
        assert Client().get(path_of(guess)).status_code == 404


def test_addresses_are_limited_and_guesses_too(own, monkeypatch):
    cache.clear()
    from roundtables.views import calendars

    monkeypatch.setattr(calendars, "MOST_FETCHES", 2)
    monkeypatch.setattr(calendars, "MOST_GUESSES", 2)
    assert [Client().get(own).status_code for _ in range(3)] == [200, 200, 429]
    answers = [Client().get(path_of("guess")) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [404, 404, 429]
    assert answers[-1]["Retry-After"] == "3600"


def test_a_file_costs_the_same_for_few_sessions_and_for_many(member, own, everything):
    costs = []
    for _ in range(2):
        for number in range(8):
            SessionSeatFactory(session=session_in((number + 1) * DAY), profile=member.profile)
        Client().get(own), Client().get(everything)
        for path in (own, everything):
            with CaptureQueriesContext(connection) as caught:
                Client().get(path)
            costs.append(len(caught))
    assert costs == [4, 4, 4, 4]  # the address, its owner's groups, their seats, the sessions


def test_where_there_are_too_many_what_is_over_goes_first(member, own, monkeypatch):
    monkeypatch.setattr(feeds, "MOST_ENTRIES", 3)
    for days in (-3, -2, -1, 1, 2):
        SessionSeatFactory(session=session_in(days * DAY, title=f"In {days} days"), profile=member.profile)
    found = list(events(own))
    assert found[-2:] == ["In 1 days", "In 2 days"] and len(found) == 3


# --- making, renewing, taking away ------------------------------------------------------------------


def address_in(answer):
    return re.search(r'id="address" value="[^"]*?(/calendar/[\w-]+\.ics)"', answer.content.decode())[1]


def test_a_member_makes_renews_and_takes_away_addresses(member):
    client = Client(enforce_csrf_checks=False)
    client.force_login(member)
    page = "/my-hub/calendar/"
    telephone = address_in(client.post(page, {"name": "Telephone"}))
    computer = address_in(client.post(page, {"name": "Computer", "has_open_sessions": "on"}))
    html = client.get(page).content.decode()
    assert "Telephone" in html and telephone not in html and computer not in html  # shown once
    assert "Not used yet" in html
    assert Client().get(telephone).status_code == Client().get(computer).status_code == 200
    assert "Last used" in client.get(page).content.decode()
    again = client.post(page, {"name": "Telephone"})
    assert again.status_code == 400 and "Renew that one" in again.content.decode()
    feed = CalendarFeed.objects.get(name="Telephone")
    renewed = address_in(client.post(f"{page}{feed.pk}/renew/"))
    assert Client().get(telephone).status_code == 404
    assert Client().get(renewed).status_code == Client().get(computer).status_code == 200
    client.post(f"{page}{feed.pk}/revoke/")
    assert Client().get(renewed).status_code == 404 and Client().get(computer).status_code == 200


def test_nobody_touches_the_addresses_of_others(member, leader, own):
    feed = CalendarFeed.objects.get()
    client = Client()
    client.force_login(leader)
    assert "Telephone" not in client.get("/my-hub/calendar/").content.decode()
    for act in ("renew", "revoke"):
        assert client.post(f"/my-hub/calendar/{feed.pk}/{act}/").status_code == 404
        assert client.get(f"/my-hub/calendar/{feed.pk}/{act}/").status_code in (404, 405)
        assert Client().post(f"/my-hub/calendar/{feed.pk}/{act}/")["Location"].startswith("/accounts/login/")
    assert Client().get(own).status_code == 200


def test_addresses_are_for_members_and_ten_are_enough(member):
    stranger = UserFactory()
    client = Client()
    client.force_login(stranger)
    assert client.get("/my-hub/calendar/").status_code == 403
    assert client.post("/my-hub/calendar/", {"name": "Mine"}).status_code == 403
    with pytest.raises(feeds.FeedRefused):
        feeds.make(stranger, name="Mine")
    for number in range(feeds.MOST_FEEDS):
        feeds.make(member, name=f"Device {number}")
    client.force_login(member)
    answer = client.post("/my-hub/calendar/", {"name": "One more"})
    assert (
        answer.status_code == 400
        and "the most" in answer.content.decode()
        and 'value="One more"' in answer.content.decode()
    )


# --- programs that people have ----------------------------------------------------------------------


@pytest.mark.skipif(
    not shutil.which("calcurse") and not os.environ.get("CI"),
    reason="calcurse is not installed: apt-get install calcurse",
)
def test_calcurse_imports_a_file_without_a_complaint(tmp_path):
    start = datetime(2027, 7, 1, 21, 30, tzinfo=ZoneInfo("America/New_York"))
    session = session_in(DAY, title="Across midnight", starts_at=start, ends_at=start + timedelta(hours=4))
    SessionPage.objects.filter(pk=session.pk).update(time_zone="America/New_York")
    file = tmp_path / "session.ics"
    file.write_bytes(Client().get(f"/roundtables/{session.pk}.ics").content)
    run = ["calcurse", "-D", str(tmp_path / "data"), "-C", str(tmp_path / "conf")]
    env = {"TZ": "Europe/London", "HOME": str(tmp_path), "TERM": "dumb", "PATH": "/usr/bin:/bin"}
    said = subprocess.run([*run, "-i", str(file)], capture_output=True, text=True, env=env, timeout=30)
    assert said.returncode == 0 and "1 app" in said.stdout and "0 skipped" in said.stdout, said
    listed = subprocess.run([*run, "-d", "07/02/2027"], capture_output=True, text=True, env=env, timeout=30)
    assert "02:30 -> 06:30" in listed.stdout and "Across midnight" in listed.stdout


def test_the_fingerprint_changes_when_and_only_when_the_file_does(member):
    one = feeds.entry_of(session_in(DAY), member)
    assert ics.fingerprint([one], "a") == ics.fingerprint([one], "a")
    assert len({ics.fingerprint(entries, name) for entries in ([], [one], [one, one]) for name in "ab"}) == 6
