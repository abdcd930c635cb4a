"""What a list of results shows of each hit: made of the entry alone, all escaped, the question's words marked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils import timezone
from django.utils.safestring import SafeString

from hub.kernel.dates import in_words
from hub.kernel.freshness import Freshness, freshness
from hub.taxonomy.pairs import Pair
from search.domain import words
from search.domain.filters import Vocabulary
from search.domain.query import Hit, SearchAnswer
from search.domain.words import Marks
from search.enums import Kind
from search.models import Entry

NOTHING = Marks()  # where nobody asked


@dataclass(frozen=True, slots=True)
class Row:
    """One result as a template shows it. `title_html` and `gist_html` are safe and hold `<mark>`."""

    kind: str
    kind_label: str
    title: str
    title_html: SafeString
    url: str
    gist: str
    gist_html: SafeString
    who: str
    pair: Pair | None
    freshness: Freshness | None
    facts: Sequence[str]
    source: str
    score: float
    is_promoted: bool = False

    @property
    def why(self) -> str:
        """The reason why it is where it is, if there is one beside the words."""
        return "Chosen by the editors" if self.is_promoted else ""


def rows(answer: SearchAnswer) -> list[Row]:
    """The hits of an answer, ready to be shown. Runs no query."""
    question, marks = answer.question, dict[str, Marks]()
    for hit in answer.hits:
        if hit.entry.language not in marks:
            marks[hit.entry.language] = NOTHING if question.is_empty else question.marks(hit.entry.language)
    return [row(hit, marks[hit.entry.language], answer.vocabulary) for hit in answer.hits]


def row(hit: Hit, marks: Marks, vocabulary: Vocabulary) -> Row:
    """One hit, with what `marks` say in its own language."""
    entry = hit.entry
    gist, gist_html = _gist(entry, marks)
    who = who_of(entry)
    return Row(
        kind=entry.kind,
        kind_label=str(Kind(entry.kind).label),
        title=entry.title,
        title_html=words.marked(entry.title, marks, entry.language),
        url=entry.url,
        gist=gist,
        gist_html=gist_html,
        who=who,
        pair=_pair(entry.facts, vocabulary),
        freshness=_freshness(entry),
        facts=[*([who] if who else []), *_lines(entry)],
        source=entry.source,
        score=round(hit.score, 4),
        is_promoted=hit.is_promoted,
    )


def _gist(entry: Entry, marks: Marks) -> tuple[str, SafeString]:
    """The summary; the piece of the text that has the question's words, where the summary has none of them.

    And the same with the words marked.
    """
    summary, language = entry.summary, entry.language
    if len(summary) > words.GIST_LENGTH * 2:
        summary = words.fragment(summary, marks, language)
    shown = words.marked(summary, marks, language)
    if "<mark>" in shown:
        return summary, shown
    passage = words.passage(entry.text, marks, language) if marks else ""
    if not passage and not summary and entry.kind != Kind.PERSON:
        passage = words.fragment(entry.text, marks, language)
    return (passage, words.marked(passage, marks, language)) if passage else (summary, shown)


def who_of(entry: Entry) -> str:
    """Who is named on it, in the words of this scope: for a person what they do, else up to three names."""
    if entry.kind == Kind.PERSON:
        return str(entry.facts.get("who", ""))
    return _listed(entry.people)


def _listed(names: Sequence[str]) -> str:
    if len(names) > 3:
        return f"{', '.join(names[:2])} and {len(names) - 2} others"
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def _pair(facts: dict[str, Any], vocabulary: Vocabulary) -> Pair | None:
    function = vocabulary.function.get(facts.get("function") or 0)
    industry = vocabulary.industry.get(facts.get("industry") or 0)
    if function is None and industry is None:
        return None
    return Pair(
        function=function.name if function else "",
        initial=function.initial if function else "",
        industry=industry.name if industry else "",
        slot=industry.slot if industry else None,
    )


def _freshness(entry: Entry) -> Freshness | None:
    verified_on = _day(entry.facts.get("verified_on"))
    return freshness(
        verified_on,
        entry.verify_by,
        today=timezone.localdate(),
        verified_by=entry.verified_by or None,
        obsolete_since=_day(entry.facts.get("obsolete_since")),
    )


def _lines(entry: Entry) -> Iterable[str]:
    facts, today = entry.facts, timezone.localdate()
    if starts_at := facts.get("starts_at"):
        yield _session_time(datetime.fromisoformat(starts_at), facts.get("time_zone") or "UTC", today)
    if facts.get("cancelled"):
        yield "Cancelled"
    if published := _day(facts.get("published_on")):
        yield in_words(published, today)
    yield from facts.get("lines", [])


def _session_time(start: datetime, zone: str, today: date) -> str:
    """A session to come with day and hour on the clock where it is held, a past one with its date alone."""
    try:
        local = start.astimezone(ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError):
        local = start
    if local.date() < today:
        return in_words(local.date(), today)
    return f"{local:%A} {in_words(local.date(), today)}, {local:%H:%M}"


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
