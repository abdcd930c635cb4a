"""Which kinds of page an archive can become. Apps above register theirs in `AppConfig.ready()`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class PageKind:
    """How files of one kind (`import_markdown --as …`) become pages.

    `parent()` is the page they go under unless somebody chooses another. `fill(page, record, content)` sets
    the fields that only this type of page has; see `archive.domain.records.Record` and `content.Content`.
    `reserved` are slugs that are no page's to take; in a `nested` kind an `_index` file is the page above
    the other files of its folder.
    """

    name: str
    model: type[Any]
    parent: Callable[[], Any]
    fill: Callable[[Any, Any, Any], None]
    reserved: frozenset[str] = frozenset()
    nested: bool = False


_kinds: dict[str, PageKind] = {}


def register(kind: PageKind) -> PageKind:
    """Make `kind` importable."""
    _kinds[kind.name] = kind
    return kind


def page_kind(name: str) -> PageKind | None:
    """The registered kind of this name."""
    return _kinds.get(name)


def page_kinds() -> list[PageKind]:
    """All registered kinds, by name."""
    return [_kinds[name] for name in sorted(_kinds)]
