"""Where pictures and documents are shown, as only the apps above know, and who wants to hear when that changes.

Filled in `AppConfig.ready()`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

Shows = Callable[[Any, Any], bool]
Owns = Callable[[Any], bool]
UsesChanged = Callable[[list[int]], None]

_shows: list[Shows] = []
_personal: list[tuple[Owns, Shows]] = []
_fields: dict[tuple[type, str], Shows] = {}
_uses_changed: list[UsesChanged] = []


def register(shows: Shows) -> None:
    """Add a place beside the pages in which pictures are shown: `shows(image, viewer)`."""
    if shows not in _shows:
        _shows.append(shows)


def shown_elsewhere(image: Any, viewer: Any) -> bool:
    """Whether any registered place shows `image` to `viewer`."""
    return any(shows(image, viewer) for shows in _shows)


def register_personal(owns: Owns, shows: Shows) -> None:
    """Add pictures that belong to a person: where `owns(image)`, `shows` alone decides, for staff as well."""
    if (owns, shows) not in _personal:
        _personal.append((owns, shows))


def personal_verdict(image: Any, viewer: Any) -> bool | None:
    """Whether the person a picture belongs to shows it to `viewer`; None if it belongs to nobody."""
    verdicts = [shows(image, viewer) for owns, shows in _personal if owns(image)]
    return any(verdicts) if verdicts else None


def register_field(page_type: type, field: str, shows: Shows) -> None:
    """Say that not everybody who reads a page of this type reads its `field`: `shows(page, viewer)` says who does.

    Asked about the viewer None it has to say whether *everybody* does. The clock may open a field,
    never close it: nothing is saved at that moment that could take anything back.
    """
    _fields[(page_type, field)] = shows


def field_rule(page_type: type | None, field: str) -> Shows | None:
    """Who reads `field` of such a page; None if that is everybody who reads the page."""
    return _fields.get((page_type, field)) if page_type else None


def on_uses_changed(call: UsesChanged) -> UsesChanged:
    """Have `call(primary keys)` run when documents came to a page, left it, or their page changed, in its transaction.

    One that has not changed for any of its readers may be among them.
    """
    _uses_changed.append(call)
    return call


def uses_changed(documents: Iterable[int]) -> None:
    """Tell everybody that the pages which use these documents changed."""
    pks = sorted(set(documents))
    if pks:
        for call in _uses_changed:
            call(pks)
