"""Where the words of the vocabularies are used, whatever uses them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.db.models import Count

from hub.taxonomy import registry
from hub.taxonomy.models import Term

Relation = tuple[type[models.Model], models.ForeignKey[Any, Any]]


def relations_to(term_model: type[Term]) -> Iterator[Relation]:
    """Every table with a foreign key to `term_model`, the tables between many and many included.

    Hidden relations (`related_name="+"`) are found too. A vocabulary's own rows (synonyms, children) are left out.
    """
    for relation in term_model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel) or relation.related_model is term_model:
            continue
        model = relation.related_model
        owner = _owner_of(model, relation.field)
        if model._meta.app_label != term_model._meta.app_label and not registry.is_derived(owner):
            yield model, relation.field


def _owner_of(model: type[models.Model], field: models.Field[Any, Any]) -> type[Any]:
    """The model at the other end of a table between many and many; otherwise the model itself."""
    if not model._meta.auto_created:
        return model
    others = (other for other in model._meta.fields if other.remote_field and other is not field)
    return next(others).related_model  # type: ignore[return-value]


def usage_counts(term_model: type[Term]) -> dict[int, int]:
    """How often each word is used, by primary key. One query per table that uses the vocabulary."""
    counts: dict[int, int] = {}
    for model, field in relations_to(term_model):
        rows = model._default_manager.filter(**{f"{field.name}__isnull": False}).order_by()
        for pk, number in rows.values_list(field.attname).annotate(Count("pk")):
            counts[pk] = counts.get(pk, 0) + number
    return counts


def is_used(term: Term) -> bool:
    """Whether anything uses `term`."""
    return any(
        model._default_manager.filter(**{field.attname: term.pk}).exists() for model, field in relations_to(type(term))
    )
