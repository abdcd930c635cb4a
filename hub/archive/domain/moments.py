"""Dates as people type them in archives: with or without time, with or without zone."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from dateutil import parser as dateutil_parser

from hub.archive.domain.problems import SourceError

_ISO = re.compile(
    r"(?P<date>\d{4}-\d{1,2}-\d{1,2})"
    r"(?:[T ]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?[ \t]*(?P<half>[AaPp]\.?[Mm]\.?)?"
    r"[ \t]*(?P<zone>Z|UTC|[+-]\d{2}(?::?\d{2})?)?)?",
    re.ASCII,
)
_IN_WORDS = re.compile(r"(?=.*\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))(?=.*\b\d{4}\b)", re.I)
_HOW_TO = "Write it as 2024-05-31, 2024-05-31 14:00 or 2024-05-31 14:00:00 -0500."


@dataclass(frozen=True)
class Moment:
    """An instant, the zone people at the place would name (IANA), and whether a time of day was given."""

    at: dt.datetime
    zone: str
    has_time: bool = True
    offset: dt.timedelta | None = None  # as typed; None for a wall time

    @property
    def date(self) -> dt.date:
        """The day it was on the wall, where it happened."""
        return self.at.date()

    @property
    def typed_date(self) -> dt.date:
        """The day its author typed, which an offset out of season can put on another day than the wall's."""
        return self.at.astimezone(dt.timezone(self.offset)).date() if self.offset is not None else self.date


def parse(
    value: str,
    *,
    zone: str,
    offset_zones: Mapping[str, str] | None = None,
    by_the_clock: bool = False,
    like: Moment | None = None,
    key: str = "date",
    line: int = 1,
) -> Moment:
    """The moment `value` names.

    A value without offset follows `like` (for an end, its start) in offset and zone; without that it is a
    wall time in `zone`. A value with an offset is exactly that instant; its zone is `zone` if that place ever keeps
    this offset in that year, else what `offset_zones` says, else a fixed one. With `by_the_clock` an offset that
    `zone` ever keeps says only that the clock on its wall is meant: who types one all year round means that.
    """
    text = value.strip()
    match = _ISO.fullmatch(text)
    try:
        if match:
            year, month, day = (int(part) for part in match["date"].split("-"))
            clock = _clock(match)
            wall = dt.datetime.combine(dt.date(year, month, day), clock or dt.time())
            offset, has_time = match["zone"], clock is not None
        elif len(text) <= 60 and _IN_WORDS.match(text):
            wall = dateutil_parser.parse(text, default=dt.datetime(1900, 1, 1))
            offset = wall.strftime("%z") if wall.tzinfo else None
            wall, has_time = wall.replace(tzinfo=None), bool(re.search(r"\d:\d\d", text))
        else:
            raise ValueError
        if not 1 < wall.year < 9999:
            raise ValueError
        delta = _offset(offset) if offset else (like.offset if like else None)
        if delta is None:
            name = like.zone if like else zone
            instant = wall.replace(tzinfo=ZoneInfo(name)).astimezone(dt.UTC)
        else:
            instant = wall.replace(tzinfo=dt.timezone(delta)).astimezone(dt.UTC)
            name = _zone_for(delta, instant, zone, offset_zones or {})
            if by_the_clock and name == zone:
                instant, delta = wall.replace(tzinfo=ZoneInfo(zone)).astimezone(dt.UTC), None
        return Moment(instant.astimezone(ZoneInfo(name)), name, has_time, delta)
    except (ValueError, OverflowError):
        raise SourceError(f"“{key}: {text[:60]}” is not a date. {_HOW_TO}", line=line) from None


def _clock(match: re.Match[str]) -> dt.time | None:
    if match["hour"] is None:
        return None
    hour = int(match["hour"])
    if match["half"]:
        if not 1 <= hour <= 12:
            raise ValueError
        hour = hour % 12 + (12 if match["half"][0] in "Pp" else 0)
    return dt.time(hour, int(match["minute"]), int(match["second"] or 0))


def _offset(text: str) -> dt.timedelta:
    if text in ("Z", "UTC"):
        return dt.timedelta()
    digits = text[1:].replace(":", "")
    minutes = int(digits[2:] or 0)
    if minutes > 59:
        raise ValueError
    delta = dt.timedelta(hours=int(digits[:2]), minutes=minutes)
    return -delta if text[0] == "-" else delta


def _zone_for(delta: dt.timedelta, instant: dt.datetime, zone: str, offset_zones: Mapping[str, str]) -> str:
    """The IANA zone for a bare offset. Summer and winter offsets of `zone` both stand for it, whatever the
    season: people who type offsets by hand seldom change them twice a year."""
    home = ZoneInfo(zone)
    if delta in {instant.replace(month=month, day=1).astimezone(home).utcoffset() for month in (1, 7)}:
        return zone
    minutes = int(delta.total_seconds()) // 60
    sign, size = ("-" if minutes < 0 else "+"), abs(minutes)
    written = f"{sign}{size // 60:02d}{size % 60:02d}"
    if written in offset_zones:
        return offset_zones[written]
    if minutes == 0:
        return "UTC"
    if size % 60 == 0 and -12 <= minutes // 60 <= 14:
        return f"Etc/GMT{'+' if minutes < 0 else '-'}{size // 60}"  # POSIX counts the other way round
    return "UTC"
