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

    def compile(self, tongues: analysis.Languages) -> Node:
        """The plan for the whole query."""
        return self._node(self.query, tongues, 1.0, is_root=True)

    def _node(self, query: Any, tongues: analysis.Languages, weight: float, *, is_root: bool = False) -> Node:
        if isinstance(query, MatchAll):
            return plan.Everything(weight)
        if isinstance(query, PlainText):
            return self._plain_text(query, tongues, weight * query.boost, is_root=is_root)
        if isinstance(query, Phrase):
            return self._phrase(query, tongues, weight)
        if isinstance(query, Fuzzy):
            return self._fuzzy(query, tongues, weight)
        if isinstance(query, Boost):
            return self._node(query.subquery, tongues, weight * query.boost, is_root=is_root)
        if isinstance(query, Not):
            return plan.Except(self._node(query.subquery, tongues, weight))
        if isinstance(query, And | Or):
            is_all = isinstance(query, And)
            # A question beside a phrase that must be there is still the question.
            nodes = tuple(self._node(part, tongues, weight, is_root=is_root and is_all) for part in query.subqueries)
            if not is_all:
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

    def _parts(self, word: str, tongues: analysis.Languages, weight: float, exact: float) -> list[Part]:
        """The terms by which documents with this word are found, and what each counts."""
        stems = tongues.stems(word)
        columns = self._chosen_columns()
        if columns is not None:
            return [Part(column, stem, weight * share) for column, share in columns for stem in stems]
        parts = [Part("text", stem, weight) for stem in stems]
        parts += self._boosted_parts(stems, weight)
        return [*parts, Part("exact", word, weight * exact)] if exact else parts

    def _boosted_parts(self, stems: Sequence[str], weight: float) -> list[Part]:
        return [
            Part(f"f.{column}", stem, weight * (scoring.share_of_boost(boost) if boost > 1 else boost))
            for column, boost in mapping.boosted_columns(self.queryset.model)
            for stem in stems
        ]

    # The kinds of queries

    def _plain_text(self, query: Any, tongues: analysis.Languages, weight: float, *, is_root: bool) -> Node:
        words = analysis.query_words(query.query_string)
        needed, optional = tongues.divided(words)
        if not needed:
            return self._stop_words(words, query.operator, tongues, weight, is_root=is_root)
        node = self._words(needed, query.operator, tongues, weight, is_root=is_root)
        if optional:
            return plan.Favouring(node, self._words(optional, "or", tongues, weight, is_root=False))
        return node

    def _words(
        self, words: list[str], operator: str, tongues: analysis.Languages, weight: float, *, is_root: bool
    ) -> Node:
        by_stem: dict[tuple[str, ...], Counter[str]] = {}
        for word in words:
            by_stem.setdefault(tongues.stems(word), Counter())[word] += 1
        is_short = len(by_stem) <= scoring.ALL_WORDS_FIRST_UP_TO
        exact = scoring.EXACT_SHARE if is_short else 0.0
        nodes = tuple(self._word(forms, tongues, weight, exact) for forms in by_stem.values())
        return _joined(nodes, operator, all_first=is_root and is_short)

    def _word(self, forms: Counter[str], tongues: analysis.Languages, weight: float, exact: float) -> Node:
        """One word of the query, in all the forms and as often as it was typed."""
        weights: dict[tuple[str, str], float] = {}
        for form, count in forms.items():
            for part in self._parts(form, tongues, weight * count, exact):
                key = (part.field, part.term)
                weights[key] = weights.get(key, 0.0) + part.weight
        parts = tuple(Part(field, term, share) for (field, term), share in weights.items())
        # In several languages a word has several stems, and is not rarer for that.
        return plan.Words(parts, is_one_word=any(len(tongues.stems(form)) > 1 for form in forms))

    def _stop_words(
        self, words: list[str], operator: str, tongues: analysis.Languages, weight: float, *, is_root: bool
    ) -> Node:
        """A query of nothing else: looked up as they stand, since no stop word has a stem in `text`."""
        columns = self._chosen_columns()
        nodes = []
        for word, count in Counter(words).items():
            if columns is None:
                stems = tongues.stems(word)
                parts = [Part("exact", word, weight * count), *self._boosted_parts(stems, weight * count)]
            else:
                parts = self._parts(word, tongues, weight * count, 0.0)
            nodes.append(plan.Words(tuple(parts)))
        return _joined(tuple(nodes), operator, all_first=is_root and len(nodes) <= scoring.ALL_WORDS_FIRST_UP_TO)

    def _phrase(self, query: Any, tongues: analysis.Languages, weight: float) -> Node:
        words = analysis.query_words(query.query_string)
        if not words:
            return plan.Nothing()
        columns = self._chosen_columns()
        if columns is None:
            return plan.Phrase((("exact", 1.0),), tuple(words), weight)
        spoken = dict.fromkeys(tuple(tongue.stems(words)) for tongue in tongues.all)
        nodes = tuple(plan.Phrase(tuple(columns), stems, weight) for stems in spoken)
        return _joined(nodes, "or")

    def _fuzzy(self, query: Any, tongues: analysis.Languages, weight: float) -> Node:
        words = analysis.query_words(query.query_string)
        words = tongues.divided(words)[0] or words
        columns = self._chosen_columns()
        fields: Sequence[tuple[str, float]] = [("exact", 1.0)] if columns is None else columns
        if columns is not None:
            words = tongues.first.stems(words)
        different = list(dict.fromkeys(words))[: analysis.MOST_FUZZY_WORDS]
        nodes = tuple(plan.Similar(tuple(fields), word, weight) for word in different)
        return _joined(nodes, query.operator)

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

    def _node(self, query: Any, tongues: analysis.Languages, weight: float, *, is_root: bool = False) -> Node:
        if not isinstance(query, PlainText | MatchAll):
            raise NotImplementedError(f"`{type(query).__name__}` is not supported for autocomplete queries.")
        return super()._node(query, tongues, weight, is_root=is_root)

    def _plain_text(self, query: Any, tongues: analysis.Languages, weight: float, *, is_root: bool) -> Node:
        chosen = self._chosen_fields(AutocompleteField)
        model = self.queryset.model
        fields = ["prefix"] if chosen is None else [f"p.{mapping.column_of(field, model)}" for field in chosen]
        words = dict.fromkeys(word[: analysis.LONGEST_PREFIX] for word in analysis.query_words(query.query_string))
        nodes = tuple(plan.Words(tuple(Part(field, word, weight) for field in fields)) for word in words)
        return _joined(nodes, query.operator, all_first=is_root)


def _joined(nodes: tuple[Node, ...], operator: str, *, all_first: bool = False) -> Node:
    """All of the nodes, or any of them."""
    if not nodes:
        return plan.Nothing()
    if len(nodes) == 1:
        return nodes[0]
    return plan.AllOf(nodes) if operator == "and" else plan.AnyOf(nodes, all_first)
