"""What the page of a session offers its reader: one thing to do, and what can be changed afterwards.

It is made of the seats that the page has read anyway, and costs no query.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.utils import timezone

from hub.accounts.enums import Role
from hub.accounts.rules import role_of
from hub.kernel.dates import in_words
from roundtables.enums import HEADS, MixBy, SeatState
from roundtables.models import SessionPage
from roundtables.room import Room, group_of, room_among
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
    OFFERED = "offered", "A seat is held for them"
    BY_INVITATION = "by_invitation", "Has to be invited first"


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
    until: datetime | None = None
    kept: str = ""


def offer_of(session: SessionPage, seats: Sequence[TakenSeat], reader: Reader, *, may_take: bool = True) -> Offer:
    """What `session` offers `reader`; `seats` are its taken seats and its waiting list, `may_take`: as far as
    invitations go."""
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
    own = reader.profile.pk if reader.profile else None
    mine = next((seat for seat in seats if own is not None and seat.profile_id == own), None)
    room = room_among(session, seats)
    if mine is None or _has_lapsed(mine):
        if not may_take:
            return Offer(What.BY_INVITATION, waiting=len(queue))
        has_place = room.has_place_for(reader.profile) if reader.profile else not room.is_full
        what = What.TAKE if has_place else What.QUEUE
        return Offer(what, waiting=len(queue), kept=kept_in_words(session, room, reader))
    if mine.state == SeatState.WAITLISTED:
        kept = kept_in_words(session, room, reader)
        return Offer(What.WAITING, waiting=len(queue), place=queue.index(mine) + 1, is_shown=mine.is_shown, kept=kept)
    if mine.state == SeatState.OFFERED and mine.offered_until:
        return Offer(What.OFFERED, is_shown=mine.is_shown, until=mine.offered_until.astimezone(reader.zone(session)))
    opens = is_open_to_join(session)
    return Offer(
        What.GOING,
        is_shown=mine.is_shown,
        is_head=mine.role in HEADS,
        join_url=session.join_url if opens else "",
        joins_later=bool(session.join_url) and not opens,
    )


def kept_in_words(session: SessionPage, room: Room, reader: Reader) -> str:
    """For whom the last seats are kept, and until when; empty where they are not, or are all taken."""
    if not room.kept or room.is_full:
        return ""
    left = min(room.kept, room.free or 0)
    seats = "1 seat is" if left == 1 else f"{left} seats are"
    others = {MixBy.FUNCTION: "functions", MixBy.INDUSTRY: "industries"}[MixBy(session.mix_by)]
    until = in_words(session.kept_until, timezone.localdate()) if session.kept_until else ""
    if reader.profile is not None and room.is_looked_for(reader.profile):
        return f"{seats} kept for {others} that the table has few of, until {until}. Yours is one of them."
    if reader.profile is not None and group_of(reader.profile, session.mix_by) is None:
        one = "function" if session.mix_by == MixBy.FUNCTION else "industry"
        return (
            f"{seats} kept until {until}, so that {others} mix. Your profile does not show members your {one}; "
            "once it does, one of them may be for you."
        )
    return f"{seats} kept for other {others} until {until}. After that, whoever has waited longest gets them."


def _has_lapsed(seat: TakenSeat) -> bool:
    return seat.state == SeatState.OFFERED and seat.offered_until is not None and seat.offered_until <= timezone.now()
