"""Is it still true? One word for the mark, one sentence for the reader."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from hub.kernel.dates import in_words, month_in_words

SOON = timedelta(days=60)
A_YEAR = timedelta(days=365)


class State(StrEnum):
    """How far a text can be relied on; the mark beside it has a shape for each."""

    FRESH = "fresh"
    AGEING = "ageing"
    OVERDUE = "overdue"
    OBSOLETE = "obsolete"


@dataclass(frozen=True, slots=True)
class Freshness:
    """What `components/freshness.html` shows."""

    state: State
    text: str


def freshness(
    verified_on: date | None,
    verify_by: date | None,
    *,
    today: date,
    verified_by: str | None = None,
    obsolete_since: date | None = None,
) -> Freshness | None:
    """The mark for a text, or None where nobody has promised to keep it true.

    `verified_by` is a name only if the viewer may know it.
    """
    if obsolete_since is not None:
        return Freshness(State.OBSOLETE, f"Obsolete since {month_in_words(obsolete_since, today)}")
    if verified_on is None and verify_by is None:
        return None
    if verify_by is not None and verify_by < today:
        return Freshness(State.OVERDUE, _since(verified_on, today))
    if verified_on is None or (verify_by is not None and verify_by - today <= SOON):
        return Freshness(State.AGEING, f"Verify by {in_words(verify_by, today)}")  # type: ignore[arg-type]
    if verify_by is None and today - verified_on > A_YEAR:
        return Freshness(State.AGEING, _since(verified_on, today))
    by = f" by {verified_by}" if verified_by else ""
    return Freshness(State.FRESH, f"Verified {in_words(verified_on, today)}{by}")


def _since(verified_on: date | None, today: date) -> str:
    if verified_on is None:
        return "Nobody has verified this yet"
    return f"Nobody has verified this since {month_in_words(verified_on, today)}"
