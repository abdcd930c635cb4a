"""Maps: which key or heading of an archive's files means what. Format: docs/import.md."""

from __future__ import annotations

import hashlib
import tomllib
import zoneinfo
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings

from hub.archive.domain.front_matter import SourceFile
from hub.kernel.errors import HubError

BUILT_IN = Path(__file__).resolve().parent.parent / "maps"
_GENERAL = "general"
_SHARE = 0.5  # a built-in map is taken if it fits more than this share of the files
_MENTIONS_SHARE = 0.05
_TABLES = {"name", "kind", "match", "archive", "fields", "for", "sections", "shortcodes"}
KINDS = ("sessions", "practices", "reports", "pages", "topics", "people")


class MapError(HubError):
    """A map cannot be used; the text says what is wrong with it."""


@dataclass(frozen=True)
class Layout:
    """One map, ready for one kind: the general map with what a layout says differently."""

    name: str
    kind: str
    fields: Mapping[str, tuple[str, ...]]
    sections: Mapping[str, tuple[str, ...]]
    shortcodes: Mapping[str, str] = field(default_factory=dict)
    source_url: str = ""
    address: str = ""
    time_zone: str = ""
    offsets: Mapping[str, str] = field(default_factory=dict)
    by_the_clock: bool = False
    other: str = ""
    fingerprint: str = ""

    def keys_of(self, name: str) -> tuple[str, ...]:
        return self.fields.get(name, ())


def load(kind: str, *, file: Path) -> Layout:
    """The layout a map file of the user's describes, for `kind`."""
    try:
        data = file.read_bytes()
        own = tomllib.loads(data.decode())
    except OSError as error:
        raise MapError(f"The map {file} cannot be read: {error.strerror}. Check the path.") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise MapError(f"The map {file} is not valid TOML: {error}.") from None
    if own.get("kind", kind) != kind:
        raise MapError(f"The map {file} is for {own['kind']}, not for {kind}. Choose another map, or change --as.")
    return _layout(own, kind, fingerprint=hashlib.sha256(data).hexdigest())


def choose(kind: str, sources: Sequence[SourceFile]) -> Layout:
    """The built-in layout that fits most of an archive's files; the general one if none fits half of them."""
    best, best_share = None, _SHARE
    for file in sorted(BUILT_IN.glob("*.toml")):
        own = tomllib.loads(file.read_text(encoding="utf-8"))
        if own.get("kind") == kind and (share := _share(own.get("match", {}), sources)) > best_share:
            best, best_share = own, share
    return _layout(best or {"name": _GENERAL}, kind)


def _share(match: Mapping[str, Any], sources: Sequence[SourceFile]) -> float:
    if not sources or not match:
        return 0
    keys = set(match.get("keys", ()))
    headings = tuple(f"\n## {heading}".casefold() for heading in match.get("sections", ()))
    fitting = sum(
        bool(keys & source.values.keys())
        or (bool(headings) and sum(heading in f"\n{source.body}".casefold() for heading in headings) > 1)
        for source in sources
    )
    mentions = match.get("mentions")
    if mentions:
        named = sum(mentions in source.body or mentions in source.comments for source in sources)
        if named < max(1, _MENTIONS_SHARE * len(sources)):
            return 0
    return fitting / len(sources)


def _layout(own: Mapping[str, Any], kind: str, *, fingerprint: str = "") -> Layout:
    general = tomllib.loads((BUILT_IN / f"{_GENERAL}.toml").read_text(encoding="utf-8"))
    name = str(own.get("name") or "map")
    if unknown := own.keys() - _TABLES:
        raise MapError(f"The map {name} has a part it cannot use: {', '.join(sorted(unknown))}. See docs/import.md.")
    fields: dict[str, tuple[str, ...]] = {}
    for table in (general, own):
        for part in (table.get("fields", {}), table.get("for", {}).get(kind, {})):
            fields.update({target: _names(keys, f"fields.{target}", name) for target, keys in part.items()})
    merged = {**general.get("sections", {}), **own.get("sections", {})}
    sections = {
        target: _names(keys, f"sections.{target}", name) for target, keys in merged.items() if target != "other"
    }
    archive = own.get("archive", {})
    zone = str(archive.get("time_zone") or settings.TIME_ZONE)
    offsets = {str(key): str(value) for key, value in archive.get("offsets", {}).items()}
    for place in (zone, *offsets.values()):
        if place not in zoneinfo.available_timezones():
            raise MapError(f"The map {name} names a time zone nobody knows: {place}. Write one such as Europe/Berlin.")
    return Layout(
        name=name,
        kind=kind,
        fields=fields,
        sections=sections,
        shortcodes={str(key).lower(): str(value) for key, value in own.get("shortcodes", {}).items()},
        source_url=str(archive.get("source_url") or ""),
        address=str(archive.get("address") or ""),
        time_zone=zone,
        offsets=offsets,
        by_the_clock=bool(archive.get("by_the_clock")),
        other=str(merged.get("other") or ""),
        fingerprint=fingerprint,
    )


def _names(keys: Any, where: str, name: str) -> tuple[str, ...]:
    if isinstance(keys, str):
        return (keys,)
    if isinstance(keys, Iterable) and all(isinstance(key, str) for key in keys):
        return tuple(keys)
    raise MapError(f"The map {name} has no name, and no list of names, at {where}. See docs/import.md.")
