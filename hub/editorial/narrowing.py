"""Narrowing a list down by topic, function and industry, and the counts beside each choice.

Whoever calls hands in what the viewer may see; nothing else is shown, and nothing else is counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, QuerySet
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
    wanted = {name: set(query.getlist(name)) for name, _, _ in FACETS}
    facets, labels = [], {}
    for name, relation, label in FACETS:
        options = _options(_restricted(pages, wanted, but=name), relation, wanted[name])
        facets.append(Facet(name, label, options))
        labels.update({(name, option.value): option.label for option in options})
    chosen = [
        Chosen(labels[name, value], _without(query, name, value))
        for name, _, _ in FACETS
        for value in query.getlist(name)
        if (name, value) in labels
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


def _options(pages: QuerySet[Any], relation: str, wanted: set[str]) -> list[Option]:
    rows = (
        pages.order_by()
        .filter(**{f"{relation}__isnull": False})
        .values_list(f"{relation}__slug", f"{relation}__name")
        .annotate(number=Count("pk", distinct=True))
        .order_by(f"{relation}__name")
    )
    return [Option(slug, name, number, slug in wanted) for slug, name, number in rows]


def _without(query: QueryDict, name: str, value: str) -> str:
    rest = query.copy()
    rest.setlist(name, [other for other in rest.getlist(name) if other != value])
    rest.pop("page", None)
    return f"?{rest.urlencode()}" if rest else "?"
