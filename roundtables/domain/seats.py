"""Taking a seat at a session, answering the offer of one, and giving it back."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from hub.accounts.enums import Role
from hub.accounts.rules import role_of
from hub.kernel.errors import HubError
from hub.members.models import MemberProfile
from roundtables.domain import filling
from roundtables.domain.queue import fill_from_queue, give_seat, leave, locked, move_up
from roundtables.domain.quota import room_at
from roundtables.enums import HOLDS_A_PLACE, SeatState
from roundtables.models import SessionPage, SessionSeat
from roundtables.rules import is_over

__all__ = ["SeatRefused", "accept", "fill_from_queue", "give_back", "show_at_table", "take_seat"]


class SeatRefused(HubError):
    """A seat cannot be taken or given back; the message says why."""


@transaction.atomic
def take_seat(session: SessionPage, profile: MemberProfile, *, show: bool = False) -> SessionSeat:
    """Give `profile` a seat, or a place on the waiting list when no seat is left for them.

    Who is offered a seat takes it. Asking twice changes nothing but whether the person is shown. Who
    gave a seat back and asks again goes to the end of the queue. Side effects: one seat row; those of a
    queue that was overdue to move; news. Raises SeatRefused when the session is over, cancelled, or not
    for this person.
    """
    session = locked(session)
    _refuse_unless_open(session, profile)
    move_up(session)  # nobody may pass those who wait; after this a seat that is left for one is nobody else's
    seat = _seat_of(session, profile)
    if seat is not None and seat.state != SeatState.CANCELLED:
        if seat.is_shown != show:
            seat.is_shown = show
            seat.save(update_fields=["is_shown"])
        if seat.state == SeatState.OFFERED:
            _be_seated(session, seat)
        return seat
    seat = seat or SessionSeat(session=session, profile=profile)
    seat.is_shown, seat.taken_at = show, timezone.now()
    if room_at(session).has_place_for(profile):
        _be_seated(session, seat)
    else:
        seat.state = SeatState.WAITLISTED
        seat.save()
    return seat


@transaction.atomic
def accept(session: SessionPage, profile: MemberProfile) -> SessionSeat:
    """Take the seat that is offered to `profile`; one they have already stays theirs.

    Side effects: seat rows, news. Raises SeatRefused when none is, or is any more.
    """
    session = locked(session)
    _refuse_unless_open(session, profile)
    move_up(session)
    seat = _seat_of(session, profile)
    if seat is None or seat.state not in HOLDS_A_PLACE:
        raise SeatRefused("No seat is held for you here any more. Ask for one on this page; you may have to wait.")
    if seat.state == SeatState.OFFERED:
        _be_seated(session, seat)
    return seat


@transaction.atomic
def give_back(session: SessionPage, profile: MemberProfile) -> list[SessionSeat]:
    """Give back the seat, the offer of one or the place in the queue; returns the seats of those who move up.

    Giving back twice, or a seat one never had, changes nothing. Side effects: seat rows, news.
    Raises SeatRefused once the session is over: what happened stays as it was.
    """
    session = locked(session)
    if is_over(session):
        raise SeatRefused("This session is over; who was there stays as it was.")
    seat = _seat_of(session, profile)
    if seat is not None and seat.state != SeatState.CANCELLED:
        leave(seat)
    return move_up(session)


@transaction.atomic
def show_at_table(session: SessionPage, profile: MemberProfile, *, show: bool) -> None:
    """Show a person with a seat, or in the queue for one, by name at the table, or stop showing them.

    Raises SeatRefused when they have neither: to be shown is never a way to get a seat.
    """
    mine = SessionSeat.objects.filter(session=session, profile=profile).exclude(state=SeatState.CANCELLED)
    if not mine.update(is_shown=show):
        raise SeatRefused("You have no seat at this session any more, so there is nothing to show.")


def _be_seated(session: SessionPage, seat: SessionSeat) -> None:
    give_seat(session, seat)
    filling.notice(session)


def _seat_of(session: SessionPage, profile: MemberProfile) -> SessionSeat | None:
    return SessionSeat.objects.filter(session=session, profile=profile).first()


def _refuse_unless_open(session: SessionPage, profile: MemberProfile) -> None:
    if not session.is_visible_to(profile.user):
        raise SeatRefused("This session is not open to you. Ask its host for an invitation.")
    if session.cancelled:
        raise SeatRefused("This session is cancelled. Look for the next one of its series.")
    if is_over(session):
        raise SeatRefused("This session is over. Its notes stay here; the next one is in the calendar.")
    if role_of(profile.user) < Role.MEMBER:
        raise SeatRefused("Seats are for members. As soon as your account is a member’s, you can take one here.")
