"""Seats at a session: never more than there are, in the order people asked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from hub.pages.enums import Audience
from roundtables.domain import queue, seats
from roundtables.enums import SeatState
from roundtables.models import SessionSeat
from tests.factories import MemberProfileFactory, SessionPageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_time_to_ask(settings):
    """Who moves up has the seat at once; offers are in test_offers.py."""
    settings.HUB_SEAT_OFFER_HOURS = 0


def going(session):
    return list(
        session.seats.filter(state=SeatState.GOING).order_by("taken_at", "pk").values_list("profile_id", flat=True)
    )


def waiting(session):
    return list(
        session.seats.filter(state=SeatState.WAITLISTED).order_by("taken_at", "pk").values_list("profile_id", flat=True)
    )


def test_a_full_table_has_a_queue_and_the_longest_wait_moves_up():
    session = SessionPageFactory(capacity=2)
    people = MemberProfileFactory.create_batch(4)
    for person in people:
        seats.take_seat(session, person)
    assert going(session) == [people[0].pk, people[1].pk]
    assert waiting(session) == [people[2].pk, people[3].pk]
    moved = seats.give_back(session, people[0])
    assert [seat.profile_id for seat in moved] == [people[2].pk]
    assert set(going(session)) == {people[1].pk, people[2].pk}
    seats.take_seat(session, people[0])
    assert waiting(session) == [people[3].pk, people[0].pk]


def test_nobody_is_shown_unless_they_say_so_and_asking_twice_is_one_seat(member):
    session = SessionPageFactory()
    seats.take_seat(session, member.profile)
    seats.take_seat(session, member.profile)
    assert session.seats.count() == 1
    assert not session.seats.shown().exists()
    seats.take_seat(session, member.profile, show=True)
    assert session.seats.shown().count() == 1


def test_more_seats_let_the_queue_in():
    session = SessionPageFactory(capacity=1)
    people = MemberProfileFactory.create_batch(3)
    for person in people:
        seats.take_seat(session, person)
    session.capacity = 2
    session.save()
    assert [seat.profile_id for seat in queue.fill_from_queue(session)] == [people[1].pk]


@pytest.mark.parametrize(
    ("fields", "because"),
    [
        ({"cancelled": True}, "cancelled"),
        ({"starts_at": timezone.now() - timedelta(days=2)}, "over"),
        ({"audience": Audience.LEADERS}, "not open to you"),
        ({"live": False}, "not open to you"),
    ],
)
def test_some_sessions_have_no_seat_to_take(fields, because, member):
    session = SessionPageFactory(**fields)
    with pytest.raises(seats.SeatRefused, match=because):
        seats.take_seat(session, member.profile)
    assert not SessionSeat.objects.exists()


def test_the_buttons_are_for_members_and_posts_only(client, member):
    session = SessionPageFactory(audience=Audience.MEMBERS, slug="for-members")
    take = f"/seats/{session.pk}/take/"
    assert client.post(take).status_code == 302
    assert not session.seats.exists()
    client.force_login(member, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(take).status_code == 405
    response = client.post(take, follow=True)
    assert "You have a seat" in response.content.decode()
    assert session.seats.going().count() == 1
    client.post(f"/seats/{session.pk}/give-back/")
    assert session.seats.going().count() == 0
    hidden = SessionPageFactory(audience=Audience.STAFF)
    assert client.post(f"/seats/{hidden.pk}/take/").status_code == 404
