"""Who came to a session, in the words of those who run it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from hub.kernel.errors import HubError
from roundtables.enums import SeatState
from roundtables.models import SessionPage, SessionSeat


class AttendanceRefused(HubError):
    """Nobody can have come yet."""


@transaction.atomic
def note_attendance(session: SessionPage, *, listed: Iterable[int], came: Iterable[int]) -> int:
    """Note of the `listed` seats which people `came`; returns how many did.

    Seats that were not on the list that was ticked (taken meanwhile, given back, of another session)
    stay as they are: nothing is known of them. Raises AttendanceRefused before the session begins.
    """
    if session.starts_at is None or session.starts_at > timezone.now():
        raise AttendanceRefused("The session has not begun. Mark who came once it has.")
    seats = SessionSeat.objects.filter(session_id=session.pk, state=SeatState.GOING, pk__in=set(listed))
    seats.exclude(pk__in=set(came)).update(attended=False)
    return seats.filter(pk__in=set(came)).update(attended=True)
