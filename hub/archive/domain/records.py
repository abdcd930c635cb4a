"""What one file says, in the hub's words, whatever its keys were called."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from anyascii import anyascii
from django.utils import timezone
from django.utils.text import slugify

from hub.archive.domain import links, moments, shortcodes
from hub.archive.domain.front_matter import SourceFile
from hub.archive.domain.layouts import Layout
from hub.archive.domain.moments import Moment
from hub.archive.domain.problems import Remark, SourceError
from hub.editorial.markdown.tree import words_of

_YES = {"true", "yes", "on", "1", "y"}
_INDEX = {"_index", "index"}
_DATED = re.compile(r"^\d{4}-\d{2}-\d{2}[-_]")
_ONLINE = re.compile(r"online|virtual|remote|zoom|webinar|youtube|stream|teams|meet|adobe|webex", re.I)
_IN_PERSON = re.compile(r"in.?person|on.?site|face", re.I)


@dataclass
class Record:
    """One file's meaning. Text fields hold plain words; `body` is Markdown without shortcodes."""

    path: str
    slug: str
    title: str = ""
    gist: str = ""
    subtitle: str = ""
    body: str = ""
    topics: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    hosts: list[str] = field(default_factory=list)
    guests: list[str] = field(default_factory=list)
    published: Moment | None = None
    expires: Moment | None = None
    draft: bool = False
    address: str = ""
    aliases: list[str] = field(default_factory=list)
    redirect: str = ""
    original: str = ""
    starts: Moment | None = None
    ends: Moment | None = None
    organiser: str = ""
    location: str = ""
    place: str = ""
    recording: str = ""
    recording_title: str = ""
    join: str = ""
    values: dict[str, str] = field(default_factory=dict)  # what people and topics have besides
    remarks: list[Remark] = field(default_factory=list)

    @property
    def expired(self) -> bool:
        return self.expires is not None and self.expires.at <= timezone.now()

    @property
    def live(self) -> bool:
        """Whether readers may see it now: no draft, not expired, not due later, not merely a signpost elsewhere."""
        due = self.published is None or self.published.at <= timezone.now()
        return not self.draft and due and not self.expired and not self.redirect

    @property
    def keys(self) -> list[str]:
        """The names other files may link to it by."""
        own = links.plain(self.path)
        return [own, links.plain(self.address), *(links.plain(alias) for alias in self.aliases)]


def is_section(path: str) -> bool:
    """Whether a file is the `_index` of the whole archive: it describes the list, and is no item of it."""
    place = PurePosixPath(path)
    return place.stem in _INDEX and len(place.parts) == 1


def name_of(path: str) -> str:
    """What a file is called: its folder, if it is the `_index` of one; else its name without a leading date."""
    place = PurePosixPath(path)
    stem = place.parent.name if place.stem in _INDEX and place.parent.name else place.stem
    return _DATED.sub("", stem) or stem


def slug_of(words: str) -> str:
    """`words` as a part of an address, in plain letters whatever their alphabet."""
    return slugify(anyascii(words))[:200].strip("-_")


def from_source(source: SourceFile, layout: Layout, *, archive: str = "") -> Record:
    """The record of one file. Raises SourceError with the line when something in it cannot be understood."""
    if not source.values and not source.body.strip():
        raise SourceError("The file is empty. Write something into it, or take it out of the folder.")
    reader = _Reader(source, layout)
    name = name_of(source.path) if not is_section(source.path) else (archive or "index")
    record = Record(
        path=source.path,
        slug=slug_of(reader.text("slug")) or slug_of(name) or "page",
        title=reader.text("title"),
        gist=reader.text("gist"),
        subtitle=reader.text("subtitle"),
        body=shortcodes.expand(source.body, addresses=layout.shortcodes),
        topics=reader.listed("topics", split=","),
        authors=reader.listed("authors", split=";"),
        draft=reader.raw("draft").strip().lower() in _YES,
        aliases=[alias for alias in reader.listed("aliases") if alias.startswith("/")],
        redirect=reader.raw("redirect"),
        original=reader.raw("original"),
        published=reader.moment("published"),
        expires=reader.moment("expires"),
        remarks=list(source.remarks),
    )
    if layout.kind == "sessions":
        _read_session(record, reader)
    for target in ("name", "key", "organisation", "job_title", "bio", "website", "description", "parent", "language"):
        if layout.keys_of(target):
            record.values[target] = reader.text(target) if target != "website" else reader.raw(target)
    record.values["synonyms"] = "\n".join(reader.listed("synonyms"))
    record.address = _address(record, layout)
    return record


def _read_session(record: Record, reader: _Reader) -> None:
    record.hosts, record.guests = reader.listed("hosts", split=";"), reader.listed("guests", split=";")
    record.starts = reader.moment("starts")
    if record.starts is None:
        raise SourceError("A session needs a date; this file gives none. Add one, then run the import again.")
    record.ends = reader.moment("ends", like=record.starts)
    line = reader.line("ends")
    if record.ends is not None and not record.ends.has_time and record.ends.date >= record.starts.date:
        record.ends = _end_of_day(record.ends)
    if record.ends is not None and record.ends.at <= record.starts.at:
        record.remarks.append(Remark("The session ends before it starts; an hour was assumed instead.", line))
        record.ends = None
    if record.ends is None:
        later = Moment(record.starts.at + dt.timedelta(hours=1), record.starts.zone)
        record.ends = later if record.starts.has_time else _end_of_day(record.starts)
    record.organiser = reader.text("organiser")
    record.location = reader.text("location")
    record.recording = reader.raw("recording")
    if re.fullmatch(r"[\w-]{11}", record.recording):
        record.recording = f"https://www.youtube.com/watch?v={record.recording}"
    record.recording_title = reader.text("recording_title")
    record.join = reader.raw("join")
    kinds = " ".join(reader.listed("place"))
    online, there = bool(_ONLINE.search(kinds)), bool(_IN_PERSON.search(kinds)) or bool(record.location)
    record.place = "hybrid" if online and there else "in_person" if there else "online"


def _end_of_day(moment: Moment) -> Moment:
    return Moment(moment.at.replace(hour=23, minute=59), moment.zone, offset=moment.offset)


def _address(record: Record, layout: Layout) -> str:
    """Where the file was on its old site, by the map's pattern: {slug}, {path} and {date:%Y/%m/%d}."""
    moment = record.starts or record.published
    if not layout.address or ("{date" in layout.address and moment is None):
        return ""
    # the day on the old site is the one its author typed
    day = moment.typed_date if moment else dt.date.min
    shown = re.sub(r"\{date(?::([^{}]*))?\}", lambda found: day.strftime(found[1] or "%Y-%m-%d"), layout.address)
    return shown.replace("{slug}", record.slug).replace("{path}", links.plain(record.path))


class _Reader:
    """Looks up the keys a layout names in one file."""

    def __init__(self, source: SourceFile, layout: Layout) -> None:
        self.source = source
        self.layout = layout

    def line(self, target: str) -> int:
        return next((self.source.lines[key] for key in self._plain_keys(target) if key in self.source.lines), 1)

    def _plain_keys(self, target: str) -> list[str]:
        keys: list[str] = []
        for spec in self.layout.keys_of(target):
            keys.extend(re.findall(r"\{([\w.-]+)\}", spec) if "{" in spec else [spec])
        return [key.split(".")[0] for key in keys]

    def _value(self, key: str) -> Any:
        first, *rest = key.split(".")
        if first in self.source.repeated:
            raise SourceError(
                f"“{first}” is given twice with different values. Keep one of them, then run the import again.",
                line=self.source.repeated[first],
            )
        value = self.source.values.get(first, "")
        for part in rest:
            value = value.get(part, "") if isinstance(value, dict) else ""
        return value

    def _found(self, spec: str) -> Any:
        if "{" not in spec:
            return self._value(spec)
        parts = {key: _joined(self._value(key)) for key in re.findall(r"\{([\w.-]+)\}", spec)}
        if not all(part.strip() for part in parts.values()):
            return ""
        return re.sub(r"\{([\w.-]+)\}", lambda found: parts[found[1]].strip(), spec)

    def raw(self, target: str) -> str:
        """The first of the target's keys that says something, as typed."""
        for spec in self.layout.keys_of(target):
            if words := _joined(self._found(spec)).strip():
                return words
        return ""

    def text(self, target: str) -> str:
        """The same as plain words: no Markdown, no HTML, no entities."""
        return words_of(self.raw(target))

    def listed(self, target: str, *, split: str = "") -> list[str]:
        """Everything the target's keys list, once each, in order."""
        found: dict[str, None] = {}
        for spec in self.layout.keys_of(target):
            value = self._found(spec)
            items = (
                value
                if isinstance(value, list)
                else re.split(rf"[{split}\n]", value)
                if isinstance(value, str) and split
                else [value]
            )
            for item in items:
                name = item.get("name") or item.get("title") or item.get("id") or "" if isinstance(item, dict) else item
                words = " ".join(str(name).split()) if isinstance(name, str) else ""
                if words:
                    found.setdefault(words)
        return list(found)

    def moment(self, target: str, *, like: Moment | None = None) -> Moment | None:
        for spec in self.layout.keys_of(target):
            value = self._found(spec)
            if isinstance(value, str) and value.strip():
                return moments.parse(
                    value,
                    zone=self.layout.time_zone,
                    offset_zones=self.layout.offsets,
                    by_the_clock=self.layout.by_the_clock,
                    like=like,
                    key=spec,
                    line=self.source.line_of(spec),
                )
        return None


def _joined(value: Any) -> str:
    """One text for a value that may be a list or, like a venue, have parts; addresses of maps are left out."""
    if isinstance(value, dict):
        return ", ".join(part for item in value.values() if (part := _joined(item).strip()) and "://" not in part)
    if isinstance(value, list):
        return ", ".join(part for item in value if (part := _joined(item).strip()))
    return str(value or "")
