"""Room at a table: how many seats are left, and for whom those are that a host keeps until the table mixes.

Of a profile it reads what its owner shows to members. Who hides their function adds to no count of
functions, and mixes with nobody: the kept seats are for people of whom the table knows what they bring.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hub.members.enums import ShownTo
from roundtables.enums import HOLDS_A_PLACE, MixBy

if TYPE_CHECKING:
    from roundtables.models import SessionPage


@dataclass
class Room:
    """The seats that are left, while people take them one after another."""

    free: int | None  # None: as many as people come
    kept: int = 0
    enough: int = 0
    mix_by: str = MixBy.FUNCTION
    seated: Counter[str] = field(default_factory=Counter)

    @property
    def is_full(self) -> bool:
        return self.free is not None and self.free <= 0

    def has_place_for(self, profile: Any) -> bool:
        """Whether one of the seats that are left is for this person."""
        if self.free is None or self.free > self.kept:
            return True
        return self.free > 0 and self.is_looked_for(profile)

    def is_looked_for(self, profile: Any) -> bool:
        """Whether the table has few people of their function (or industry)."""
        group = group_of(profile, self.mix_by)
        return group is not None and self.seated[group] < self.enough

    def seat(self, profile: Any) -> None:
        """One seat fewer is left."""
        if self.free is not None:
            self.free -= 1
        if (group := group_of(profile, self.mix_by)) is not None:
            self.seated[group] += 1


def room_among(session: SessionPage, seats: Iterable[Any]) -> Room:
    """The same, from seats that were read with their people."""
    if session.capacity is None:
        return Room(None)
    kept = session.kept_seats if session.keeps_seats else 0
    room = Room(session.capacity, kept, session.most_alike, session.mix_by)
    for seat in seats:
        if seat.state in HOLDS_A_PLACE:
            room.seat(seat.profile)
    return room


def group_of(profile: Any, mix_by: str) -> str | None:
    """The function (or industry) that a person brings to a table; None where members may not know it."""
    if getattr(profile, f"{mix_by}_shown_to") > ShownTo.MEMBERS:
        return None
    term = getattr(profile, mix_by)
    return term.slug if term is not None else None
