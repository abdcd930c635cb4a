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
    names = {name: _known(pages, relation, query.getlist(name)) for name, relation, _ in FACETS}
    wanted = {name: set(known) for name, known in names.items()}
    facets = [
        Facet(name, label, _options(_restricted(pages, wanted, but=name), relation, names[name]))
        for name, relation, label in FACETS
    ]
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


def _known(pages: QuerySet[Any], relation: str, slugs: list[str]) -> dict[str, str]:
    """Slug and name of the asked terms that exist; an old or mistyped address narrows nothing down."""
    if not slugs:
        return {}
    terms = pages.model._meta.get_field(relation).related_model.objects
    return dict(terms.filter(slug__in=slugs).values_list("slug", "name"))


def _options(pages: QuerySet[Any], relation: str, chosen: dict[str, str]) -> list[Option]:
    rows = (
        pages.order_by()
        .filter(**{f"{relation}__isnull": False})
        .values_list(f"{relation}__slug", f"{relation}__name")
        .annotate(number=Count("pk", distinct=True))
        .order_by(f"{relation}__name")
    )
    options = [Option(slug, name, number, slug in chosen) for slug, name, number in rows]
    found = {option.value for option in options}
    # what is chosen and leaves nothing can still be taken back
    return options + [Option(slug, name, 0, True) for slug, name in chosen.items() if slug not in found]


def _without(query: QueryDict, name: str, value: str) -> str:
    rest = query.copy()
    rest.setlist(name, [other for other in rest.getlist(name) if other != value])
    rest.pop("page", None)
    return f"?{rest.urlencode()}" if rest else "?"
