"""Sessions as an iCalendar file (RFC 5545): what a calendar program reads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from zoneinfo import ZoneInfo

from django.conf import settings
from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vUri

REFRESH = timedelta(hours=1)
_NOTHING, _MINUTE, _DAY = timedelta(), timedelta(minutes=1), timedelta(days=1)
_UNIVERSAL = ("UTC", "Etc/UTC")  # such a time needs no rules: it is written with a Z
_END = b"END:VCALENDAR\r\n"
_VERSION = "1"  # goes up when the same entries are written differently, so that programs fetch them anew


@dataclass(frozen=True, slots=True)
class Entry:
    """A session in somebody's calendar: only what this person may know of it at this moment."""

    uid: str
    title: str
    url: str
    starts_at: datetime
    ends_at: datetime | None
    zone: str
    published_at: datetime
    sequence: int
    text: str = ""
    place: str = ""
    join_url: str = ""
    is_cancelled: bool = False
    is_tentative: bool = False
    is_busy: bool = False
    is_private: bool = False


def fingerprint(entries: Iterable[Entry], name: str) -> str:
    """Changes when, and only when, the file of these entries does."""
    return sha256(f"{_VERSION}\n{name}\n{list(entries)!r}".encode()).hexdigest()[:32]


def written(entries: Sequence[Entry], name: str) -> bytes:
    """The file of `entries`, with the rules of every zone in it: wall clocks stay right where no table of zones is."""
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", f"-//{settings.HUB_NAME}//Roundtables//EN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for zone in _zones(entries):
        calendar.add_component(zone)
    return b"".join([calendar.to_ical().removesuffix(_END), *map(_event, entries), _END])


@lru_cache(maxsize=4096)
def _event(entry: Entry) -> bytes:
    """The lines of one event. Many calendars have the same sessions, and writing one takes most of the time."""
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", entry.published_at.astimezone(UTC))
    event.add("last-modified", entry.published_at.astimezone(UTC))
    event.add("sequence", entry.sequence)
    event.add("dtstart", _on_the_wall(entry.starts_at, entry.zone))
    if entry.ends_at is not None:
        event.add("dtend", _on_the_wall(entry.ends_at, entry.zone))
    # Not every program draws a cancelled event differently; all show its title.
    event.add("summary", f"Cancelled: {entry.title}" if entry.is_cancelled else entry.title)
    event.add("description", "\n\n".join(filter(None, [entry.text, _join_words(entry), entry.url])))
    event.add("url", vUri(entry.url))
    if entry.place:
        event.add("location", entry.place)
    if entry.join_url:
        event.add("conference", vUri(entry.join_url), parameters={"VALUE": "URI", "LABEL": "Join the session"})
    event.add("status", _status(entry))
    event.add("transp", "OPAQUE" if entry.is_busy else "TRANSPARENT")
    if entry.is_private:
        event.add("class", "PRIVATE")
    return event.to_ical()


def _on_the_wall(moment: datetime, zone: str) -> datetime:
    """`moment` on the clock of `zone`; in an hour that comes twice programs differ about which is meant, but in UTC."""
    local = moment.astimezone(ZoneInfo(zone))
    comes_twice = local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()
    return moment.astimezone(UTC) if comes_twice else local


def _join_words(entry: Entry) -> str:
    return f"Join: {entry.join_url}" if entry.join_url else ""


def _status(entry: Entry) -> str:
    if entry.is_cancelled:
        return "CANCELLED"
    return "TENTATIVE" if entry.is_tentative else "CONFIRMED"


def _zones(entries: Iterable[Entry]) -> list[Timezone]:
    """The rules of each zone in which a session begins, for the years in which any does."""
    years: defaultdict[str, set[int]] = defaultdict(set)
    for entry in entries:
        if entry.zone not in _UNIVERSAL:
            years[entry.zone].add(entry.starts_at.year)
    return [_zone(name, min(found) - 1, max(found) + 1) for name, found in sorted(years.items())]


@lru_cache(maxsize=256)
def _zone(name: str, first: int, last: int) -> Timezone:
    """The rules of one zone from the beginning of the `first` year to the end of the `last` one.

    Each change of the clock is looked for, day by day: icalendar's own search strides over stretches shorter than
    two months, such as Ramadan in Morocco.
    """
    component = Timezone()
    component.add("tzid", name)
    for (before, after, called, is_daylight), onsets in _changes(ZoneInfo(name), first, last).items():
        rule = TimezoneDaylight() if is_daylight else TimezoneStandard()
        rule.add("dtstart", onsets[0])
        if onsets[1:]:
            rule.add("rdate", onsets[1:])
        rule.add("tzoffsetfrom", before)
        rule.add("tzoffsetto", after)
        rule.add("tzname", called)
        component.add_component(rule)
    return component


Change = tuple[timedelta, timedelta, str, bool]


def _changes(zone: ZoneInfo, first: int, last: int) -> dict[Change, list[datetime]]:
    """Offset before and after, name, whether it is summer time → on what wall clock (that of before) it begins."""
    found: defaultdict[Change, list[datetime]] = defaultdict(list)
    moment, end = datetime(first, 1, 1, tzinfo=UTC), datetime(last + 1, 1, 1, tzinfo=UTC)
    before = moment.astimezone(zone).utcoffset() or _NOTHING
    found[_change(moment.astimezone(zone), before)].append((moment + before).replace(tzinfo=None))
    while moment < end:
        if (moment + _DAY).astimezone(zone).utcoffset() != before:
            onset = _first_with_another(zone, before, moment, moment + _DAY)
            local = onset.astimezone(zone)
            found[_change(local, before)].append((onset + before).replace(tzinfo=None))
            before = local.utcoffset() or _NOTHING
        moment += _DAY
    return found


def _change(local: datetime, before: timedelta) -> Change:
    is_daylight = (local.dst() or _NOTHING) > _NOTHING  # less than nothing in some zones: winter, said the other way
    return before, local.utcoffset() or _NOTHING, local.tzname() or "", is_daylight


def _first_with_another(zone: ZoneInfo, offset: timedelta, before: datetime, after: datetime) -> datetime:
    """The first minute between the two with another offset than `offset`."""
    while after - before > _MINUTE:
        middle = before + (after - before) // _MINUTE // 2 * _MINUTE
        before, after = (middle, after) if middle.astimezone(zone).utcoffset() == offset else (before, middle)
    return after
