"""When a series meets: a rule of RFC 5545 about days, kept on the wall clock of one zone.

A rule speaks of days only. The time of day and the zone are the series' own, so that a table that meets
at four meets at four, whatever the clocks were put to meanwhile.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from dateutil import rrule

from hub.kernel.errors import HubError

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FREQUENCIES: dict[str, Any] = {name: getattr(rrule, name) for name in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")}
FAR = timedelta(days=366 * 8)  # every day that there is (29 February, week 53) comes within eight years
_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
# Part → the largest number it takes; a minus counts from the end, where that means something.
_LISTS = {"BYMONTHDAY": 31, "BYYEARDAY": 366, "BYWEEKNO": 53, "BYSETPOS": 366, "BYMONTH": 12}
_ORDER = ("FREQ", "INTERVAL", "BYMONTH", "BYWEEKNO", "BYYEARDAY", "BYMONTHDAY", "BYDAY", "BYSETPOS", "WKST")
_NOT_WITH = {
    "BYWEEKNO": ("DAILY", "WEEKLY", "MONTHLY"),
    "BYYEARDAY": ("DAILY", "WEEKLY", "MONTHLY"),
    "BYMONTHDAY": ("WEEKLY",),
}


class RuleError(HubError):
    """A rule that cannot be kept; the message says why and what to write instead."""


@dataclass(frozen=True)
class Rule:
    """On which days: the parts of a recurrence rule as they were read, the last day and the number of times apart."""

    parts: tuple[tuple[str, str], ...]
    until: date | None = None
    count: int | None = None

    def __str__(self) -> str:
        words = [f"{name}={value}" for name, value in self.parts]
        words += [f"UNTIL={self.until:%Y%m%d}"] if self.until else []
        words += [f"COUNT={self.count}"] if self.count else []
        return ";".join(words)

    def part(self, name: str, default: str = "") -> str:
        """The value of one part of the rule."""
        return dict(self.parts).get(name, default)

    def days(self, first: date, begin: date, end: date) -> list[date]:
        """The days from `begin` to `end` on which the series meets, if its rule holds from `first` on."""
        last = min(end, self.until) if self.until else end
        if last < first:
            return []
        options: dict[str, Any] = {name.lower(): _numbers(value) for name, value in self.parts if name in _LISTS}
        options["byweekday"] = [_weekday(value) for value in self.part("BYDAY").split(",") if value] or None
        found = rrule.rrule(
            FREQUENCIES[self.part("FREQ")],
            dtstart=datetime.combine(first, time()),
            until=datetime.combine(last, time()),
            interval=int(self.part("INTERVAL", "1")),
            wkst=DAYS.index(self.part("WKST", "MO")),
            **options,
        )
        return [moment.date() for moment in islice(found, self.count) if moment.date() >= begin]


def parse(text: str) -> Rule:
    """The rule that `text` writes down, as in `FREQ=MONTHLY;BYDAY=1TH`. Raises RuleError."""
    given: dict[str, str] = {}
    for piece in filter(None, text.strip().upper().removeprefix("RRULE:").strip().rstrip(";").split(";")):
        name, equals, value = (word.strip() for word in piece.partition("="))
        if not equals or not value:
            raise RuleError(f"“{piece}” is no part of a rule. Write NAME=VALUE, with a semicolon between two parts.")
        if name in given:
            raise RuleError(f"{name} stands there twice. Put its values into one list: {name}={given[name]},{value}.")
        given[name] = value
    frequency = given.get("FREQ", "")
    if frequency not in FREQUENCIES:
        raise RuleError("A rule begins with how often: FREQ=WEEKLY, FREQ=MONTHLY, FREQ=YEARLY or FREQ=DAILY.")
    until, count = _end(given)
    for name, value in given.items():
        _check(name, value, frequency, given)
    if given.get("INTERVAL") == "1":
        del given["INTERVAL"]  # so that one rule is written in one way
    if "BYDAY" in given:
        given["BYDAY"] = ",".join(
            sorted(dict.fromkeys(given["BYDAY"].split(",")), key=lambda day: DAYS.index(day[-2:]))
        )
    return Rule(tuple((name, given[name]) for name in _ORDER if name in given), until, count)


def check_happens(rule: Rule, first: date) -> None:
    """Raises RuleError for a rule that never comes true."""
    if not rule.days(first, first, first + FAR * int(rule.part("INTERVAL", "1"))):
        raise RuleError("No day fits this rule. Look at its last day, and at days that no month has.")


def moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The instant at which a clock in `zone` shows `at` on `day`.

    What RFC 5545 asks for where clocks are put forward or back: a time that is left out is counted from
    the clock as it was before (02:30 comes at what is then called 03:30), one that comes twice is the first.
    """
    return datetime.combine(day, at.replace(fold=0), zone).astimezone(UTC)


def _end(given: dict[str, str]) -> tuple[date | None, int | None]:
    until, count = given.pop("UNTIL", ""), given.pop("COUNT", "")
    if until and count:
        raise RuleError("A rule ends on a day (UNTIL) or after a number of times (COUNT). Leave out one of the two.")
    if count and not (count.isdecimal() and 1 <= int(count) <= 1000):
        raise RuleError("COUNT is how many times, from 1 to 1000.")
    try:
        last = datetime.strptime(until, "%Y%m%d").date() if until else None
    except ValueError:
        raise RuleError(
            f"UNTIL={until} is no day. Write the last day as UNTIL=20271231; its time is that of the series."
        ) from None
    return last, int(count) if count else None


def _check(name: str, value: str, frequency: str, given: dict[str, str]) -> None:
    if name not in _ORDER:
        fine = name in ("BYHOUR", "BYMINUTE", "BYSECOND")
        why = "The time of day is a field of its own." if fine else f"The parts are {', '.join(_ORDER)}, UNTIL, COUNT."
        raise RuleError(f"{name} cannot stand in the rule of a series. {why}")
    if frequency in _NOT_WITH.get(name, ()):
        raise RuleError(f"{name} does not go with FREQ={frequency}. Leave it out, or choose another frequency.")
    if name == "INTERVAL" and not (value.isdecimal() and 1 <= int(value) <= 99):
        raise RuleError("INTERVAL is a number from 1 to 99: 2 is every second one.")
    if name == "WKST" and value not in DAYS:
        raise RuleError(f"WKST is the day on which a week begins: one of {', '.join(DAYS)}.")
    if name == "BYDAY":
        _check_days(value, frequency, given)
    if name in _LISTS and not all(_fits(number, _LISTS[name], name) for number in value.split(",")):
        minus = "" if name == "BYMONTH" else ", or from the end with a minus"
        raise RuleError(f"{name} takes numbers from 1 to {_LISTS[name]}{minus}, with commas between them.")
    if name == "BYSETPOS" and not any(other.startswith("BY") for other in given if other != name):
        raise RuleError("BYSETPOS chooses among days that another part names. Add BYDAY, for example.")


def _check_days(value: str, frequency: str, given: dict[str, str]) -> None:
    for day in value.split(","):
        match = _DAY.fullmatch(day)
        if match is None or (match[1] and not 1 <= abs(int(match[1])) <= 53):
            raise RuleError(f"“{day}” is no weekday. Write {', '.join(DAYS)}; 1TH is a first Thursday, -1FR a last.")
        if match[1] and (frequency not in ("MONTHLY", "YEARLY") or "BYWEEKNO" in given):
            raise RuleError(f"{day} counts weekdays within a month or a year. With FREQ={frequency} write {match[2]}.")


def _fits(number: str, largest: int, name: str) -> bool:
    if not re.fullmatch(r"[+-]?\d{1,3}", number):
        return False
    return (1 if name == "BYMONTH" else -largest) <= int(number) <= largest and int(number) != 0


def _numbers(value: str) -> list[int]:
    return [int(number) for number in value.split(",")]


def _weekday(value: str) -> rrule.weekday:
    match = _DAY.fullmatch(value)
    assert match is not None  # noqa: S101 - a Rule is made of what was checked
    return rrule.weekday(DAYS.index(match[2]), int(match[1]) if match[1] else None)


# --- what people choose from instead of writing a rule --------------------------------------------

WEEK, MONTH_WEEKDAY, MONTH_DAY = "week", "month_weekday", "month_day"
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
POSITIONS = {1: "first", 2: "second", 3: "third", 4: "fourth", -1: "last"}


@dataclass(frozen=True)
class Rhythm:
    """A rule of the plain kinds: certain weekdays, a weekday of the month, a day of the month."""

    every: str
    interval: int = 1
    weekdays: tuple[str, ...] = ()
    position: int = 1
    month_day: int = 1
    until: date | None = None

    def rule(self) -> Rule:
        """The rule it stands for."""
        days = sorted(self.weekdays, key=DAYS.index)
        parts = [("FREQ", "WEEKLY" if self.every == WEEK else "MONTHLY")]
        parts += [("INTERVAL", str(self.interval))] if self.interval > 1 else []
        if self.every == MONTH_DAY:
            parts.append(("BYMONTHDAY", str(self.month_day)))
        else:
            number = str(self.position) if self.every == MONTH_WEEKDAY else ""
            parts.append(("BYDAY", ",".join(number + day for day in days)))
        return Rule(tuple(parts), self.until)


def rhythm_of(rule: Rule) -> Rhythm | None:
    """The plain kind that `rule` is of; None for any other."""
    days = [match for value in rule.part("BYDAY").split(",") if (match := _DAY.fullmatch(value))]
    weekdays, positions = tuple(match[2] for match in days), {match[1] for match in days}
    frequency, interval, number = rule.part("FREQ"), int(rule.part("INTERVAL", "1")), rule.part("BYMONTHDAY")
    if frequency == "WEEKLY" and days:
        rhythm = Rhythm(WEEK, interval, weekdays, until=rule.until)
    elif frequency == "MONTHLY" and len(positions) == 1 and None not in positions:
        rhythm = Rhythm(MONTH_WEEKDAY, interval, weekdays, int(days[0][1]), until=rule.until)
    elif frequency == "MONTHLY" and number.lstrip("-").isdecimal():
        rhythm = Rhythm(MONTH_DAY, interval, month_day=int(number), until=rule.until)
    else:
        return None
    return rhythm if rhythm.position in POSITIONS and rhythm.rule() == rule else None


def in_words(rule: Rule) -> str:
    """“On the first Thursday of every month, until 3 June 2027”; what is too rare for words is quoted."""
    rhythm = rhythm_of(rule)
    if rhythm is None:
        return f"By the rule {rule}"
    nth = "every" if rhythm.interval == 1 else f"every {_ordinal(rhythm.interval)}"
    days = _listed([DAY_NAMES[DAYS.index(day)] for day in sorted(rhythm.weekdays, key=DAYS.index)])
    if rhythm.every == WEEK:
        words = f"Every {days}" if rhythm.interval == 1 else f"On {days} of {nth} week"
    elif rhythm.every == MONTH_WEEKDAY:
        words = f"On the {POSITIONS[rhythm.position]} {days} of {nth} month"
    else:
        day = "last day" if rhythm.month_day == -1 else f"{_ordinal(rhythm.month_day, short=True)}"
        words = f"On the {day} of {nth} month"
    return f"{words}, until {rule.until.day} {rule.until:%B %Y}" if rule.until else words


def _listed(words: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def _ordinal(number: int, *, short: bool = False) -> str:
    words = {2: "second", 3: "third", 4: "fourth", 5: "fifth", 6: "sixth"}
    if not short and number in words:
        return words[number]
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
