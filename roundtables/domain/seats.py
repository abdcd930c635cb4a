"""Taking a seat at a session, giving it back, and who moves up from the waiting list.

Whoever moves up is told, in the same transaction: a seat nobody knows of stays empty.
"""

from __future__ import annotations

from itertools import islice

from django.db import transaction
from django.utils import timezone

from hub.accounts.enums import Role
from hub.accounts.rules import role_of
from hub.kernel.errors import HubError
from hub.members.models import MemberProfile
from roundtables.domain import news
from roundtables.enums import SeatState
from roundtables.models import SessionPage, SessionSeat
from roundtables.rules import is_over, may_sit


class SeatRefused(HubError):
    """A seat cannot be taken or given back; the message says why."""


@transaction.atomic
def take_seat(session: SessionPage, profile: MemberProfile, *, show: bool = False) -> SessionSeat:
    """Give `profile` a seat, or a place on the waiting list when the table is full or others already wait.

    Asking twice changes nothing but whether the person is shown. Who gave a seat back and asks again
    goes to the end of the queue. Side effects: one seat row; those of a queue that was overdue to move.
    Raises SeatRefused when the session is over, cancelled, or not for this person.
    """
    session = _locked(session)
    _refuse_unless_open(session, profile)
    seat = SessionSeat.objects.filter(session=session, profile=profile).first()
    if seat is not None and seat.state != SeatState.CANCELLED:
        if seat.is_shown != show:
            seat.is_shown = show
            seat.save(update_fields=["is_shown"])
        return seat
    _move_up(session)  # nobody may pass those who wait; after this a free seat is nobody else's
    free = _free(session)
    seat = seat or SessionSeat(session=session, profile=profile)
    seat.state = SeatState.GOING if free is None or free > 0 else SeatState.WAITLISTED
    seat.is_shown = show
    seat.save()
    SessionSeat.objects.filter(pk=seat.pk).update(taken_at=timezone.now())
    return seat


@transaction.atomic
def give_back(session: SessionPage, profile: MemberProfile) -> list[SessionSeat]:
    """Give back the seat or the place in the queue; returns the seats of those who move up.

    Giving back twice, or a seat one never had, changes nothing. Side effects: seat rows, news.
    Raises SeatRefused once the session is over: what happened stays as it was.
    """
    session = _locked(session)
    if is_over(session):
        raise SeatRefused("This session is over; who was there stays as it was.")
    SessionSeat.objects.filter(session=session, profile=profile).exclude(state=SeatState.CANCELLED).update(
        state=SeatState.CANCELLED
    )
    return _move_up(session)


@transaction.atomic
def show_at_table(session: SessionPage, profile: MemberProfile, *, show: bool) -> None:
    """Show a person with a seat, or in the queue for one, by name at the table, or stop showing them.

    Raises SeatRefused when they have neither: to be shown is never a way to get a seat.
    """
    mine = SessionSeat.objects.filter(session=session, profile=profile).exclude(state=SeatState.CANCELLED)
    if not mine.update(is_shown=show):
        raise SeatRefused("You have no seat at this session any more, so there is nothing to show.")


@transaction.atomic
def fill_from_queue(session: SessionPage) -> list[SessionSeat]:
    """After seats were added or somebody is gone: those who have waited longest move up; returns their seats."""
    return _move_up(_locked(session))


def _move_up(session: SessionPage) -> list[SessionSeat]:
    """Seats for those who have waited longest. Who may no longer come keeps their place, and holds up nobody."""
    free = _free(session)
    if session.cancelled or is_over(session) or (free is not None and free <= 0):
        return []
    waiting = SessionSeat.objects.filter(session=session, state=SeatState.WAITLISTED)
    in_order = waiting.select_related("profile__user").order_by("taken_at", "pk")
    moved = list(islice((seat for seat in in_order if may_sit(session, seat.profile.user)), free))
    for seat in moved:
        seat.state = SeatState.GOING
        seat.save(update_fields=["state"])
        news.moved_up(session, seat)
    return moved


def _free(session: SessionPage) -> int | None:
    """Seats left; None where there is no limit."""
    if session.capacity is None:
        return None
    return session.capacity - SessionSeat.objects.going().filter(session=session).count()


def _locked(session: SessionPage) -> SessionPage:
    """The session as it is now, and nobody else's to change until the transaction ends.

    PostgreSQL locks its row; on SQLite the transaction itself is IMMEDIATE, so it is the only writer.
    """
    return SessionPage.objects.select_for_update(of=("self",)).get(pk=session.pk)


def _refuse_unless_open(session: SessionPage, profile: MemberProfile) -> None:
    if not session.is_visible_to(profile.user):
        raise SeatRefused("This session is not open to you. Ask its host for an invitation.")
    if session.cancelled:
        raise SeatRefused("This session is cancelled. Look for the next one of its series.")
    if is_over(session):
        raise SeatRefused("This session is over. Its notes stay here; the next one is in the calendar.")
    if role_of(profile.user) < Role.MEMBER:
        raise SeatRefused("Seats are for members. As soon as your account is a member’s, you can take one here.")
