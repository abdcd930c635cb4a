"""The database's own answer: for lists without words, for what the index owes, and while the index is ill.

Slower and plainer than an index, and bounded, but never wrong about who may see what.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from search.domain import words
from search.domain.words import Question
from search.models import Entry

MOST_READ = 3_000  # candidates whose text is read for one question; an ill index is no reason for a slow hub
WEIGHTS = {"title": 3.0, "keywords": 2.0, "people_text": 2.0, "summary": 1.5, "text": 1.0}
ALL_WORDS_FIRST_UP_TO = 4
MOST_WORDS = 40  # looked for in the database, which compares each of them with every text


@dataclass(frozen=True, slots=True)
class Match:
    """An entry that matches, how well, and what it counts for in the facets."""

    pk: int
    score: float
    counts: dict[str, list[Any]] = field(default_factory=dict)


def matching(question: Question, entries: QuerySet[Entry], *, newest: bool = False) -> list[Match]:
    """The `entries` that hold the question's words, best or newest first. Reads at most `MOST_READ` of them."""
    stems = question.stems
    candidates = entries.findable().filter(_any_word(question))  # type: ignore[attr-defined]
    columns = candidates.order_by("-date", "-pk").values_list("pk", "date", "language", *WEIGHTS)
    found = []
    for pk, day, language, *texts in columns[:MOST_READ]:
        score = _score(question, stems, dict(zip(WEIGHTS, texts, strict=True)), language)
        if score:
            found.append((day, Match(pk, score)))
    if not newest:
        found.sort(key=lambda pair: (-pair[1].score, -pair[1].pk))
    return [match for _, match in found]


def counts(entries: QuerySet[Entry], column: str) -> dict[Any, int]:
    """How many of `entries` there are for each value of `column` (a field, or a relation by primary key)."""
    values = entries.order_by().values_list("pk", column).distinct()
    return dict(Counter(value for _, value in values if value is not None))


def rows(pks: Iterable[int]) -> list[Entry]:
    """The entries with these keys, in this order; what is gone is left out."""
    wanted = list(pks)
    found = Entry.objects.findable().in_bulk(wanted)
    return [found[pk] for pk in wanted if pk in found]


def _any_word(question: Question) -> Q:
    """What the database can rule out by itself: rows without the beginning that word and stem share."""
    condition = Q()
    for word in question.words[:MOST_WORDS]:
        stem = next(iter(words.stems_of([word])))
        beginning = _shared_beginning(word, stem) or word
        if beginning.isascii():
            for column in WEIGHTS:
                condition |= Q(**{f"{column}__icontains": beginning})
        else:
            return Q()  # no database folds every script as we do: read the rows
    return condition


def _shared_beginning(word: str, stem: str) -> str:
    length = next((i for i, (a, b) in enumerate(zip(word, stem, strict=False)) if a != b), min(len(word), len(stem)))
    return word[:length]


def _score(question: Question, stems: frozenset[str], texts: dict[str, str], language: str) -> float:
    if question.phrases:
        everything = " ".join(f" {' '.join(words.analysis.words(text))} " for text in texts.values())
        if not all(f" {phrase} " in everything for phrase in question.phrases):
            return 0.0
    score = 0.0
    met: set[str] = set()
    for column, text in texts.items():
        here = words.matches(text, stems)
        met |= here
        score += WEIGHTS[column] * len(here)
    if len(stems) <= ALL_WORDS_FIRST_UP_TO and len(met) == len(stems):
        score += 100.0
    return score
