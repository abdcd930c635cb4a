"""Taking a seat at a session, answering the offer of one, and giving it back."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from hub.accounts.enums import Role
from hub.accounts.rules import role_of
from hub.kernel.errors import HubError
from hub.members.models import MemberProfile
from roundtables.domain import filling, news
from roundtables.domain.queue import give_seat, leave, locked, move_up
from roundtables.domain.quota import room_at
from roundtables.enums import HOLDS_A_PLACE, SeatState
from roundtables.models import Invitation, SeriesPage, SeriesSeat, SessionPage, SessionPageQuerySet, SessionSeat
from roundtables.rules import is_over, may_host


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
    if session.by_invitation and not is_invited(session, profile):
        raise SeatRefused("Seats at this table are by invitation. You can ask its host for one on this page.")
    seat = seat or SessionSeat(session=session, profile=profile)
    seat.is_shown, seat.taken_at = show, timezone.now()
    if room_at(session).has_place_for(profile):
        _be_seated(session, seat)
    else:
        seat.state = SeatState.WAITLISTED
        seat.save()
    return seat


def seat_subscribers(session: SessionPage) -> list[SessionSeat]:
    """Seats at a date that was set for those who have one in the whole series, in the order they asked.

    Called whenever a session is published; repeating it changes nothing, and who gave this date back is not seated
    again. Side effects: seats or places on the waiting list, news. Returns them.
    """
    if not session.live or session.cancelled or is_over(session):
        return []
    above = session.path[: -session.steplen]
    wishes = SeriesSeat.objects.filter(series__path=above).exclude(profile__seats__session=session.pk)
    taken = []
    for wish in wishes.select_related("profile__user", "profile__function", "profile__industry"):
        with transaction.atomic():
            locked(session)
            if _seat_of(session, wish.profile) is not None:
                continue  # another process was here first
            try:
                seat = take_seat(session, wish.profile, show=wish.is_shown)
            except SeatRefused:
                continue  # they may not sit here, and are told nothing of it
            news.seated_in_series(session, seat)
            taken.append(seat)
    return taken


@transaction.atomic
def take_series(series: SeriesPage, profile: MemberProfile, *, show: bool = False) -> list[SessionSeat]:
    """A seat at every session of `series` that is to come, and at each that will be; returns those of now.

    Side effects: one seat, or place on a waiting list, for each session. Raises SeatRefused if the series is
    not for this person.
    """
    if not series.is_visible_to(profile.user) or role_of(profile.user) < Role.MEMBER:
        raise SeatRefused("Seats in this series are for members who may read it.")
    SeriesSeat.objects.update_or_create(series=series, profile=profile, defaults={"is_shown": show})
    seats = []
    for session in _to_come(series):
        try:
            seats.append(take_seat(session, profile, show=show))
        except SeatRefused:
            continue  # one of them may be for others only; the rest is not
    return seats


@transaction.atomic
def leave_series(series: SeriesPage, profile: MemberProfile) -> None:
    """No seat at any session to come, and none at those that will be. What was is not touched."""
    SeriesSeat.objects.filter(series=series, profile=profile).delete()
    for session in _to_come(series).filter(seats__profile=profile):
        give_back(session, profile)


def _to_come(series: SeriesPage) -> SessionPageQuerySet:
    return SessionPage.objects.child_of(series).live().filter(cancelled=False).upcoming()


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


def is_invited(session: SessionPage, profile: MemberProfile) -> bool:
    """Whether a host asked this person to a table that is by invitation, or they are one."""
    asked = Invitation.objects.filter(session=session, profile=profile, is_of_host=True)
    return asked.exists() or may_host(session, profile.user)


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
