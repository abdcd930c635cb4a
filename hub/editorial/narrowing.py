"""Narrowing a list down by topic, function and industry, and the counts beside each choice.

Whoever calls hands in what the viewer may see; nothing else is shown, and nothing else is counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField, Count, F, QuerySet, Value
from django.http import QueryDict

FACETS = (("topic", "topics", "Topic"), ("function", "functions", "Function"), ("industry", "industries", "Industry"))


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a facet."""

    value: str
    label: str
    count: int | None
    selected: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A group of choices of which any may hold."""

    name: str
    label: str
    options: Sequence[Option]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A choice that is on, and the address of the list without it."""

    label: str
    url: str


@dataclass(frozen=True)
class Narrowed:
    """A list after narrowing down, and what `components/facets.html` and `chosen.html` show."""

    queryset: Any
    facets: list[Facet] = field(default_factory=list)
    chosen: list[Chosen] = field(default_factory=list)


def narrow(pages: QuerySet[Any], query: QueryDict) -> Narrowed:
    """`pages` with one or more of the chosen terms of each facet.

    The counts of a facet hold for the list as the *other* facets leave it, so that each number is
    what a further tick would bring.
    """
    names = _known(pages, query)
    wanted = {name: set(known) for name, known in names.items()}
    options = _options({name: _restricted(pages, wanted, but=name) for name, _, _ in FACETS}, names)
    facets = [Facet(name, label, options[name]) for name, _, label in FACETS]
    chosen = [
        Chosen(words, _without(query, name, slug)) for name, known in names.items() for slug, words in known.items()
    ]
    return Narrowed(queryset=_restricted(pages, wanted), facets=facets, chosen=chosen)


def _restricted(pages: QuerySet[Any], wanted: dict[str, set[str]], but: str = "") -> QuerySet[Any]:
    for name, relation, _ in FACETS:
        if wanted[name] and name != but:
            through = pages.model._meta.get_field(relation).remote_field.through
            term = relation.rstrip("s") if relation != "industries" else "industry"
            matching = through.objects.filter(**{f"{term}__slug__in": wanted[name]})
            pages = pages.filter(pk__in=matching.values(pages.model._meta.model_name))
    return pages


def _known(pages: QuerySet[Any], query: QueryDict) -> dict[str, dict[str, str]]:
    """Slug and name of the asked terms that exist; an old or mistyped address narrows nothing down."""
    found: dict[str, dict[str, str]] = {name: {} for name, _, _ in FACETS}
    asked = [
        _columns(
            pages.model._meta.get_field(relation).related_model.objects.filter(slug__in=query.getlist(name)),
            name,
            term=F("slug"),
            label=F("name"),
            count=Value(0),
        )
        for name, relation, _ in FACETS
        if query.getlist(name)
    ]
    for facet, slug, label, _ in _all(asked):
        found[facet][slug] = label
    return found


def _options(pages: dict[str, QuerySet[Any]], chosen: dict[str, dict[str, str]]) -> dict[str, list[Option]]:
    """The choices of every facet, counted over its own `pages`, in one query."""
    found: dict[str, list[Option]] = {name: [] for name in pages}
    counted = [
        _columns(
            pages[name].filter(**{f"{relation}__isnull": False}),
            name,
            term=F(f"{relation}__slug"),
            label=F(f"{relation}__name"),
            count=Count("pk", distinct=True),
        )
        for name, relation, _ in FACETS
    ]
    for facet, slug, label, count in _all(counted):
        found[facet].append(Option(slug, label, count, slug in chosen[facet]))
    for facet, known in chosen.items():
        present = {option.value for option in found[facet]}
        # what is chosen and leaves nothing can still be taken back
        found[facet] += [Option(slug, label, 0, True) for slug, label in known.items() if slug not in present]
    return found


def _columns(rows: QuerySet[Any], facet: str, *, count: Any, **columns: Any) -> QuerySet[Any, Any]:
    """The same columns for every facet, so that all fit into one query."""
    grouped = rows.order_by().values(facet=Value(facet, CharField()), **columns)
    return grouped.annotate(count=count).values_list("facet", *columns, "count")


def _all(queries: list[QuerySet[Any, Any]]) -> Iterable[tuple[str, str, str, int]]:
    return queries[0].union(*queries[1:], all=True).order_by("label") if queries else ()


def _without(query: QueryDict, name: str, value: str) -> str:
    rest = query.copy()
    rest.setlist(name, [other for other in rest.getlist(name) if other != value])
    rest.pop("page", None)
    return f"?{rest.urlencode()}" if rest else "?"
