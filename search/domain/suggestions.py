"""“Did you mean …”: only ever words that the viewer could have read anyway."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches

from django.db.models import QuerySet

from search.domain import words
from search.domain.words import Question
from search.models import Entry

MOST_TITLES = 5_000
MOST_WORDS = 6  # a longer question that finds nothing is not a question of spelling
NEARNESS = 0.75  # difflib's measure; lower gives words that merely look alike


def did_you_mean(question: Question, entries: QuerySet[Entry], total: Callable[[str], int]) -> str:
    """The question with its unknown words put right, or nothing.

    The words come from titles, summaries and names of `entries`, which hold nothing but what the viewer
    may find; and the corrected question is only offered if `total` says that it finds something.
    """
    if len(question.words) > MOST_WORDS:
        return ""
    vocabulary = _vocabulary(entries)
    known = set(vocabulary)
    stems = words.stems_of(known) if known else frozenset()
    corrected, changed = [], False
    for word in question.words:
        if word in known or len(word) < 3 or words.stems_of([word]) <= stems:
            corrected.append(word)
            continue
        near = get_close_matches(word, vocabulary, n=1, cutoff=NEARNESS)
        corrected.append(near[0] if near else word)
        changed = changed or bool(near)
    text = " ".join(corrected)
    return text if changed and total(text) else ""


def _vocabulary(entries: QuerySet[Entry]) -> list[str]:
    found: dict[str, int] = {}
    rows = entries.findable().order_by("-date", "-pk")  # type: ignore[attr-defined]
    for texts in rows.values_list("title", "summary", "people_text", "keywords")[:MOST_TITLES]:
        for text in texts:
            for word in words.analysis.words(text):
                if len(word) > 2 and not word.isdigit():
                    found[word] = found.get(word, 0) + 1
    return sorted(found, key=lambda word: (-found[word], word))
