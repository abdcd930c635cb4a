"""The database's own answer: for lists without words, for what the index owes, and while the index is ill.

Slower and plainer than an index, and bounded, but never wrong about who may see what.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from hub.kernel import prepared
from search.backends.whoosh import analysis
from search.domain import weights, words
from search.domain.words import Question
from search.models import Entry

MOST_READ = 3_000  # candidates whose text is read for one question; an ill index is no reason for a slow hub
WEIGHTS = weights.COLUMNS
MOST_WORDS = 40  # looked for in the database, which compares each of them with every text


@dataclass(frozen=True, slots=True)
class Match:
    """An entry that matches, and how well."""

    pk: int
    score: float


def matching(question: Question, entries: QuerySet[Entry], *, newest: bool = False) -> list[Match]:
    """The `entries` that hold the question's words, best or newest first. Reads at most `MOST_READ` of them."""
    readings: dict[str, _Reading] = {}
    candidates = entries.findable().filter(_any_word(question))  # type: ignore[attr-defined]
    columns = candidates.order_by("-date", "-pk").values_list("pk", "date", "language", *WEIGHTS)
    found = []
    for pk, day, language, *texts in columns[:MOST_READ]:
        if language not in readings:
            readings[language] = _Reading(question, language)
        score = readings[language].score(dict(zip(WEIGHTS, texts, strict=True)))
        if score:
            found.append((day, Match(pk, score)))
    if not newest:
        found.sort(key=lambda pair: (-pair[1].score, -pair[1].pk))
    return [match for _, match in found]


def counts(entries: QuerySet[Entry], column: str) -> dict[Any, int]:
    """How many of `entries` there are for each value of `column` (a field, or a relation by primary key)."""
    values = entries.order_by().values_list("pk", column).distinct()
    return dict(Counter(value for _, value in values if value is not None))


def plain_counts(entries: QuerySet[Entry], columns: Sequence[str]) -> list[dict[Any, int]]:
    """The same for several columns of the entry itself, in one query."""
    counted = [Counter[Any]() for _ in columns]
    for values in entries.order_by().values_list(*columns):
        for counter, value in zip(counted, values, strict=True):
            if value is not None:
                counter[value] += 1
    return [dict(counter) for counter in counted]


def rows(pks: Iterable[int]) -> list[Entry]:
    """The entries with these keys, in this order; what is gone is left out."""
    wanted = list(pks)
    found = {row.pk: row for row in prepared.rows("entries", _entries, *prepared.padded(wanted))} if wanted else {}
    return [found[pk] for pk in wanted if pk in found]


def _entries(*pks: int) -> QuerySet[Entry]:
    return Entry.objects.findable().filter(pk__in=pks).order_by()


def _any_word(question: Question) -> Q:
    """What the database can rule out by itself: rows without the beginning that word and stems share."""
    condition = Q()
    others = (word for other in question.alternatives for word in other.words)
    for word in dict.fromkeys([*question.words[:MOST_WORDS], *others]):
        beginning = _shared_beginning([word, *words.tongues().stems(word)]) or word
        if not beginning.isascii():
            return Q()  # no database folds every script as we do: read the rows
        for column in WEIGHTS:
            condition |= Q(**{f"{column}__icontains": beginning})
    return condition


def _shared_beginning(spellings: list[str]) -> str:
    first, last = min(spellings), max(spellings)  # what these two share in the alphabet, all of them share
    length = next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))
    return first[:length]


class _Reading:
    """A question as it is compared with texts of one language."""

    def __init__(self, question: Question, language: str) -> None:
        tongue = analysis.language(language)
        self.stem = tongue.stem
        self.phrases = question.phrases
        self.stems = words.stems_of(question.words, language)
        # What a document in this language leaves out anyway cannot be missed in it.
        self.parts = [
            (frozenset(stems) & self.stems, tuple((f" {other.text} ", other.share) for other in part.others))
            for part in question.parts
            if (stems := tongue.stems(tongue.content_words(part.words)))
        ]
        self.is_short = question.is_short

    def score(self, texts: dict[str, str]) -> float:
        """How well the texts of an entry match; 0 if they do not."""
        said = {column: analysis.words(text) for column, text in texts.items()}
        if self.phrases:
            everything = " ".join(f" {' '.join(there)} " for there in said.values())
            if not all(f" {phrase} " in everything for phrase in self.phrases):
                return 0.0
        score, met, replaced = 0.0, set[str](), set[int]()
        for column, there in said.items():
            here = self.stems.intersection(map(self.stem, there))
            met |= here
            score += WEIGHTS[column] * len(here)
            for number, share in self._others_in(there):
                replaced.add(number)
                score += WEIGHTS[column] * share
        has_all = all(stems <= met or number in replaced for number, (stems, _) in enumerate(self.parts))
        return score + weights.ALL_WORDS_IN_DATABASE if score and self.is_short and has_all else score

    def _others_in(self, there: list[str]) -> Iterator[tuple[int, float]]:
        """The parts for which a column has something else that will do, by number, and what it counts."""
        if not any(others for _, others in self.parts):
            return
        spoken, stemmed = f" {' '.join(there)} ", f" {' '.join(map(self.stem, there))} "
        for number, (_, others) in enumerate(self.parts):
            for text, share in others:
                if text in spoken or (" " not in text.strip() and f" {self.stem(text.strip())} " in stemmed):
                    yield number, share
                    break
