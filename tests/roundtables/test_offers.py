"""A seat that comes free is offered: held for a while, answered in one click, and passed on without an answer."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from hub.notifications.models import Notification
from roundtables.domain import queue, seats
from roundtables.enums import AttributionMode, SeatState
from roundtables.models import SessionSeat
from tests.factories import MemberProfileFactory, SessionPageFactory, SessionSeatFactory
from tests.roundtables.test_session_page import as_, press, read, session_in

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


@pytest.fixture
def offered(member, django_capture_on_commit_callbacks):
    """A table of one seat whose holder left: `member` is offered it, another person waits behind them."""
    session = session_in(WEEK, capacity=1, title="When the sponsor leaves")
    holder = SessionSeatFactory(session=session).profile
    seats.take_seat(session, member.profile)
    seats.take_seat(session, MemberProfileFactory(name="Nell Next"))
    with django_capture_on_commit_callbacks(execute=True):
        seats.give_back(session, holder)
    return session


def state_of(session, profile):
    return SessionSeat.objects.get(session=session, profile=profile).state


def run_out(session):
    session.seats.filter(state=SeatState.OFFERED).update(offered_until=timezone.now() - timedelta(seconds=1))


def addresses(message):
    """Where the mail's yes and no lead."""
    return re.findall(r"https?://[^/]+(/seats/answer/\S+)", message.body)


def told(kind):
    return [news.user for news in Notification.objects.filter(kind=f"roundtables.{kind}").order_by("pk")]


def test_who_moves_up_is_asked_first_and_the_seat_is_held(offered, member):
    assert state_of(offered, member.profile) == SeatState.OFFERED
    html = read(offered, member)
    assert "A seat is held for you until" in html and "You have a seat" not in html and "is coming" not in html
    stranger = MemberProfileFactory().user
    html = read(offered, stranger)
    assert "Every seat is taken or held for somebody; 1 waits for one" in html and "Join the waiting list" in html
    assert seats.take_seat(offered, stranger.profile).state == SeatState.WAITLISTED
    assert told("offered") == [member]


def test_an_offered_person_is_not_listed_not_counted_and_has_no_link(member):
    session = session_in(timedelta(minutes=30), capacity=3)
    SessionSeatFactory(session=session)
    until = timezone.now() + timedelta(minutes=5)
    SessionSeatFactory(
        session=session, profile=member.profile, state=SeatState.OFFERED, offered_until=until, is_shown=True
    )
    member.profile.name = "Odd Offered"
    member.profile.save()
    other = SessionSeatFactory(session=session).profile.user
    for reader in (other, member):
        html = read(session, reader)
        assert "Odd Offered" not in html[html.index("<main") :]
        assert "Every seat is taken or held" in html
        assert "2 people" in as_(reader).get("/roundtables/").content.decode()
    assert "secret-room" not in read(session, member) and "secret-room" in read(session, other)
    call_command("send_session_reminders")
    assert member not in told("reminder") and other in told("reminder")
    assert "You have a seat" not in as_(member).get("/roundtables/").content.decode()


def test_the_window_is_a_day_shrinks_and_is_gone_close_to_the_start(settings):
    def hours(**fields):
        session = SessionPageFactory(capacity=0, **fields)
        seats.take_seat(session, MemberProfileFactory())
        session.capacity = 1
        session.save()
        [seat] = queue.fill_from_queue(session)
        left = seat.offered_until - timezone.now() if seat.offered_until else timedelta(0)
        return round(left / timedelta(hours=1), 1)

    now = timezone.now()
    found = [hours(starts_at=now + timedelta(hours=h), ends_at=now + timedelta(hours=h + 1)) for h in (400, 40, 13, 11)]
    assert found == [24, 10, 3.2, 0]
    settings.HUB_SEAT_OFFER_HOURS = 0
    assert hours(starts_at=now + WEEK, ends_at=now + WEEK + timedelta(hours=1)) == 0


@pytest.mark.parametrize("where", ["mail", "page"])
def test_yes_and_no_take_one_click(offered, member, where):
    [message] = mail.outbox
    yes, no = addresses(message)
    if where == "mail":
        html = as_(member).get(yes, follow=True).content.decode()
    else:
        html = press(as_(member), offered, "Yes, I take the seat")
    assert "You have a seat" in html and state_of(offered, member.profile) == SeatState.GOING
    # The same mail again, also its no: an answer that was given is not changed by it.
    assert "You answered before" in as_(member).get(no, follow=True).content.decode()
    assert state_of(offered, member.profile) == SeatState.GOING


@pytest.mark.parametrize("where", ["mail", "page"])
def test_a_no_passes_the_seat_on_at_once(offered, member, where):
    [message] = mail.outbox
    if where == "mail":
        html = as_(member).get(addresses(message)[1], follow=True).content.decode()
    else:
        html = press(as_(member), offered, "No, let somebody else have it")
    assert "The seat goes to whoever comes next" in html
    assert state_of(offered, member.profile) == SeatState.CANCELLED
    assert offered.seats.get(profile__name="Nell Next").state == SeatState.OFFERED
    assert len(told("offered")) == 2


def test_the_address_in_a_mail_is_for_one_person_logged_in_and_not_for_robots(offered, member):
    yes = addresses(mail.outbox[0])[0]
    somebody = MemberProfileFactory().user
    answer = Client().get(yes)
    assert answer.status_code == 302 and answer["Location"].startswith("/accounts/login/?next=/seats/answer/")
    assert as_(somebody).get(yes).status_code == 404
    assert as_(member).get(yes[:-2] + "x/").status_code == 404
    assert as_(member).head(yes).status_code == 404
    assert as_(member).get(yes, headers={"Sec-Purpose": "prefetch;prerender"}).status_code == 503
    assert state_of(offered, member.profile) == SeatState.OFFERED


def test_without_an_answer_it_goes_to_the_next_and_both_are_told_once(offered, member):
    run_out(offered)
    html = read(offered, member)
    assert "Yes, I take the seat" not in html and "Join the waiting list" in html
    for _ in range(2):
        call_command("move_waiting_lists")
    assert state_of(offered, member.profile) == SeatState.CANCELLED
    next_one = offered.seats.get(profile__name="Nell Next")
    assert next_one.state == SeatState.OFFERED and next_one.offered_until > timezone.now()
    assert told("offer_lapsed") == [member]
    assert told("offered") == [member, next_one.profile.user]


def test_it_runs_out_at_the_next_move_of_anybody_without_a_timer(offered, member):
    run_out(offered)
    seats.take_seat(offered, MemberProfileFactory())
    assert state_of(offered, member.profile) == SeatState.CANCELLED
    assert offered.seats.get(profile__name="Nell Next").state == SeatState.OFFERED
    with pytest.raises(seats.SeatRefused, match="No seat is held for you here any more"):
        seats.accept(offered, member.profile)


def test_a_mail_that_is_written_after_the_answer_is_not_sent(member, django_capture_on_commit_callbacks):
    session = session_in(WEEK, capacity=0)
    seats.take_seat(session, member.profile)
    session.capacity = 1
    session.save()
    with django_capture_on_commit_callbacks(execute=True):
        queue.fill_from_queue(session)
        seats.accept(session, member.profile)
    assert not mail.outbox
    assert Notification.objects.get().delivery.state == "empty"


def test_who_is_offered_a_seat_was_not_there(member):
    """An offer nobody answered opens no door of a Chatham House session."""
    session = session_in(timedelta(days=-1), attribution_mode=AttributionMode.PRIVATE)
    SessionSeatFactory(
        session=session, profile=member.profile, state=SeatState.OFFERED, offered_until=session.starts_at
    )
    from roundtables.rules import may_know_speakers

    assert not may_know_speakers(session, member)


def test_overdue_names_only_queues_that_the_clock_may_move():
    quiet, waiting = SessionPageFactory(capacity=1), SessionPageFactory(capacity=1)
    SessionSeatFactory(session=quiet)
    SessionSeatFactory(session=waiting, state=SeatState.WAITLISTED)
    assert queue.overdue() == [waiting]
