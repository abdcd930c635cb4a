"""What parts of this app, and apps above, add to the measures of sessions: takeaways, follow-ups, use.

Filled in `AppConfig.ready()`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

Count = Callable[[Sequence[int]], dict[int, int]]


@dataclass(frozen=True)
class Measure:
    """One column of the host desk: its heading, and a number for each of the sessions that have one.

    It counts things, never people: how many people there are in a small group is not for a list to say.
    """

    label: str
    count: Count


_measures: list[Measure] = []


def register_measure(measure: Measure) -> Measure:
    """Add a column; once, however often it is registered."""
    if all(known.label != measure.label for known in _measures):
        _measures.append(measure)
    return measure


def measures() -> list[Measure]:
    """All columns that were added, in the order they came."""
    return list(_measures)
