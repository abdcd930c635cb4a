"""What is findable: every app says for its own models how a thing reads in the catalogue.

Filled in `AppConfig.ready()`. Nothing in `search` imports the apps above it.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from search.enums import Variant


@dataclass(frozen=True, slots=True)
class Document:
    """One findable thing as its app describes it; the catalogue keeps it as an `Entry`.

    `scope` is who may find it; for pages it is left empty and follows the page's effective audience
    and the document's `variant`. `people` are names the scope's readers may know. `topics`,
    `functions` and `industries` are objects or primary keys. `depends_on` are other objects whose
    change changes this document (a person named in it). `facts` is JSON and holds what a result
    row shows beyond the columns: `lines` (short texts), `function` and `industry` (primary keys of
    the pair to draw), `verified_on`, `obsolete_since`, `starts_at` (ISO 8601), `time_zone`, `cancelled`,
    `of_page` (primary key of the page that shows it anyway).
    """

    kind: str
    title: str
    url: str = ""
    scope: str = ""
    variant: str = Variant.WHOLE
    summary: str = ""
    text: str = ""
    topics: Iterable[Any] = ()
    functions: Iterable[Any] = ()
    industries: Iterable[Any] = ()
    people: list[str] = field(default_factory=list)
    language: str = "en"
    date: datetime.date | None = None
    verified_by: str = ""
    verify_by: datetime.date | None = None
    owner_id: int | None = None
    source: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    depends_on: Iterable[models.Model] = ()


Adapter = Callable[[Any], list[Document]]


@dataclass(frozen=True, slots=True)
class Findable:
    """A model with its adapter. `parts` are models whose rows belong to it, as `(model, foreign key)`."""

    model: type[models.Model]
    adapter: Adapter
    relations: tuple[str, ...] = ()
    parts: tuple[tuple[type[models.Model], str], ...] = ()


_findable: dict[type[models.Model], Findable] = {}
_listeners: list[Callable[[Findable], None]] = []


def register(
    model: type[models.Model],
    adapter: Adapter,
    *,
    relations: Iterable[str] = (),
    parts: Iterable[tuple[type[models.Model], str]] = (),
) -> None:
    """Make `model` findable. Its `adapter` turns one object into its documents (none: not findable).

    `relations` names many-to-many fields that are saved without the object, `parts` models whose rows
    change what the adapter says. For pages both are taken care of when the page is saved; name only
    parts that code may also write on their own.
    """
    found = Findable(model, adapter, tuple(relations), tuple(parts))
    _findable[model] = found
    for listener in _listeners:
        listener(found)


def subscribe(listener: Callable[[Findable], None]) -> None:
    """Call `listener` for everything registered so far and from now on (apps become ready in any order)."""
    _listeners.append(listener)
    for found in _findable.values():
        listener(found)


_beside: list[Callable[[int], Iterable[int]]] = []


def register_beside(pages: Callable[[int], Iterable[int]]) -> None:
    """`pages` gives the keys of the pages that editors put beside a page: nobody has to be led there twice."""
    _beside.append(pages)


def beside(page_id: int) -> set[int]:
    """The keys of the pages that editors put beside this one."""
    return {pk for pages in _beside for pk in pages(page_id)}


def findable(model: type[models.Model]) -> Findable | None:
    """The registration of `model` itself, or None."""
    return _findable.get(model)


def registered() -> list[Findable]:
    """Every findable model, in the order of registration."""
    return list(_findable.values())


def source_of(model: type[models.Model]) -> str:
    """The name under which the catalogue keeps objects of `model`: that of its topmost concrete parent.

    A page keeps one name whether it is at hand as a page or as its specific type.
    """
    while model._meta.parents:
        model = next(iter(model._meta.parents))
    return model._meta.label_lower


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody stands: the primary keys of their function and industry, as far as they said so."""

    function: int | None
    industry: int | None


_places: list[Callable[[Any], Place | None]] = []


def register_places(place_of: Callable[[Any], Place | None]) -> None:
    """Let the app that knows people say where a viewer stands, for “like us” and “unlike us”."""
    _places[:] = [place_of]


def place_of(viewer: Any) -> Place | None:
    """Where `viewer` stands; None for who said neither function nor industry, and for visitors."""
    if not _places or viewer is None or not viewer.is_authenticated:
        return None
    place = _places[0](viewer)
    return place if place is not None and (place.function or place.industry) else None
