"""What apps above say about a practice on its page: where it came from.

Filled in `AppConfig.ready()`. The function decides what the viewer may know, and answers with nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a practice came from: a line before the link, its words, and its address."""

    label: str
    title: str
    url: str


Tells = Callable[[Any, Any], Origin | None]

_tells: list[Tells] = []


def register_origins(tells: Tells) -> None:
    """Have `tells(page, viewer)` say where a practice came from, or nothing."""
    if tells not in _tells:
        _tells.append(tells)


def origins_of(page: Any, viewer: Any) -> list[Origin]:
    """Everything that is known of where `page` came from, and that `viewer` may know."""
    return [origin for tells in _tells if (origin := tells(page, viewer)) is not None]
