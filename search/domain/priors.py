"""Freshness and verification, where the words leave it open: a gentle nudge among the best hits.

It is applied to what an engine found, so it works on every engine, and puts nothing into the list.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence

from hub.kernel.freshness import State, freshness
from search.domain import weights
from search.models import Entry

COLUMNS = ("pk", "date", "verify_by", "facts")  # of an entry that are read

Split = Callable[[float], tuple[float, float]]


def reordered(scored: Sequence[tuple[Entry, float]], split: Split, today: datetime.date) -> list[tuple[Entry, float]]:
    """Hits as an engine ordered them, with their scores weighed: what is fresh and verified moves up a little.

    `split` takes a score apart into what no other merit makes up for, and the merit that is weighed.
    Nothing moves where the numbers of an engine do not say its order.
    """
    scores = [score for _, score in scored]
    if scores != sorted(scores, reverse=True):
        return list(scored)
    weighed = []
    for entry, score in scored:
        fixed, merit = split(score)
        weighed.append((entry, fixed, merit * factor(entry, today)))
    weighed.sort(key=lambda item: (-item[1], -item[2]))  # equal ones stay as they were
    return [(entry, fixed + merit) for entry, fixed, merit in weighed]


def factor(entry: Entry, today: datetime.date) -> float:
    """What the merit of an entry is multiplied with, from 0.5 for what is obsolete, else from 0.97, to 1.07."""
    return 1.0 + _freshness(entry.date, today) + _verification(entry, today)


def _freshness(day: datetime.date | None, today: datetime.date) -> float:
    if day is None:  # people and topics do not age; they are neither preferred nor put back
        return weights.FRESHNESS / 2
    age = max(0, (today - day).days)
    return float(weights.FRESHNESS * 0.5 ** (age / weights.FRESH_FOR_DAYS))


def _verification(entry: Entry, today: datetime.date) -> float:
    said, gone = entry.facts.get("verified_on"), entry.facts.get("obsolete_since")
    mark = freshness(
        datetime.date.fromisoformat(said) if said else None,
        entry.verify_by,
        today=today,
        obsolete_since=datetime.date.fromisoformat(gone) if gone else None,
    )
    if mark is None or mark.state == State.AGEING:
        return 0.0
    return {State.OBSOLETE: weights.OBSOLETE, State.OVERDUE: weights.OVERDUE}.get(mark.state, weights.VERIFIED)
