"""What became of sessions: who came, how mixed the tables were, how long it took until something was published.

Numbers of people are for those who may know the people. For everybody else, and in every file, a number that would
point at somebody is left out, and so many others that it cannot be worked out (`hub.kernel.suppression`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from hub.accounts.rules import Viewer
from hub.kernel import suppression
from hub.kernel.suppression import Shown
from hub.members.rules import shown
from roundtables import registry, tables
from roundtables.enums import AttributionMode, QuestionState, SeatState
from roundtables.models import Question, SessionPage, SharedNotes
from roundtables.rules import is_over, is_unattributed, may_know_speakers
from roundtables.tables import TakenSeat

NOT_SHOWN = "Not shown"
HOUR = 3600


@dataclass(frozen=True, slots=True)
class Measured:
    """One session. None is a number that is left out; before the session is over nobody has come or stayed away."""

    session: SessionPage
    had_seat: int | None
    came: int | None
    stayed_away: int | None
    not_noted: int | None
    mix: str
    questions: int
    hours_to_notes: int | None
    more: list[int]


def measured(sessions: Sequence[SessionPage], viewer: Viewer, *, for_file: bool = False) -> list[Measured]:
    """The measures of `sessions`, in a number of queries that does not grow with them.

    `for_file`: they leave the house, so small numbers are left out also of what the viewer may know.
    """
    ids = [session.pk for session in sessions]
    seats = tables.seats_of(sessions)
    asked = dict(
        Question.objects.filter(session__in=ids)
        .exclude(state=QuestionState.HIDDEN)
        .order_by()
        .values_list("session")
        .annotate(Count("pk"))
    )
    published = dict(
        SharedNotes.objects.filter(session__in=ids, published_at__isnull=False).values_list("session", "published_at")
    )
    added = [measure.count(ids) for measure in registry.measures()]
    found = []
    for session in sessions:
        there = [seat for seat in seats[session.pk] if seat.state == SeatState.GOING]
        knows = not for_file and may_know_speakers(session, viewer, seats[session.pk])
        parts = _parts(session, there)
        (came, stayed_away, not_noted), total = (parts, len(there)) if knows else suppression.suppress_parts(parts)
        notes_at = published.get(session.pk)
        late = (notes_at - session.ends_at).total_seconds() if notes_at and session.ends_at else None
        found.append(
            Measured(
                session, total, came, stayed_away, not_noted,
                mix=mix_of(there, viewer) if knows and not is_unattributed(session) else "",
                questions=asked.get(session.pk, 0),
                hours_to_notes=None if late is None else max(0, round(late / HOUR)),
                more=[counts.get(session.pk, 0) for counts in added],
            )
        )  # fmt: skip
    return found


def mix_of(there: Iterable[TakenSeat], viewer: Viewer) -> str:
    """How many functions and industries sat together, as far as people show theirs to the viewer."""
    people = [shown(seat.profile, viewer, brief=True) for seat in there]
    functions = {person.function.slug for person in people if person.function}
    industries = {person.industry.slug for person in people if person.industry}
    return f"{len(functions)} × {len(industries)}" if functions or industries else ""


@dataclass(frozen=True)
class Mix:
    """Functions × industries of the people who sat at tables, as they may leave the house."""

    functions: list[str]
    industries: list[str]
    shown: Shown


def mix_at_tables(sessions: Iterable[SessionPage], viewer: Viewer) -> Mix:
    """People by function and industry; everybody once, however often they came, and as far as they show themselves.

    Of open sessions that are over only: who sat at a table of which nobody may speak is in no figure that could be
    compared with another.
    """
    held = [one for one in sessions if one.attribution_mode == AttributionMode.OPEN and is_over(one)]
    people = {
        seat.profile_id: seat.profile
        for seats in tables.seats_of(held).values()
        for seat in seats
        if seat.state == SeatState.GOING and seat.attended is not False
    }
    pairs = Counter(_pair(shown(profile, viewer, brief=True)) for profile in people.values())
    functions = sorted({function for function, _ in pairs}, key=_named_first)
    industries = sorted({industry for _, industry in pairs}, key=_named_first)
    counts = [[pairs[function, industry] for industry in industries] for function in functions]
    return Mix(functions, industries, suppression.suppress(counts))


def _parts(session: SessionPage, there: Sequence[TakenSeat]) -> list[int]:
    """How many came, stayed away, and are not noted."""
    if not is_over(session):
        return [0, 0, len(there)]
    noted = Counter(seat.attended for seat in there)
    return [noted[True], noted[False], noted[None]]


def _pair(person: Any) -> tuple[str, str]:
    function = person.function.name if person.function else NOT_SHOWN
    return function, person.industry.name if person.industry else NOT_SHOWN


def _named_first(name: str) -> tuple[bool, str]:
    return name == NOT_SHOWN, name
