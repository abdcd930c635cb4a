"""Tells people what happens to their seats."""

from __future__ import annotations

from urllib.parse import urlsplit

from hub.notifications.domain.news import tell, unique_people
from roundtables import kinds, tables
from roundtables.models import SessionPage, SessionSeat


def moved_up(session: SessionPage, seat: SessionSeat) -> None:
    """A seat came free for somebody who waited: when it is, on their own clock, and what to do if they cannot come.

    Side effects: a row in their inbox with the running transaction, a mail after it. Called once for a move.
    """
    for user in unique_people([seat.profile.user]):
        reader = tables.Reader(user, seat.profile)
        when = f"{tables.long_time(session, reader)}. {tables.zone_words(session, reader)}"
        tell(
            user,
            kind=kinds.MOVED_UP,
            text=f"You have a seat at “{session.title}”: you moved up from the waiting list",
            detail=f"{when}\nIf you cannot come, give the seat back on its page, so that somebody else can.",
            url=urlsplit(session.url or "").path,
            page=session,
        )
