"""Property: whatever people, hosts and the clock do, a table keeps its rules.

A machine takes random steps at one table, its own list of who waits beside the hub's: people ask,
answer and leave, offers run out, seats are added and taken away, some of them are kept for other
functions, and the day comes on which they are not any more.
"""

from __future__ import annotations

import os
from collections import Counter
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.members.enums import ShownTo
from hub.notifications.models import Notification
from roundtables.domain import queue, seats
from roundtables.domain.quota import room_at
from roundtables.enums import MixBy, SeatState
from roundtables.models import FillNotice, SessionPage, SessionSeat
from tests.factories import FunctionFactory, MemberProfileFactory, SessionPageFactory

pytestmark = pytest.mark.django_db
MOVES = ["take", "take", "take", "leave", "accept", "run out", "grow", "shrink", "timer"]


def states(session):
    found = {state: [] for state in SeatState}
    for seat in session.seats.order_by("taken_at", "pk").select_related("profile"):
        found[seat.state].append(seat.profile_id)
    return found


EXAMPLES = int(os.environ.get("HUB_SEAT_EXAMPLES", "15"))


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    capacity=st.integers(0, 5),
    kept=st.integers(0, 3),
    enough=st.integers(1, 2),
    asks=st.booleans(),
    steps=st.lists(st.tuples(st.sampled_from(MOVES), st.integers(0, 7)), max_size=30),
)
def test_any_order_of_steps(db, capacity, kept, enough, asks, steps):
    start = timezone.now() + (timedelta(days=7) if asks else timedelta(hours=10))
    session = SessionPageFactory(
        starts_at=start, ends_at=start + timedelta(hours=1), most_alike=enough, mix_by=MixBy.FUNCTION
    )
    tomorrow = timezone.localdate() + timedelta(days=1)

    def change(**fields):  # as it stands in the database: hosts may leave more kept seats than there are
        SessionPage.objects.filter(pk=session.pk).update(**fields)
        session.refresh_from_db()

    change(capacity=capacity, kept_seats=kept, kept_until=tomorrow)
    functions = FunctionFactory.create_batch(3)
    people = [MemberProfileFactory(function=functions[(0, 0, 0, 0, 1, 1, 2, 0)[n]]) for n in range(8)]
    people[7].function_shown_to = ShownTo.ONLY_ME  # of them the table knows no function
    people[7].save()
    function_of = {person.pk: person.function_id for person in people[:7]}
    before = states(session)

    def step(move, number):
        person = people[number]
        if move == "take":
            seats.take_seat(session, person)
        elif move == "leave":
            seats.give_back(session, person)
        elif move == "accept":
            try:
                seats.accept(session, person)
            except seats.SeatRefused:
                assert person.pk not in states(session)[SeatState.OFFERED]
        elif move == "run out":
            mine = SessionSeat.objects.filter(session=session, profile=person, state=SeatState.OFFERED)
            mine.update(offered_until=timezone.now() - timedelta(seconds=1))
        elif move == "timer":
            for one in queue.overdue():
                queue.fill_from_queue(one)
        else:
            change(capacity=max(0, session.capacity + (1 if move == "grow" else -1)))
            queue.fill_from_queue(session)

    def check(actor, move):
        nonlocal before
        after = states(session)
        held, held_before = ({*s[SeatState.GOING], *s[SeatState.OFFERED]} for s in (after, before))
        new = held - held_before
        assert not new or len(held) <= session.capacity, "over capacity"
        waited = [pk for pk in before[SeatState.WAITLISTED] if pk != actor]
        still = [pk for pk in waited if pk in after[SeatState.WAITLISTED]]
        assert [pk for pk in after[SeatState.WAITLISTED] if pk in still] == still, "the order of the queue"
        moved = [pk for pk in waited if pk in held]
        room = session.capacity - kept
        for pk in moved:  # whoever waited longer and still waits could not have had that seat
            for other in still[: waited.index(pk)]:
                assert function_of.get(other) is None or function_of.get(other) != function_of.get(pk)
        for pk in new:
            alike = sum(1 for one in held if one != pk and function_of.get(one) == function_of.get(pk))
            assert len(held) <= room or len(new) > 1 or (pk in function_of and alike < enough), "beyond the quota"
        before = after

    for move, number in steps:
        step(move, number)
        check(people[number].pk, move)
        counts = Counter(function_of.get(pk) for pk in [*before[SeatState.GOING], *before[SeatState.OFFERED]])
        left = session.capacity - sum(counts.values())
        lapsed = session.seats.lapsed().exists()
        if left > 0 and not lapsed:
            for pk in before[SeatState.WAITLISTED]:
                assert left <= kept, "nobody waits beside a seat that is for everybody"
                assert function_of.get(pk) is None or counts[function_of[pk]] >= enough, "nor beside one kept for them"

    # The day comes: nobody waits beside a seat any more.
    change(kept_until=timezone.localdate())
    for one in queue.overdue():
        queue.fill_from_queue(one)
    after = states(session)
    held = len(after[SeatState.GOING]) + len(after[SeatState.OFFERED])
    assert not after[SeatState.WAITLISTED] or held >= session.capacity
    assert FillNotice.objects.filter(session=session).count() <= 3


def test_what_a_kept_seat_means_in_words(member):
    functions = FunctionFactory.create_batch(2)
    session = SessionPageFactory(
        capacity=4, kept_seats=2, most_alike=1, kept_until=timezone.localdate() + timedelta(days=3)
    )
    for _ in range(2):
        seats.take_seat(session, MemberProfileFactory(function=functions[0]))
    assert room_at(session).free == 2
    late = seats.take_seat(session, MemberProfileFactory(function=functions[0]))
    assert late.state == SeatState.WAITLISTED
    member.profile.function = functions[1]
    member.profile.save()
    assert seats.take_seat(session, member.profile).state == SeatState.GOING
    assert not mail.outbox and not Notification.objects.filter(kind="roundtables.offered").exists()
