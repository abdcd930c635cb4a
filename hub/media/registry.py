"""Uses of a picture that Wagtail's reference index does not know the audience of.

Apps above register a function `(image, viewer) -> bool` that says whether one of *their* things
shows the image to the viewer. A picture is visible when any of them, or a visible page, shows it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Shows = Callable[[Any, Any], bool]
Owns = Callable[[Any], bool]

_shows: list[Shows] = []
_personal: list[tuple[Owns, Shows]] = []


def register(shows: Shows) -> None:
    """Add a place in which pictures are shown."""
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
