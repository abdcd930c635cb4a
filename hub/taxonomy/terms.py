"""Topics, functions and industries as pages show them, without the rows they come from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """A topic, function or industry, as far as pages show it."""

    name: str
    slug: str
    initial: str = ""
    colour_slot: int | None = None
