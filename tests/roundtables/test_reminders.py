"""Reminders reach those who are going, once; hosts hear how full their table is, once for each mark."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from hub.notifications.enums import Timing
from hub.notifications.models import Notification
from hub.pages.enums import PageSeatRole
from hub.pages.models import PageSeat
from roundtables import kinds
from roundtables.domain import seats
from roundtables.enums import SeatRole, SeatState
from roundtables.models import SessionPage, SessionSeat
from tests.factories import MemberProfileFactory, SessionPageFactory, SessionSeatFactory

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def session_in(delta, **fields):
    start = timezone.now() + delta
    return SessionPageFactory(starts_at=start, ends_at=start + HOUR, join_url="https://meet.example.org/room", **fields)


def remind():
    call_command("send_session_reminders")
    return [news.user for news in Notification.objects.filter(kind=kinds.REMINDER.key).order_by("pk")]


@pytest.mark.parametrize("hours", [23.5, 2, 0.9])
def test_those_who_are_going_and_nobody_else_are_reminded_once(hours, django_capture_on_commit_callbacks):
    session = session_in(hours * HOUR, title="When the sponsor leaves", time_zone="Europe/London")
    lisbon = MemberProfileFactory(time_zone="Asia/Tokyo")
    SessionSeatFactory(session=session, profile=lisbon)
    for state in set(SeatState) - {SeatState.GOING}:
        SessionSeatFactory(session=session, state=state, is_shown=True)
    lapsed = SessionSeatFactory(session=session).profile.user
    lapsed.groups.clear()
    with django_capture_on_commit_callbacks(execute=True):
        assert remind() == remind() == [lisbon.user]
    [message] = mail.outbox
    assert message.to == [lisbon.user.email]
    assert f"begins in less than {'an hour' if hours < 1 else 'a day'}" in message.subject
    assert "Your time, Tokyo" in message.body and session.url in message.body
    assert "meet.example.org" not in message.body, "the link is on the page, not in a mail that is passed on"
    assert ("The link to join is on its page" in message.body) is (hours < 1)


@pytest.mark.parametrize(
    ("hours", "fields"),
    [(25, {}), (-0.1, {}), (5, {"cancelled": True}), (0.5, {"cancelled": True}), (5, {"live": False})],
)
def test_too_early_too_late_cancelled_or_a_draft(hours, fields):
    SessionSeatFactory(session=session_in(hours * HOUR, **fields))
    assert remind() == []


def test_a_day_and_an_hour_are_two_and_a_moved_session_is_told_anew():
    session = session_in(20 * HOUR)
    user = SessionSeatFactory(session=session).profile.user

    def move(delta):
        start = timezone.now() + delta
        SessionPage.objects.filter(pk=session.pk).update(starts_at=start, ends_at=start + HOUR)

    assert remind() == [user]
    move(22 * HOUR)
    assert remind() == [user] * 2
    move(0.5 * HOUR)
    assert remind() == [user] * 3


def test_who_takes_a_seat_today_knows_when_it_is(member):
    session = session_in(5 * HOUR)
    seats.take_seat(session, member.profile)
    assert remind() == []
    start = timezone.now() + HOUR / 2
    SessionPage.objects.filter(pk=session.pk).update(starts_at=start)
    assert remind() == [member]


def test_hosts_hear_of_half_four_fifths_and_full_once_each(leader, member):
    session = SessionPageFactory(capacity=10, title="Reporting up")
    PageSeat.objects.create(page_id=session.pk, user=leader, role=PageSeatRole.CO_AUTHOR)
    SessionSeatFactory(session=session, profile=member.profile, role=SeatRole.HOST)
    people = MemberProfileFactory.create_batch(10)
    told = []
    for person in people[:9]:
        seats.take_seat(session, person)
        told.append(Notification.objects.filter(kind=kinds.TABLE_FILLS.key, user=leader).count())
    assert told == [0, 0, 0, 1, 1, 1, 2, 2, 3]
    seats.take_seat(session, people[9])
    seats.give_back(session, people[0])
    [offered] = SessionSeat.objects.filter(session=session, state=SeatState.OFFERED)
    seats.accept(session, offered.profile)
    texts = [news.text for news in Notification.objects.filter(kind=kinds.TABLE_FILLS.key, user=leader).order_by("pk")]
    assert texts == [
        "50 % of the seats at “Reporting up” are taken",
        "80 % of the seats at “Reporting up” are taken",
        "Every seat at “Reporting up” is taken",
    ]
    assert Notification.objects.filter(kind=kinds.TABLE_FILLS.key, user=member).count() == 3
    assert kinds.TABLE_FILLS.timing == Timing.DAILY


def test_several_marks_at_once_are_one_piece_of_news_and_an_offer_fills_nothing(member):
    session = SessionPageFactory(capacity=2)
    SessionSeatFactory(session=session, profile=member.profile, role=SeatRole.HOST)
    SessionSeatFactory(session=session, state=SeatState.OFFERED)
    seats.give_back(session, MemberProfileFactory())
    assert [news.text[:4] for news in Notification.objects.filter(kind=kinds.TABLE_FILLS.key)] == ["50 %"]
    session.seats.filter(state=SeatState.OFFERED).delete()
    seats.take_seat(session, MemberProfileFactory())
    assert [news.text[:5] for news in Notification.objects.filter(kind=kinds.TABLE_FILLS.key).order_by("pk")][1:] == [
        "Every"
    ]
