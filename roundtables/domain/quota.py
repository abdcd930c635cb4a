"""The room at a table, read under the lock of its session."""

from __future__ import annotations

from roundtables.models import SessionPage, SessionSeat
from roundtables.room import Room, room_among


def room_at(session: SessionPage) -> Room:
    """The room at the table of `session`, whose row is locked if somebody is to be seated by it."""
    if session.capacity is None:
        return Room(None)
    holding = SessionSeat.objects.holding().filter(session=session)
    if not session.keeps_seats:
        return Room(session.capacity - holding.count())
    return room_among(session, holding.select_related("profile__function", "profile__industry"))
