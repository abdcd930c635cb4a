"""“Did you mean …”: only ever words that the viewer could have read anyway.

A word is put right only if nothing that the viewer may find has it, and only by a word that something
they may find has. Nothing is remembered between two questions, so there is no vocabulary that could
belong to somebody else or be older than the last change: an engine that spells counts each word among
the entries it was given, which leave out what the index owes (`search.domain.query`). Of that, and of
everything where no engine spells, the database reads the words afresh; not those of long texts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from django.db.models import QuerySet
from rapidfuzz import process
from rapidfuzz.distance import OSA

from search.domain import engine, words
from search.domain.words import Question
from search.models import Entry

MOST_ENTRIES = 5_000  # the newest, whose words the database reads for one question
MOST_WORDS = 6  # a longer question that finds nothing is not a question of spelling
SHORTEST = 4  # shorter words are more often right than wrong
LONG = 6  # from this length on, two slips are still the same word


def did_you_mean(
    question: Question, entries: QuerySet[Entry], total: Callable[[str], int], *, owed: Sequence[int] | None
) -> str:
    """The question with its unknown words put right, or nothing.

    `entries` hold nothing but what the viewer may find; `owed` are those of which the index has something
    older, None if the index is not to be asked at all. The corrected question is only offered if `total`
    says that it finds something.
    """
    if len(question.words) > MOST_WORDS:
        return ""
    spell = getattr(engine.backend(), "suggest", None)
    if spell is None or owed is None:
        better = _from_database(question, entries)
    else:
        fresh = _vocabulary(entries.filter(pk__in=owed)) if owed else None
        better = spell(question.text, entries.exclude(pk__in=owed) if owed else entries, fresh) or ""
    return better if better and total(better) else ""


def _from_database(question: Question, entries: QuerySet[Entry]) -> str:
    known = _vocabulary(entries)
    stems = words.stems_of(known) if known else frozenset()
    corrected = [
        word if word in known or words.stems_of([word]) <= stems else _nearest(word, known) for word in question.words
    ]
    return " ".join(corrected) if corrected != list(question.words) else ""


def _nearest(word: str, known: Counter[str]) -> str:
    """The known word with the fewest slips between, the most frequent of equally near ones; the word itself if none."""
    if len(word) < SHORTEST or not word.isalpha():
        return word
    allowed = 1 if len(word) < LONG else 2
    near = process.extract(word, list(known), scorer=OSA.distance, score_cutoff=allowed, limit=None)
    best = min(near, key=lambda found: (found[1], found[0][0] != word[0], -known[found[0]], found[0]), default=None)
    return best[0] if best else word


def _vocabulary(entries: QuerySet[Entry]) -> Counter[str]:
    found: Counter[str] = Counter()
    rows = entries.findable().order_by("-date", "-pk")  # type: ignore[attr-defined]
    for texts in rows.values_list("title", "summary", "people_text", "keywords")[:MOST_ENTRIES]:
        found.update({word for text in texts for word in words.analysis.words(text) if word.isalpha()})
    return found
