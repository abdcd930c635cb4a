"""What hangs on pages: their terms, the people named on them, the pages beside them. One query for any number.

Building a query costs far more than running it, so the small tables around a page are read together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import BigIntegerField, CharField, F, QuerySet, Value
from django.db.models.functions import Cast

from hub.editorial.models import Byline, RelatedPage
from hub.kernel import prepared
from hub.taxonomy.terms import Term

if TYPE_CHECKING:
    from hub.editorial.models import KnowledgePage

TERMS = ("topics", "functions", "industries")
PAIR = ("functions", "industries")
_EXTRA = {"functions": "initial", "industries": "colour_slot"}
_COLUMNS = ("group", "of", "key", "name", "slug", "extra", "place", "number")


@dataclass(frozen=True, slots=True)
class Ties:
    """What hangs on one page, each in its order; `related` are the keys of the pages beside it."""

    topics: list[Any] = field(default_factory=list)
    functions: list[Any] = field(default_factory=list)
    industries: list[Any] = field(default_factory=list)
    bylines: list[Byline] = field(default_factory=list)
    related: list[int] = field(default_factory=list)


def pairs_of(pages: Iterable[KnowledgePage]) -> dict[int, Ties]:
    """The functions and industries of all `pages`, of whatever types; one query, none for no pages."""
    pages = list(pages)
    keys: dict[Any, list[int]] = {}
    for page in pages:
        keys.setdefault(type(page), []).append(page.pk)
    queries = [_terms(model, pks, name) for model, pks in keys.items() for name in PAIR]
    return _sorted_out([page.pk for page in pages], _united(queries) if queries else ())


def ties_of(page: KnowledgePage, *, is_preview: bool = False) -> Ties:
    """Everything that hangs on `page`, in one query. A draft that is previewed brings its own along."""
    if is_preview:
        return Ties(
            topics=list(page.topics.all()),
            functions=list(page.functions.all()),
            industries=list(page.industries.all()),
            bylines=list(page.bylines.all()),
            related=[link.target_id for link in page.related_links.all()],
        )
    model = type(page)
    rows = prepared.rows(("ties", model), lambda pk: _united(_everything(model, pk)), page.pk)
    return _sorted_out([page.pk], rows)[page.pk]


def _everything(model: Any, pk: int) -> list[QuerySet[Any, Any]]:
    nothing = Value("", CharField())
    bylines = _columns(
        Byline.objects.filter(page_id=pk),
        group="bylines",
        of=F("page_id"),
        key=F("person_id"),
        name=F("external_name"),
        slug=F("external_organisation"),
        extra=F("role"),
        place=F("sort_order"),
        number=F("pk"),
    )
    related = _columns(
        RelatedPage.objects.filter(page_id=pk),
        group="related",
        of=F("page_id"),
        key=F("target_id"),
        name=nothing,
        slug=nothing,
        extra=nothing,
        place=F("sort_order"),
        number=F("pk"),
    )
    return [*(_terms(model, [pk], name) for name in TERMS), bylines, related]


def _terms(model: Any, pks: Sequence[int], name: str) -> QuerySet[Any, Any]:
    relation = model._meta.get_field(name)
    page, term = relation.m2m_field_name(), relation.m2m_reverse_field_name()
    zero = Value(0, BigIntegerField())
    return _columns(
        relation.remote_field.through.objects.filter(**{f"{page}__in": pks}),
        group=name,
        of=F(f"{page}_id"),
        key=F(f"{term}_id"),
        name=F(f"{term}__name"),
        slug=F(f"{term}__slug"),
        extra=Cast(f"{term}__{_EXTRA[name]}", CharField()) if name in _EXTRA else Value("", CharField()),
        place=zero,
        number=zero,
    )


def _columns(rows: QuerySet[Any], *, group: str, **columns: Any) -> QuerySet[Any, Any]:
    """The same columns of every table, so that they fit into one query."""
    return rows.order_by().annotate(group=Value(group, CharField()), **columns).values_list(*_COLUMNS)


def _united(queries: list[QuerySet[Any, Any]]) -> QuerySet[Any, Any]:
    return queries[0].union(*queries[1:], all=True).order_by("place", "number", "name")


def _sorted_out(pks: Iterable[int], rows: Iterable[Any]) -> dict[int, Ties]:
    found = {pk: Ties() for pk in pks}
    for group, of, key, name, slug, extra, _, _ in rows:
        tied = found[of]
        if group == "bylines":
            byline = Byline(person_id=key, external_name=name, external_organisation=slug, role=extra)
            tied.bylines.append(byline)
        elif group == "related":
            tied.related.append(key)
        elif group == "functions":
            tied.functions.append(Term(name, slug, initial=extra))
        elif group == "industries":
            tied.industries.append(Term(name, slug, colour_slot=int(extra)))
        else:
            tied.topics.append(Term(name, slug))
    return found


def pages_beside(page_id: int) -> list[int]:
    """The pages that its editors put beside a page."""
    return list(RelatedPage.objects.filter(page_id=page_id).values_list("target_id", flat=True))
