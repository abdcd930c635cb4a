"""What a list of results is narrowed down to, and the vocabularies that name the choices."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField, F, Q, Value
from django.db.models import QuerySet as Query
from django.db.models.functions import Cast

from hub.kernel import prepared
from hub.taxonomy.models import Function, Industry, Topic
from search.enums import KIND_PLURALS, Kind, Like
from search.models import Entry
from search.registry import Place

MOST_CHOICES = 30  # of one facet; more is a program, not a person
YEARS = range(1900, 2200)
WithAny = Callable[[str, list[Any]], Q]
_RELATION = {"topic": "topics", "function": "functions", "industry": "industries"}


@dataclass(frozen=True, slots=True)
class Term:
    """A topic, function or industry, as far as lists of results show it."""

    pk: int
    slug: str
    name: str
    initial: str = ""
    slot: int | None = None


@dataclass
class Vocabulary:
    """The terms a page of results has to name, read in as few queries as possible."""

    topic: dict[int, Term] = field(default_factory=dict)
    function: dict[int, Term] = field(default_factory=dict)
    industry: dict[int, Term] = field(default_factory=dict)

    @classmethod
    def load(cls, topic_slugs: Sequence[str]) -> Vocabulary:
        """All functions and industries, which are few, and the topics that were chosen; one query."""
        chosen = [slug for slug in topic_slugs[:MOST_CHOICES] if len(slug) <= 120 and "\x00" not in slug]
        functions = _columns(Function.objects.all(), "function", F("initial"))
        industries = _columns(Industry.objects.all(), "industry", Cast("colour_slot", CharField()))
        topics = _columns(Topic.objects.filter(slug__in=chosen), "topic", Value("", CharField()))
        if chosen:
            rows = functions.union(industries, topics, all=True)
        else:
            rows = prepared.rows("functions and industries", lambda: functions.union(industries, all=True))
        found = cls()
        for group, pk, slug, name, extra in rows:
            term = Term(pk, slug, name)
            if group == "function":
                term = Term(pk, slug, name, initial=extra)
            elif group == "industry":
                term = Term(pk, slug, name, slot=int(extra))
            getattr(found, group)[pk] = term
        return found

    def add_topics(self, pks: Iterable[int]) -> None:
        """Read the names of further topics; one query, none if all are known."""
        missing = prepared.padded(pk for pk in pks if pk not in self.topic)
        if missing:
            for pk, slug, name in prepared.rows("topics", _topics, *missing):
                self.topic[pk] = Term(pk, slug, name)

    def add_topic_slugs(self, slugs: Sequence[str]) -> None:
        """Read the topics with these slugs; one query, none if there are no slugs."""
        if slugs:
            for pk, slug, name in Topic.objects.filter(slug__in=slugs).values_list("pk", "slug", "name"):
                self.topic[pk] = Term(pk, slug, name)

    def by_slug(self, group: str) -> dict[str, Term]:
        """The known terms of one vocabulary by their slugs."""
        return {term.slug: term for term in getattr(self, group).values()}


def _topics(*pks: int) -> Any:
    return Topic.objects.filter(pk__in=pks).order_by().values_list("pk", "slug", "name")


def _columns(terms: Query[Any], group: str, extra: Any) -> Any:
    """The same five columns of every vocabulary, so that they fit into one query."""
    return (
        terms.order_by()
        .annotate(group=Value(group, CharField()), extra=extra)
        .values_list("group", "pk", "slug", "name", "extra")
    )


@dataclass(frozen=True, slots=True)
class Near:
    """Whose experience is wanted, seen from where the viewer stands.

    Like us: their function or their industry. Unlike us: another function in another industry. What says
    neither is nobody's experience and in neither.
    """

    like: Like
    terms: tuple[tuple[str, list[Term]], ...]

    @classmethod
    def of(cls, like: Like, place: Place, vocabulary: Vocabulary) -> Near:
        """The terms of one's own, or all the others, of each half that the viewer's place has."""
        terms = []
        for relation, own, known in (
            ("functions", place.function, vocabulary.function),
            ("industries", place.industry, vocabulary.industry),
        ):
            if own in known:
                wanted = [term for pk, term in known.items() if (pk == own) == (like == Like.LIKE)]
                terms.append((relation, wanted))
        return cls(like, tuple(terms))

    def condition(self, with_any: WithAny) -> Q:
        """What an entry has to have."""
        found = Q()
        for relation, terms in self.terms:
            half = with_any(relation, terms)
            found = found | half if self.like == Like.LIKE else found & half
        return found


@dataclass
class Filters:
    """The choices that are on. `unknown` are those that were asked for and do not exist."""

    kind: list[str] = field(default_factory=list)
    topic: list[Term] = field(default_factory=list)
    function: list[Term] = field(default_factory=list)
    industry: list[Term] = field(default_factory=list)
    year: list[int] = field(default_factory=list)
    near: Near | None = None
    unknown: list[str] = field(default_factory=list)

    @classmethod
    def read(
        cls, vocabulary: Vocabulary, *, like: str = "", place: Place | None = None, **asked: Sequence[str]
    ) -> Filters:
        """The filters in what an address asks for, whatever it holds. `place` is where the viewer stands."""
        filters = cls()
        if like in Like.values and place is not None:
            filters.near = Near.of(Like(like), place, vocabulary)
        elif like:
            filters.unknown.append(like)
        for value in _once(asked.get("kind", ())):
            (filters.kind if value in Kind.values else filters.unknown).append(value)
        for group in _RELATION:
            terms = vocabulary.by_slug(group)
            for value in _once(asked.get(group, ())):
                if value in terms:
                    getattr(filters, group).append(terms[value])
                else:
                    filters.unknown.append(value)
        for value in _once(asked.get("year", ())):
            if value.isascii() and value.isdigit() and len(value) == 4 and int(value) in YEARS:
                filters.year.append(int(value))
            else:
                filters.unknown.append(value)
        return filters

    @property
    def groups(self) -> set[str]:
        """The facets in which something is chosen."""
        groups = {name for name in ("kind", "topic", "function", "industry", "year") if getattr(self, name)}
        return groups | {"like"} if self.near else groups

    @property
    def any(self) -> bool:
        """Whether anything is chosen."""
        return bool(self.groups)

    def chosen(self) -> list[tuple[str, str, str]]:
        """Every choice as `(facet, value in the address, words)`."""
        found = [("kind", kind, str(KIND_PLURALS[Kind(kind)])) for kind in self.kind]
        for group in _RELATION:
            found += [(group, term.slug, term.name) for term in getattr(self, group)]
        found += [("year", str(year), str(year)) for year in self.year]
        return [*found, ("like", self.near.like.value, str(self.near.like.label))] if self.near else found

    def apply(self, entries: Query[Entry], with_any: WithAny, *, but: str = "") -> Query[Entry]:
        """`entries` for which one choice of each facet holds; the facet `but` is left open."""
        if self.kind and but != "kind":
            entries = entries.filter(kind__in=self.kind)
        if self.year and but != "year":
            entries = entries.filter(year__in=self.year)
        for group, relation in _RELATION.items():
            terms = getattr(self, group)
            if terms and but != group:
                entries = entries.filter(with_any(relation, terms))
        if self.near and but != "like":
            entries = entries.filter(self.near.condition(with_any))
        return entries


def _once(values: Iterable[str]) -> list[str]:
    return [value[:200] for value in dict.fromkeys(list(values)[:MOST_CHOICES]) if value]
