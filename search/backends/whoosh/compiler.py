"""From modelsearch's query classes to a plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from modelsearch.backends.base import OrderByFieldError
from modelsearch.index import AutocompleteField, SearchField
from modelsearch.query import And, Boost, Fuzzy, MatchAll, Not, Or, Phrase, PlainText

from . import analysis, mapping, plan, scoring
from .plan import Node, Part
from .querysets import QuerySetFilters


class QueryCompiler(QuerySetFilters):
    """Whole-word search."""

    #: Long questions find next to nothing when every word is demanded; short ones have all words first.
    DEFAULT_OPERATOR = "or"
    HANDLES_ORDER_BY_EXPRESSIONS = True

    #: Results of the last evaluation, shared by every slice, count and facet of one search.
    outcome: Any = None

    def compile(self, language: analysis.Language) -> Node:
        """The plan for the whole query."""
        return self._node(self.query, language, 1.0, is_root=True)

    def _node(self, query: Any, language: analysis.Language, weight: float, *, is_root: bool = False) -> Node:
        if isinstance(query, MatchAll):
            return plan.Everything(weight)
        if isinstance(query, PlainText):
            return self._plain_text(query, language, weight * query.boost, is_root=is_root)
        if isinstance(query, Phrase):
            return self._phrase(query, language, weight)
        if isinstance(query, Fuzzy):
            return self._fuzzy(query, language, weight)
        if isinstance(query, Boost):
            return self._node(query.subquery, language, weight * query.boost, is_root=is_root)
        if isinstance(query, Not):
            return plan.Except(self._node(query.subquery, language, weight))
        if isinstance(query, And | Or):
            nodes = tuple(self._node(part, language, weight) for part in query.subqueries)
            if isinstance(query, Or):
                return plan.AnyOf(nodes)
            narrowing = tuple(node for node in nodes if not isinstance(node, plan.Everything))
            return plan.AllOf(narrowing) if narrowing else plan.Everything(weight)
        raise NotImplementedError(f"`{type(query).__name__}` is not supported by the Whoosh search backend.")

    # Where words are looked up

    def _chosen_fields(self, kind: type) -> list[Any] | None:
        """The search fields named in `fields=[…]`, or none when everything is to be searched."""
        if not self.fields:
            return None
        model = self.queryset.model
        fields: list[Any] = [field for field in model.get_search_fields() if isinstance(field, kind)]
        by_name = {field.field_name: field for field in fields}
        return [by_name[name] for name in self.fields if name in by_name]

    def _chosen_columns(self) -> list[tuple[str, float]] | None:
        chosen = self._chosen_fields(SearchField)
        if chosen is None:
            return None
        columns = []
        for field in chosen:
            boost = mapping.boost_of(field)
            weight = 1.0 + scoring.share_of_boost(boost) if boost >= 1 else boost
            columns.append((f"f.{mapping.column_of(field, self.queryset.model)}", weight))
        return columns

    def _boosted_parts(self, stem: str, weight: float) -> list[Part]:
        return [
            Part(f"f.{column}", stem, weight * (scoring.share_of_boost(boost) if boost > 1 else boost))
            for column, boost in mapping.boosted_columns(self.queryset.model)
        ]

    def _parts(self, word: str, language: analysis.Language, weight: float, exact: float) -> list[Part]:
        """The terms by which documents with this word are found, and what each counts."""
        stem = language.stem(word)
        columns = self._chosen_columns()
        if columns is not None:
            return [Part(column, stem, weight * share) for column, share in columns]
        if word in language.stop_words:  # the query is made of nothing else
            return [Part("exact", word, weight), *self._boosted_parts(stem, weight)]
        parts = [Part("text", stem, weight), *self._boosted_parts(stem, weight)]
        return [*parts, Part("exact", word, weight * exact)] if exact else parts

    # The kinds of queries

    def _plain_text(self, query: Any, language: analysis.Language, weight: float, *, is_root: bool) -> Node:
        words = analysis.query_words(query.query_string)
        words = language.content_words(words) or words
        by_stem: dict[str, Counter[str]] = {}
        for word in words:
            by_stem.setdefault(language.stem(word), Counter())[word] += 1
        is_short = len(by_stem) <= scoring.ALL_WORDS_FIRST_UP_TO
        exact = scoring.EXACT_SHARE if is_short else 0.0
        nodes = tuple(self._word(forms, language, weight, exact) for forms in by_stem.values())
        if not nodes:
            return plan.Nothing()
        if len(nodes) == 1:
            return nodes[0]
        if query.operator == "and":
            return plan.AllOf(nodes)
        return plan.AnyOf(nodes, all_first=is_root and is_short)

    def _word(self, forms: Counter[str], language: analysis.Language, weight: float, exact: float) -> Node:
        """One word of the query, in all the forms and as often as it was typed."""
        weights: dict[tuple[str, str], float] = {}
        for form, count in forms.items():
            for part in self._parts(form, language, weight * count, exact):
                key = (part.field, part.term)
                weights[key] = weights.get(key, 0.0) + part.weight
        return plan.Words(tuple(Part(field, term, share) for (field, term), share in weights.items()))

    def _phrase(self, query: Any, language: analysis.Language, weight: float) -> Node:
        words = analysis.query_words(query.query_string)
        if not words:
            return plan.Nothing()
        columns = self._chosen_columns()
        if columns is None:
            return plan.Phrase((("exact", 1.0),), tuple(words), weight)
        return plan.Phrase(tuple(columns), tuple(language.stems(words)), weight)

    def _fuzzy(self, query: Any, language: analysis.Language, weight: float) -> Node:
        words = analysis.query_words(query.query_string)
        words = language.content_words(words) or words
        columns = self._chosen_columns()
        fields: Sequence[tuple[str, float]] = [("exact", 1.0)] if columns is None else columns
        if columns is not None:
            words = language.stems(words)
        different = list(dict.fromkeys(words))[: analysis.MOST_FUZZY_WORDS]
        nodes = tuple(plan.Similar(tuple(fields), word, weight) for word in different)
        if not nodes:
            return plan.Nothing()
        return plan.AllOf(nodes) if query.operator == "and" else plan.AnyOf(nodes)

    # Order

    def sort_columns(self) -> list[tuple[bool, str]] | None:
        """What to sort by, as (descending, column), when the index can; nothing when the database must."""
        query = self.queryset.query
        if not query.order_by:
            return None if self.queryset.ordered else [(True, "pk")]
        if not all(isinstance(name, str) for name in query.order_by):
            return None
        model = self.queryset.model
        return [(reverse, mapping.column_of(field, model)) for reverse, field in self._get_order_by()]

    def check(self) -> None:
        """Refuses what modelsearch refuses, and the random order that no index can page through."""
        if not self.order_by_relevance and "?" in self.queryset.query.order_by:
            raise OrderByFieldError("Search results cannot be sorted at random.", field_name="?")
        super().check()


class AutocompleteQueryCompiler(QueryCompiler):
    """Search by the beginnings of words, in the autocomplete fields only."""

    #: Typing more must narrow the suggestions down, not widen them.
    DEFAULT_OPERATOR = "and"

    def _node(self, query: Any, language: analysis.Language, weight: float, *, is_root: bool = False) -> Node:
        if not isinstance(query, PlainText | MatchAll):
            raise NotImplementedError(f"`{type(query).__name__}` is not supported for autocomplete queries.")
        return super()._node(query, language, weight, is_root=is_root)

    def _plain_text(self, query: Any, language: analysis.Language, weight: float, *, is_root: bool) -> Node:
        chosen = self._chosen_fields(AutocompleteField)
        model = self.queryset.model
        fields = ["prefix"] if chosen is None else [f"p.{mapping.column_of(field, model)}" for field in chosen]
        words = dict.fromkeys(word[: analysis.LONGEST_PREFIX] for word in analysis.query_words(query.query_string))
        nodes = tuple(plan.Words(tuple(Part(field, word, weight) for field in fields)) for word in words)
        if not nodes:
            return plan.Nothing()
        return plan.AllOf(nodes) if query.operator == "and" else plan.AnyOf(nodes, all_first=is_root)
