"""Results that staff chose for a question: first in the list, for those who may find them anyway."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from search.domain import words
from search.domain.steering import Promotion
from search.domain.words import Question
from search.models import Entry
from search.models.steering import listed

MOST_PROMOTED = 3  # of one question; more would push what was found off the first screen


def chosen(question: Question, promotions: Sequence[Promotion], entries: QuerySet[Entry]) -> list[int]:
    """The keys of what was chosen for this question and is among `entries`, in the order of the editors.

    A question is the same if it has the same words, in any order and form; no query unless there is one.
    """
    asked = _keys(question.words)
    wanted = [
        (promotion.source_model, promotion.source_id)
        for promotion in promotions
        if any(asked & _keys(words.ask(text).words) for text in listed(promotion.words))
    ]
    if not wanted:
        return []
    condition = reduce(or_, (Q(source_model=model, source_id=pk) for model, pk in wanted))
    rows = entries.findable().filter(condition).values_list("source_model", "source_id", "pk")  # type: ignore[attr-defined]
    found = {(model, source_id): pk for model, source_id, pk in rows}
    return list(dict.fromkeys(found[key] for key in wanted if key in found))[:MOST_PROMOTED]


def _keys(said: Iterable[str]) -> set[frozenset[str]]:
    """What identifies a question: its stems, in each of the hub's languages."""
    said = list(said)
    tongues = words.tongues()
    meaning = tongues.divided(said)[0] or said
    return {frozenset(tongue.stems(meaning)) for tongue in tongues.all}
