"""Numbers of a table drawn as bars."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

MOST_BARS = 24
_NUMBER = re.compile(r"^[^\d+-]{0,4}\+?(\d[\d,\s\u00a0\u202f’']*(?:\.\d+)?)\s*\D{0,8}$")  # “£ 1,200”, “12.5 %”


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a table: what is counted, how it stands in the table, and its length in percent of the longest."""

    label: str
    shown: str
    percent: float


def bars(data: Sequence[Sequence[str | None]]) -> list[Bar]:
    """The rows below the first as bars, by the first column that is all numbers; none, if there is no such column."""
    rows = [[(cell or "").strip() for cell in row] for row in data[1:]]
    rows = [row for row in rows if any(row)]
    if not rows or len(rows) > MOST_BARS:
        return []
    for column in range(1, min(map(len, rows))):
        numbers = [number for row in rows if (number := _number(row[column])) is not None]
        if len(numbers) == len(rows) and max(numbers) > 0:
            longest = max(numbers)
            return [
                Bar(row[0], row[column], round(100 * number / longest, 1))
                for row, number in zip(rows, numbers, strict=True)
            ]
    return []


def _number(text: str) -> float | None:
    found = _NUMBER.match(text)
    return float(re.sub(r"[^\d.]", "", found[1])) if found else None
