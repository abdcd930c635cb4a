"""The kinds of news the hub sends. Each app registers its own in `AppConfig.ready()`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from hub.notifications.enums import Timing


@dataclass(frozen=True)
class Item:
    """One of several things that a piece of news lists. `path` is its address below the hub's."""

    title: str
    path: str
    note: str = ""


@dataclass(frozen=True)
class Kind:
    """One kind of news: its key in the database, its name in the settings of a person, and when it is mailed.

    `label` ends the sentence "Send me an e-mail when …", `why` the sentence "You get this message because …".
    `timing` holds until a person chooses another: at once for what waits on that person, and for nothing else.
    `items` lists what a piece of news (a `Notification`) is about, as far as its reader may know it at the moment
    of asking; the words in the inbox then name none of it, and what has nothing left is not mailed.
    """

    key: str
    label: str
    why: str
    timing: Timing = Timing.WEEKLY
    items: Callable[[Any], Sequence[Item]] | None = None


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Add a kind of news; the same kind twice is one."""
    if _kinds.setdefault(kind.key, kind) != kind:
        raise ValueError(f"Two kinds of news are called {kind.key!r}.")
    return kind


def kinds() -> list[Kind]:
    """All kinds of news, in the order of their names."""
    return sorted(_kinds.values(), key=lambda kind: kind.label)


def kind_of(key: str) -> Kind | None:
    """The kind called `key`; None for news of an app that is gone."""
    return _kinds.get(key)
