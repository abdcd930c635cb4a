"""Reads the demo community's files. Values are text, as the archive importer reads them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from hub.archive.domain import front_matter
from hub.kernel.errors import HubError

CONTENT = Path(__file__).resolve().parent.parent / "content"
NOTES_MARK = "<!-- notes -->"
_OFFSET = re.compile(r"(?P<days>[+-]\d+)d(?: (?P<hour>\d{1,2}):(?P<minute>\d{2}))?")


class ContentError(HubError):
    """A content file says something the loader cannot use; the message names the file."""


@dataclass(frozen=True)
class ContentFile:
    """One Markdown file: its front matter and its text. `path` is relative to the content folder."""

    path: str
    values: dict[str, Any]
    body: str

    @property
    def slug(self) -> str:
        return str(self.values.get("slug") or Path(self.path).stem)

    def text(self, key: str, default: str = "") -> str:
        """A plain value, or `default` where the file does not have it."""
        return str(self.values.get(key) or default).strip()

    def items(self, key: str) -> list[Any]:
        """A list value; a single value counts as a list of one."""
        value = self.values.get(key) or []
        return value if isinstance(value, list) else [value]

    def sections(self) -> dict[str, str]:
        """The text of each second-level heading, by the heading in lower case."""
        parts = re.split(r"^## +(.+?)\s*$", self.body, flags=re.MULTILINE)
        return {parts[i].lower(): parts[i + 1].strip() for i in range(1, len(parts), 2)}


def files(folder: str) -> list[ContentFile]:
    """All Markdown files of a folder of the content, in order of their names."""
    found = []
    for file in sorted((CONTENT / folder).glob("*.md")):
        source = front_matter.read(file, CONTENT)
        found.append(ContentFile(path=source.path, values=source.values, body=source.body.strip()))
    return found


def rows(name: str) -> list[dict[str, Any]]:
    """The rows of a YAML file of the content."""
    data = yaml.safe_load((CONTENT / name).read_text(encoding="utf-8"))
    if not isinstance(data, list):
        raise ContentError(f"{name} should hold a list. Compare it with the version the hub came with.")
    return data


def day(value: str, today: date) -> date | None:
    """The day that an offset such as “-12d” names; None for an empty value."""
    if not value:
        return None
    return today + timedelta(days=int(_offset(value)["days"]))


def moment(value: str, today: date, zone: str) -> datetime:
    """The instant that an offset with a wall time such as “+9d 15:00” names in `zone`."""
    match = _offset(value)
    wall = time(int(match["hour"] or 12), int(match["minute"] or 0))
    return datetime.combine(today + timedelta(days=int(match["days"])), wall, ZoneInfo(zone))


def is_true(value: Any) -> bool:
    """Whether a value of a content file means yes."""
    return value is True or str(value).strip().lower() in ("true", "yes")


def _offset(value: str) -> re.Match[str]:
    match = _OFFSET.fullmatch(str(value).strip())
    if match is None:
        raise ContentError(f"“{value}” is not an offset such as -12d or +9d 15:00.")
    return match
