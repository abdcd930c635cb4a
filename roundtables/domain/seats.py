"""Taking a seat at a session, giving it back, and who moves up from the waiting list."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from hub.kernel.errors import HubError
from hub.members.models import MemberProfile
from roundtables.enums import SeatState
from roundtables.models import SessionPage, SessionSeat


class SeatRefused(HubError):
    """A seat cannot be taken or given back; the message says why."""


@transaction.atomic
def take_seat(session: SessionPage, profile: MemberProfile, *, show: bool = False) -> SessionSeat:
    """Give `profile` a seat, or a place on the waiting list when the table is full or others already wait.

    Asking twice changes nothing but whether the person is shown. Who gave a seat back and asks again
    goes to the end of the queue. Side effects: one seat row.
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
    seat = seat or SessionSeat(session=session, profile=profile)
    someone_waits = session.seats.filter(state=SeatState.WAITLISTED).exists()
    seat.state = SeatState.GOING if _free(session) and not someone_waits else SeatState.WAITLISTED
    seat.is_shown = show
    seat.save()
    SessionSeat.objects.filter(pk=seat.pk).update(taken_at=timezone.now())
    return seat


@transaction.atomic
def give_back(session: SessionPage, profile: MemberProfile) -> list[SessionSeat]:
    """Give back the seat or the place in the queue; returns the seats of those who move up.

    Giving back twice, or a seat one never had, changes nothing. Side effects: seat rows.
    Raises SeatRefused once the session is over: what happened stays as it was.
    """
    session = _locked(session)
    if session.ends_at is not None and session.ends_at < timezone.now():
        raise SeatRefused("This session is over; who was there stays as it was.")
    SessionSeat.objects.filter(session=session, profile=profile).exclude(state=SeatState.CANCELLED).update(
        state=SeatState.CANCELLED
    )
    return _move_up(session)


@transaction.atomic
def fill_from_queue(session: SessionPage) -> list[SessionSeat]:
    """After the host adds seats: those who have waited longest move up; returns their seats."""
    return _move_up(_locked(session))


def _move_up(session: SessionPage) -> list[SessionSeat]:
    if session.ends_at is not None and session.ends_at < timezone.now():
        return []
    waiting = SessionSeat.objects.filter(session=session, state=SeatState.WAITLISTED).order_by("taken_at", "pk")
    moved = list(waiting) if session.capacity is None else list(waiting[: max(0, _free(session))])
    for seat in moved:
        seat.state = SeatState.GOING
        seat.save(update_fields=["state"])
    return moved


def _free(session: SessionPage) -> int:
    """Seats left; a session without a capacity always has one."""
    if session.capacity is None:
        return 1
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
    if session.ends_at is not None and session.ends_at < timezone.now():
        raise SeatRefused("This session is over. Its notes stay here; the next one is in the calendar.")
