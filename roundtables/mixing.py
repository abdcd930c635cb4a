"""How mixed a table is, for those who run the session."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from hub.kernel.dates import in_words
from roundtables.enums import MixBy
from roundtables.models import SessionPage


@dataclass(frozen=True)
class Share:
    """How many at the table bring one function, or one industry; nothing of those who do not show theirs."""

    label: str
    counts: list[tuple[str, int]]
    unknown: int


def mix_of(people: Iterable[Any]) -> list[Share]:
    """The functions and industries of `people` (each a `ShownProfile`), those with most people first."""
    people = list(people)
    shares = []
    for by in MixBy:
        known = [term.name for person in people if person is not None and (term := getattr(person, by.value))]
        counts = sorted(Counter(known).items(), key=lambda item: (-item[1], item[0]))
        shares.append(Share(by.label, counts, len(people) - len(known)))
    return shares


def rule_in_words(session: SessionPage) -> str:
    """For whom seats are kept, and until when; empty where whoever asks first gets them."""
    if not session.keeps_seats or session.kept_until is None:
        return ""
    count, one = session.kept_seats, MixBy(session.mix_by).value
    last = "The last seat is" if count == 1 else f"The last {count} seats are"
    until = in_words(session.kept_until, timezone.localdate())
    return f"{last} kept until {until} for people of whose {one} fewer than {session.most_alike} sit at the table."
