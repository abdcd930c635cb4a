"""Names and titles are found when they are spelt nearly so, below everything that was typed exactly.

Only a short question that finds little is looked at: "Hanna" may be Hannah where there are two Hannas, and
what finds nothing at all is a matter of spelling (`search.domain.spelling`), which is said aloud. Near words
are read among what the viewer may find, and how little that is depends on nothing else.
"""

from __future__ import annotations

from dataclasses import replace

from django.db.models import QuerySet

from search.domain import engine, weights
from search.domain.words import Alternative, Part, Question
from search.models import Entry

FEW = 10  # results: what fits on one page is little
SHORTEST = 4  # shorter words have too many neighbours
FIELDS = ("title", "people_text")


def may_help(question: Question) -> bool:
    """Whether the question is one in which a word may be a name or title spelt nearly so."""
    return question.is_short and not question.phrases and any(map(_is_open, question.parts))


def extended(question: Question, entries: QuerySet[Entry]) -> Question:
    """The question with the words of names and titles of `entries` that its own words nearly are.

    Where the engine cannot say which they are, the question as it is.
    """
    said = [part.words[0] for part in question.parts if _is_open(part)]
    near = engine.near_words(said, entries, FIELDS)
    parts = [
        replace(part, others=tuple(Alternative(word, weights.NEAR_SHARE) for word in near.get(part.words[0], ())))
        if _is_open(part)
        else part
        for part in question.parts
    ]
    return replace(question, parts=tuple(parts)) if any(near.values()) else question


def _is_open(part: Part) -> bool:
    return not part.others and len(part.words) == 1 and len(part.words[0]) >= SHORTEST and part.words[0].isalpha()
