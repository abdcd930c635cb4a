"""While a session runs: the code at the door, and the host's sheet."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from hub.members.enums import ShownTo
from roundtables.domain import checkin, questions
from roundtables.domain.checkin import CODE_LASTS, MOST_TRIES, CheckInRefused
from roundtables.enums import AttributionMode, SeatRole, SeatState
from tests.factories import MemberProfileFactory, SessionPageFactory, SessionSeatFactory

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def running(begins=timedelta(minutes=-10), **fields):
    start = timezone.now() + begins
    return SessionPageFactory(title="Reporting up", starts_at=start, ends_at=start + HOUR, **fields)


@pytest.fixture(autouse=True)
def no_tries_yet():
    cache.clear()


def as_(user):
    client = Client()
    if user is not None:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


# --- the code ---------------------------------------------------------------------------------------


def test_who_is_going_types_the_code_and_is_noted():
    session = running()
    seat = SessionSeatFactory(session=session)
    client = as_(seat.profile.user)
    assert f'action="/sessions/{session.pk}/check-in/"' in client.get(session.url).content.decode()
    code = checkin.code_of(session)
    html = client.post(f"/sessions/{session.pk}/check-in/", {"code": f" {code[:3]} {code[3:]}"}, follow=True)
    assert "It is noted that you are here" in html.content.decode()
    seat.refresh_from_db()
    assert seat.attended is True


def test_a_code_is_of_one_session_and_of_a_short_while():
    session, other, now = running(), running(), timezone.now()
    assert checkin.code_of(session, now) == checkin.code_of(session, now)
    codes = {checkin.code_of(one, now + number * CODE_LASTS) for one in (session, other) for number in range(20)}
    assert len(codes) > 38 and all(len(code) == 6 and code.isdigit() for code in codes)
    seat = SessionSeatFactory(session=session)
    for code in (checkin.code_of(other), checkin.code_of(session, now - 2 * CODE_LASTS), "", "٣٣٣٣٣٣", "x" * 40):
        with pytest.raises(CheckInRefused, match="not the code"):
            checkin.check_in(session, seat.profile, code)
    checkin.check_in(session, seat.profile, checkin.code_of(session, now - CODE_LASTS))  # the one just before
    seat.refresh_from_db()
    assert seat.attended is True


def test_after_a_few_tries_the_right_code_does_not_help_either():
    session = running()
    seat, other = SessionSeatFactory(session=session), SessionSeatFactory(session=session)
    for _ in range(MOST_TRIES):
        with pytest.raises(CheckInRefused, match="not the code"):
            checkin.check_in(session, seat.profile, "000000x")
    with pytest.raises(CheckInRefused, match="too many tries"):
        checkin.check_in(session, seat.profile, checkin.code_of(session))
    checkin.check_in(session, other.profile, checkin.code_of(session))  # nobody else pays for it
    seat.refresh_from_db()
    assert seat.attended is None


@pytest.mark.parametrize("state", [None, SeatState.WAITLISTED, SeatState.CANCELLED])
def test_the_code_is_no_seat(state, member):
    session = running()
    if state:
        SessionSeatFactory(session=session, profile=member.profile, state=state)
    client = as_(member)
    assert "/check-in/" not in client.get(session.url).content.decode()
    html = client.post(f"/sessions/{session.pk}/check-in/", {"code": checkin.code_of(session)}, follow=True)
    assert "You have no seat" in html.content.decode()
    assert not session.seats.filter(attended=True).exists()


@pytest.mark.parametrize(
    "begins, opens",
    [(timedelta(hours=2), False), (timedelta(minutes=50), True), (timedelta(minutes=-80), True),
     (timedelta(minutes=-100), False)],
)  # fmt: skip
def test_the_code_counts_from_an_hour_before_until_just_after(begins, opens):
    session = running(begins)
    seat = SessionSeatFactory(session=session, role=SeatRole.HOST)
    code = checkin.code_of(session)
    sheet = as_(seat.profile.user).get(f"/sessions/{session.pk}/run/").content.decode()
    assert ("Code to check in" in sheet) is opens
    if opens:
        checkin.check_in(session, seat.profile, code)
    else:
        with pytest.raises(CheckInRefused, match="from an hour before"):
            checkin.check_in(session, seat.profile, code)
    session.cancelled = True
    session.save()
    with pytest.raises(CheckInRefused):
        checkin.check_in(session, seat.profile, code)


# --- the run sheet ----------------------------------------------------------------------------------


def test_the_host_runs_the_session_from_one_sheet(member):
    session = running(agenda=[("item", {"minutes": 15, "title": "One sentence each", "led_by": "", "text": ""})])
    host = SessionSeatFactory(session=session, role=SeatRole.HOST).profile.user
    quiet = SessionSeatFactory(session=session, profile=MemberProfileFactory(name="Quinn Quiet"))
    SessionSeatFactory(session=session, profile=MemberProfileFactory(name="Hera Hidden", name_shown_to=ShownTo.ONLY_ME))
    SessionSeatFactory(session=session, profile=MemberProfileFactory(name="Walt Waiting"), state=SeatState.WAITLISTED)
    less, more = (questions.ask(session, quiet.profile, text=text) for text in ("Less?", "More?"))
    questions.vote(more, member.profile, wants=True)
    client = as_(host)
    assert f"/sessions/{session.pk}/run/" in client.get(session.url).content.decode()
    html = client.get(f"/sessions/{session.pk}/run/").content.decode()
    code = checkin.code_of(session)
    assert code[:3] in html and code[3:] in html
    places = [html.index(word) for word in ("One sentence each", "More?", "Less?", "Who is here")]
    assert places == sorted(places)
    assert (
        "keep it to yourself" in html and "Hera" not in html and "Walt" not in html and "1 on the waiting list" in html
    )
    assert "3 functions and 3 industries" in html
    client.post(f"/questions/{less.pk}/sort-out/", {"state": "hidden", "from": "run-sheet"})
    html = client.get(f"/sessions/{session.pk}/run/").content.decode()
    assert "Open again" in html, "the host still sees what was hidden"
    seats = [seat.pk for seat in session.seats.going()]
    client.post(f"/sessions/{session.pk}/run/", {"seat": seats, "came": [quiet.pk]})
    assert [seat.attended for seat in session.seats.going().order_by("pk")] == [False, True, False]


def test_nobody_else_finds_the_sheet(member, leader):
    session = running()
    seated = SessionSeatFactory(session=session).profile.user
    waiting = SessionSeatFactory(session=session, role=SeatRole.HOST, state=SeatState.CANCELLED).profile.user
    for user in (member, leader, seated, waiting):
        assert as_(user).get(f"/sessions/{session.pk}/run/").status_code == 404
        assert as_(user).post(f"/sessions/{session.pk}/run/", {"seat": "1", "came": "1"}).status_code == 404
        assert f"/sessions/{session.pk}/run/" not in as_(user).get(session.url).content.decode()
    assert as_(None).get(f"/sessions/{session.pk}/run/").status_code == 302


@pytest.mark.parametrize("mode", [AttributionMode.CHATHAM_HOUSE, AttributionMode.PRIVATE])
def test_once_it_is_over_the_sheet_names_people_to_those_only_who_were_there(staff, mode):
    session = running(timedelta(days=-1), attribution_mode=mode)
    SessionSeatFactory(session=session, profile=MemberProfileFactory(name="Gus Going"), attended=True)
    host = SessionSeatFactory(session=session, role=SeatRole.HOST, attended=True).profile.user
    path = f"/sessions/{session.pk}/run/"
    html = as_(staff).get(path).content.decode()
    assert "Gus" not in html and "2 people" in html and "function" not in html.split("Who is here")[1]
    assert as_(staff).post(path, {"seat": "1"}).status_code == 404
    assert "Gus Going" in as_(host).get(path).content.decode()
