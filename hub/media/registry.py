"""Uses of a picture that Wagtail's reference index does not know the audience of.

Apps above register a function `(image, viewer) -> bool` that says whether one of *their* things
shows the image to the viewer. A picture is visible when any of them, or a visible page, shows it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Shows = Callable[[Any, Any], bool]

_shows: list[Shows] = []


def register(shows: Shows) -> None:
    """Add a place in which pictures are shown."""
    if shows not in _shows:
        _shows.append(shows)


def shown_elsewhere(image: Any, viewer: Any) -> bool:
    """Whether any registered place shows `image` to `viewer`."""
    return any(shows(image, viewer) for shows in _shows)
