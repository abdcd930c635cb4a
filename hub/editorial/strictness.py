"""Which sections of the hub are reviewed more strictly than the rest. Each app registers its own."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Strictness:
    """How a kind of section is reviewed: `section` is the label of its page type, `name` that of task and workflow."""

    section: str
    name: str
    quorum: int
    staff_approve: bool


_stricter: dict[str, Strictness] = {}


def review_strictly(strictness: Strictness) -> None:
    """Have all sections of this type reviewed like this."""
    _stricter[strictness.section] = strictness


def stricter() -> list[Strictness]:
    """All that are reviewed more strictly."""
    return list(_stricter.values())
