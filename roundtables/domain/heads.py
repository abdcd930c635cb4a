"""Host and guests who are members sit at the table of their session."""

from __future__ import annotations

from django.db import transaction

from hub.editorial.enums import SPEAKERS, BylineRole
from roundtables.domain.queue import give_seat, locked
from roundtables.enums import HEADS, SeatRole
from roundtables.models import SessionPage, SessionSeat
from roundtables.rules import is_over, may_sit

SEAT_OF = {BylineRole.HOST: SeatRole.HOST, BylineRole.GUEST: SeatRole.GUEST}


@transaction.atomic
def seat_heads(session: SessionPage) -> None:
    """Give those who are named at the head of a published session their seat, and the part they have there.

    Guests without an account have no seat; the page names them. Who gave a seat back keeps it given back, a
    full table is not made fuller, and a sitting that is over stays as it was.
    """
    session = locked(session)
    if is_over(session) or not session.live:
        return
    named = {
        line.person_id: SEAT_OF[BylineRole(line.role)]
        for line in session.bylines.filter(role__in=SPEAKERS, person__isnull=False).order_by("-sort_order")
    }
    seats = {seat.profile_id: seat for seat in SessionSeat.objects.filter(session=session)}
    taken = SessionSeat.objects.holding().filter(session=session).count()
    for line in session.bylines.filter(person__in=named).select_related("person__user"):
        person = line.person
        if person is None or person.pk in seats or not may_sit(session, person.user):
            continue
        if session.capacity is not None and taken >= session.capacity:
            continue
        seats[person.pk] = SessionSeat(session=session, profile=person, role=named[person.pk])
        give_seat(session, seats[person.pk])
        taken += 1
    for profile_id, seat in seats.items():
        role = named.get(profile_id, SeatRole.MEMBER)
        if seat.role != role and (profile_id in named or seat.role in HEADS):
            SessionSeat.objects.filter(pk=seat.pk).update(role=role)
