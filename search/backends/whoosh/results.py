"""Search results: ranked, counted and faceted in the index; objects fetched in one query per page."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator
from heapq import nsmallest
from typing import Any, TypeVar

from django.db import models
from modelsearch.backends.base import BaseSearchResults, FilterFieldError

from . import analysis, mapping, values
from .filters import Filter
from .index import WhooshIndex
from .plan import Everything, Node, Scores
from .segments import Segment, Snapshot

T = TypeVar("T")

#: Objects fetched by one query when all results are wanted; a page is far smaller.
FETCHED_AT_ONCE = 1_000


class Outcome:
    """Every match of one query in one snapshot of the index."""

    def __init__(self, snapshot: Snapshot, node: Node, condition: Filter | None, model: type[models.Model]) -> None:
        self.snapshot = snapshot
        self.segments = snapshot.segments
        self.matches = [_matches(snapshot, segment, node, condition) for segment in self.segments]
        self.total = sum(map(len, self.matches))
        self.kind_of_pk = mapping.kind_of_pk(model)
        self._starts = []
        start = 0
        for segment in self.segments:
            self._starts.append(start)
            start += segment.size

    def _pk(self, segment: Segment, document: int) -> Any:
        return values.decode(self.kind_of_pk, segment.values("v.pk")[document][0])

    def best(self, first: int, last: int | None) -> list[tuple[Any, float]]:
        """The best matches from one place to another, as (primary key, score); equal ones in the order indexed."""
        ranked = (
            (-score, start + document)
            for start, scores in zip(self._starts, self.matches, strict=True)
            for document, score in scores.items()
        )
        ordered = sorted(ranked) if last is None else nsmallest(last, ranked)
        return [self._hit(place, -score) for score, place in ordered[first:last]]

    def _hit(self, place: int, score: float) -> tuple[Any, float]:
        number = bisect_right(self._starts, place) - 1
        return self._pk(self.segments[number], place - self._starts[number]), score

    def best_by(self, column: str, most: int) -> dict[str, list[tuple[Any, float]]]:
        """The best matches for each value of a column, as (primary key, score)."""
        ranked: dict[str, list[tuple[float, int]]] = {}
        for number, (start, scores) in enumerate(zip(self._starts, self.matches, strict=True)):
            rows = self.segments[number].values(column)
            for document, score in scores.items():
                for value in rows[document]:
                    ranked.setdefault(value, []).append((-score, start + document))
        return {
            value: [self._hit(place, -score) for score, place in nsmallest(most, places)]
            for value, places in ranked.items()
        }

    def sorted_by(self, columns: list[tuple[bool, str]], first: int, last: int | None) -> list[tuple[Any, float]]:
        """The same, sorted by the values of columns; documents without a value come last either way."""
        places = [(number, document) for number, scores in enumerate(self.matches) for document in scores]
        for descending, column in reversed(columns):
            rows = [segment.values(f"v.{column}") for segment in self.segments]
            having = [place for place in places if rows[place[0]][place[1]]]
            lacking = [place for place in places if not rows[place[0]][place[1]]]
            end = -1 if descending else 0
            having.sort(key=_key(rows, end), reverse=descending)
            places = having + lacking
        return [
            (self._pk(self.segments[number], document), self.matches[number][document])
            for number, document in places[first:last]
        ]

    def scores_by_pk(self) -> dict[Any, float]:
        """The score of every match by its primary key."""
        return {
            self._pk(segment, document): score
            for segment, scores in zip(self.segments, self.matches, strict=True)
            for document, score in scores.items()
        }

    def score_of(self, pk: Any) -> float | None:
        """What one object scores; nothing if it does not match."""
        for segment, scores in zip(self.segments, self.matches, strict=True):
            for document in segment.documents("pk", str(pk)):
                if document in scores:
                    return scores[document]
        return None

    def scoring(self, least: float) -> list[tuple[Any, float]]:
        """The matches that score as much, as (primary key, score), the best first, of equal ones the lowest key."""
        found = [
            (self._pk(segment, document), score)
            for segment, scores in zip(self.segments, self.matches, strict=True)
            for document, score in scores.items()
            if score >= least
        ]
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))

    def facet(self, column: str) -> Counter[str | None]:
        """How many matches have each value of a filter field, and how many have none."""
        combinations: Counter[tuple[str, ...]] = Counter()
        for segment, scores in zip(self.segments, self.matches, strict=True):
            combinations.update(map(segment.values(column).__getitem__, scores))
        counts: Counter[str | None] = Counter()
        for combination, count in combinations.items():
            for value in combination or (None,):
                counts[value] += count
        return counts


def _key(rows: list[list[tuple[str, ...]]], end: int) -> Any:
    return lambda place: rows[place[0]][place[1]][end]


def _matches(snapshot: Snapshot, segment: Segment, node: Node, condition: Filter | None) -> Scores:
    allowed = None if condition is None else condition.documents(segment)
    if allowed is not None and not allowed:
        return {}
    deleted = segment.deleted
    if isinstance(node, Everything):
        return dict.fromkeys((segment.live if allowed is None else sorted(allowed - deleted)), node.score)
    scores = node.scores(snapshot, segment)
    if allowed is not None:
        kept = scores.keys() & allowed
        return {document: scores[document] for document in kept if document not in deleted}
    if deleted:
        return {document: score for document, score in scores.items() if document not in deleted}
    return scores


class SearchResults(BaseSearchResults):
    """What modelsearch hands to its callers."""

    supports_facet = True

    def _ask(self, question: Callable[[Outcome], T], nothing: Callable[[], T]) -> T:
        """Asks the outcome something. It is worked out once per search, however that is sliced, counted, faceted."""
        compiler = self.query_compiler
        model = compiler.queryset.model

        def ask(snapshot: Snapshot) -> T:
            if compiler.outcome is None or compiler.outcome.snapshot is not snapshot:
                tongues = map(analysis.language, (self.backend.language, *snapshot.languages))
                node = compiler.compile(analysis.Languages(*tongues))
                compiler.outcome = Outcome(snapshot, node, compiler.compile_filters(), model)
            return question(compiler.outcome)

        index: WhooshIndex = self.backend.get_index_for_model(model)
        return index.read(ask, nothing)

    def _hits(self, outcome: Outcome) -> list[tuple[Any, float]]:
        compiler = self.query_compiler
        if compiler.order_by_relevance:
            return outcome.best(self.start, self.stop)
        columns = compiler.sort_columns()
        if columns is not None:
            return outcome.sorted_by(columns, self.start, self.stop)
        return self._sorted_by_database(outcome)

    def _sorted_by_database(self, outcome: Outcome) -> list[tuple[Any, float]]:
        """For an order that is an expression: the database says the order of everything, the index what matches."""
        scores = outcome.scores_by_pk()
        in_order = dict.fromkeys(self.query_compiler.queryset.values_list("pk", flat=True))
        return [(pk, scores[pk]) for pk in in_order if pk in scores][self.start : self.stop]

    def _do_search(self) -> Iterator[models.Model]:
        hits: list[tuple[Any, float]] = self._ask(self._hits, list)
        queryset = self.query_compiler.queryset
        for begin in range(0, len(hits), FETCHED_AT_ONCE):
            some = hits[begin : begin + FETCHED_AT_ONCE]
            # The queryset's own conditions are asked again: what the index has not heard of yet stays hidden.
            found = {obj.pk: obj for obj in queryset.order_by().filter(pk__in=[pk for pk, _ in some])}
            for pk, score in some:
                obj = found.get(pk)
                if obj is not None:
                    if self._score_field:
                        setattr(obj, self._score_field, float(score))
                    yield obj

    def _do_count(self) -> int:
        total = self._ask(lambda outcome: outcome.total, int)
        last = total if self.stop is None else min(total, self.stop)
        return max(last - self.start, 0)

    def best_by(self, field_name: str, most: int) -> dict[Any, list[tuple[Any, float]]]:
        """The best matches for each value of a filter field, as (primary key, score), worked out in one go.

        They come from the index alone: whoever reads the objects asks the database for its conditions again.
        """
        compiler = self.query_compiler
        model = compiler.queryset.model
        field = compiler._get_filterable_field(field_name)
        if field is None:
            raise FilterFieldError(f"{model.__name__} has no filter field {field_name}.", field_name=field_name)
        column, kind = f"v.{mapping.column_of(field, model)}", mapping.kind_of(field, model)
        found: dict[str, list[tuple[Any, float]]] = self._ask(lambda outcome: outcome.best_by(column, most), dict)
        return {values.decode(kind, text): hits for text, hits in found.items()}

    def facet(self, field_name: str) -> OrderedDict[Any, int]:
        """The values of a filter field among all matches with their counts, most frequent first."""
        compiler = self.query_compiler
        model = compiler.queryset.model
        field = compiler._get_filterable_field(field_name)
        if field is None:
            raise FilterFieldError(
                f'Cannot facet search results with field "{field_name}". '
                f"Please add index.FilterField('{field_name}') to {model.__name__}.search_fields.",
                field_name=field_name,
            )
        column = f"v.{mapping.column_of(field, model)}"
        counts: Counter[str | None] = self._ask(lambda outcome: outcome.facet(column), Counter)
        kind = mapping.kind_of(field, model)
        ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0] is None, item[0] or ""))
        return OrderedDict((None if text is None else values.decode(kind, text), count) for text, count in ordered)
