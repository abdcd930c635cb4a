"""What staff wrote to steer the search, read once for every question, in one query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import BigIntegerField, F, IntegerField, Value
from django.utils import timezone

from hub.kernel import prepared
from search.models import PromotedResult, Synonym


@dataclass(frozen=True, slots=True)
class Promotion:
    """The questions for which a thing of the catalogue comes first, as they were written."""

    words: str
    source_model: str
    source_id: int


@dataclass(frozen=True, slots=True)
class Steering:
    """The groups of synonyms as `(words, language)`, and the promotions that hold today in their order."""

    synonyms: Sequence[tuple[str, str]] = ()
    promotions: Sequence[Promotion] = ()

    @classmethod
    def load(cls) -> Steering:
        """Everything, in one query; there are dozens of both, not thousands."""
        today = timezone.localdate()  # part of the name: a day is no value that a prepared query takes
        rows = sorted(prepared.rows(("steering", today), lambda: cls._written(today)))
        return cls(
            [(words, first) for is_promoted, _, _, words, first, _ in rows if not is_promoted],
            [Promotion(words, first, second) for is_promoted, _, _, words, first, second in rows if is_promoted],
        )

    @staticmethod
    def _written(today: date) -> Any:
        columns = ("is_promoted", "sort_order", "pk", "words", "first", "second")
        synonyms = Synonym.objects.order_by().annotate(
            is_promoted=Value(0, IntegerField()),
            sort_order=Value(0, IntegerField()),
            first=F("language"),
            second=Value(0, BigIntegerField()),
        )
        promotions = (
            PromotedResult.objects.current(today)
            .order_by()
            .annotate(is_promoted=Value(1, IntegerField()), first=F("source_model"), second=F("source_id"))
        )
        return synonyms.values_list(*columns).union(promotions.values_list(*columns), all=True)
