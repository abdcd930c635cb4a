"""The order in which people get a seat: who is offered one, who did not answer in time, who comes after them.

Everything here runs inside the lock of one session (`locked`) and tells people in the same
transaction: a seat nobody knows of stays empty. Rows are saved one by one, so that whoever listens
to the saving of seats (tests do) hears of every step.
"""

from __future__ import annotations

from django.db import transaction

from roundtables import rules
from roundtables.domain import filling, news
from roundtables.domain.quota import room_at
from roundtables.enums import SeatState
from roundtables.models import SessionPage, SessionSeat
from roundtables.room import Room


def locked(session: SessionPage) -> SessionPage:
    """The session as it is now, and nobody else's to change until the transaction ends.

    PostgreSQL locks its row; on SQLite the transaction itself is IMMEDIATE, so it is the only writer.
    """
    return SessionPage.objects.select_for_update(of=("self",)).get(pk=session.pk)


def move_up(session: SessionPage) -> list[SessionSeat]:
    """Seats for those who have waited longest; returns those that were offered or given.

    Offers that ran out go on first. Who may no longer come, or whom a kept seat is not for, keeps
    their place, and holds up nobody.
    """
    if session.cancelled or rules.is_over(session):
        return []
    _let_go(session)
    room = room_at(session)
    moved = [] if room.is_full else _in_order(session, room)
    filling.notice(session)
    return moved


def _in_order(session: SessionPage, room: Room) -> list[SessionSeat]:
    """The room there is, for those it is for, one after the other."""
    waiting = SessionSeat.objects.filter(session=session, state=SeatState.WAITLISTED)
    until, moved = rules.answer_by(session), []
    people = waiting.select_related("profile__user", "profile__function", "profile__industry")
    for seat in people.order_by("taken_at", "pk"):
        if room.is_full:
            break
        if not room.has_place_for(seat.profile) or not rules.may_sit(session, seat.profile.user):
            continue
        room.seat(seat.profile)
        if until is None:
            give_seat(session, seat)
            news.moved_up(session, seat)
        else:
            seat.state, seat.offered_until = SeatState.OFFERED, until
            seat.save(update_fields=["state", "offered_until"])
            news.offered(session, seat)
        moved.append(seat)
    return moved


def give_seat(session: SessionPage, seat: SessionSeat) -> None:
    """The person is going. Whoever gets a seat within a day of the start knows when that is, and needs no reminder."""
    seat.state, seat.offered_until = SeatState.GOING, None
    for name, before in (("day_told_of", rules.DAY_REMINDER), ("hour_told_of", rules.HOUR_REMINDER)):
        if rules.starts_within(session, before):
            setattr(seat, name, session.starts_at)
    seat.save()


def leave(seat: SessionSeat) -> None:
    """The person is neither going nor waiting any more."""
    seat.state, seat.offered_until = SeatState.CANCELLED, None
    seat.save(update_fields=["state", "offered_until"])


@transaction.atomic
def fill_from_queue(session: SessionPage) -> list[SessionSeat]:
    """After seats were added, were kept long enough, or somebody is gone: the queue moves; returns who moved up."""
    return move_up(locked(session))


def overdue() -> list[SessionPage]:
    """Sessions to come in which a queue may have to move although nobody does anything: the clock does."""
    waits = SessionSeat.objects.filter(state=SeatState.WAITLISTED) | SessionSeat.objects.lapsed()
    return list(SessionPage.objects.live().upcoming().filter(cancelled=False, pk__in=waits.values("session_id")))


def _let_go(session: SessionPage) -> None:
    """Offers that nobody answered in time are over; the person is told, and may ask again."""
    for seat in SessionSeat.objects.lapsed().filter(session=session).select_related("profile__user"):
        leave(seat)
        news.offer_lapsed(session, seat)
