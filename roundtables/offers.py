"""What the page of a session offers its reader: one thing to do, and what can be changed afterwards.

It is made of the seats that the page has read anyway, and costs no query.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models

from hub.accounts.enums import Role
from hub.accounts.rules import role_of
from roundtables.enums import HEADS, SeatState
from roundtables.models import SessionPage
from roundtables.rules import is_open_to_join, is_over
from roundtables.tables import Reader, TakenSeat


class What(models.TextChoices):
    """Where the reader stands with the session."""

    NOTHING = "nothing", "Cancelled, or over"
    NOT_YET = "not_yet", "Not published"
    VISITOR = "visitor", "Not logged in"
    STRANGER = "stranger", "Logged in without being a member"
    TAKE = "take", "May take a seat"
    QUEUE = "queue", "May join the waiting list"
    GOING = "going", "Has a seat"
    WAITING = "waiting", "Is on the waiting list"


@dataclass(frozen=True)
class Offer:
    """What can be done, and what a person needs to know to decide."""

    what: What
    waiting: int = 0
    place: int = 0
    is_shown: bool = False
    is_head: bool = False
    join_url: str = ""
    joins_later: bool = False


def offer_of(session: SessionPage, seats: Sequence[TakenSeat], reader: Reader) -> Offer:
    """What `session` offers `reader`; `seats` are its taken seats and its waiting list."""
    if session.cancelled or is_over(session):
        return Offer(What.NOTHING)
    if not session.live:
        return Offer(What.NOT_YET)
    if role_of(reader.viewer) < Role.MEMBER:
        known = reader.viewer is not None and reader.viewer.is_authenticated
        return Offer(What.STRANGER if known else What.VISITOR)
    queue = sorted(
        (seat for seat in seats if seat.state == SeatState.WAITLISTED), key=lambda seat: (seat.taken_at, seat.pk)
    )
    going = [seat for seat in seats if seat.state == SeatState.GOING]
    own = reader.profile.pk if reader.profile else None
    mine = next((seat for seat in seats if own is not None and seat.profile_id == own), None)
    if mine is None:
        full = session.capacity is not None and len(going) >= session.capacity
        return Offer(What.QUEUE if full else What.TAKE, waiting=len(queue))
    if mine.state == SeatState.WAITLISTED:
        return Offer(What.WAITING, waiting=len(queue), place=queue.index(mine) + 1, is_shown=mine.is_shown)
    opens = is_open_to_join(session)
    return Offer(
        What.GOING,
        is_shown=mine.is_shown,
        is_head=mine.role in HEADS,
        join_url=session.join_url if opens else "",
        joins_later=bool(session.join_url) and not opens,
    )
