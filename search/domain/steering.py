"""What staff wrote to steer the search, read once for every question, in one query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import BigIntegerField, F, IntegerField, Value
from django.utils import timezone

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
        columns = ("is_promoted", "sort_order", "pk", "words", "first", "second")
        synonyms = Synonym.objects.order_by().annotate(
            is_promoted=Value(0, IntegerField()),
            sort_order=Value(0, IntegerField()),
            first=F("language"),
            second=Value(0, BigIntegerField()),
        )
        promotions = (
            PromotedResult.objects.current(timezone.localdate())
            .order_by()
            .annotate(is_promoted=Value(1, IntegerField()), first=F("source_model"), second=F("source_id"))
        )
        rows = sorted(synonyms.values_list(*columns).union(promotions.values_list(*columns), all=True))
        return cls(
            [(words, first) for is_promoted, _, _, words, first, _ in rows if not is_promoted],
            [Promotion(words, first, second) for is_promoted, _, _, words, first, second in rows if is_promoted],
        )
