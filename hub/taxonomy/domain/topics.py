"""Keeping the topics in order."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from wagtail.models import Revision

from hub.kernel.errors import HubError
from hub.taxonomy.domain.usage import relations_to
from hub.taxonomy.models import Topic, TopicSynonym


@transaction.atomic
def merge_topics(source: Topic, target: Topic) -> Topic:
    """Make `target` stand for `source` as well, and take `source` away.

    In one transaction: everything that has `source` has `target` from now on (once, if it had both),
    in drafts and earlier revisions too; narrower topics and stewards move to `target`; the name and the synonyms
    of `source` become synonyms of `target`, so that searches, imports and old addresses still find it.
    Raises HubError for a topic and itself.
    """
    if source.pk == target.pk:
        raise HubError("A topic cannot be merged into itself. Choose the topic that should stay.")
    if target.parent_id == source.pk:
        target.parent_id = source.parent_id
        target.save(update_fields=["parent"])
    _move_relations(source, target)
    _rewrite_revisions(source, target)
    Topic.objects.filter(parent=source).exclude(pk=target.pk).update(parent=target)
    target.stewards.add(*source.stewards.all())
    TopicSynonym.objects.filter(topic=source).update(topic=target)
    former_name, former_slug = source.name, source.slug
    source.delete()
    TopicSynonym.objects.update_or_create(name=former_name, defaults={"topic": target, "slug": former_slug})
    target = Topic.objects.get(pk=target.pk)
    target.save()  # what follows from a topic's names follows now
    return target


def _move_relations(source: Topic, target: Topic) -> None:
    for model, field in relations_to(Topic):
        for row in model._default_manager.filter(**{field.attname: source.pk}):
            if _says_the_same(model, field, row, target):
                row.delete()
            else:
                setattr(row, field.attname, target.pk)
                row.save(update_fields=[field.name])


def _says_the_same(model: type[models.Model], field: Any, row: models.Model, target: Topic) -> bool:
    """Whether a row about `target` exists that a moved `row` would repeat."""
    uniques = [
        *model._meta.unique_together,
        *(c.fields for c in model._meta.constraints if isinstance(c, models.UniqueConstraint) and not c.condition),
    ]
    if field.unique:
        uniques.append((field.name,))
    columns: dict[str, Any] = {column.name: column for column in model._meta.fields}
    for names in uniques:
        if field.name not in names:
            continue
        others = {name: getattr(row, columns[name].attname) for name in names if name != field.name}
        lookup = {columns[name].attname: value for name, value in others.items()}
        if model._default_manager.filter(**lookup, **{field.attname: target.pk}).exists():
            return True
    return False


def _rewrite_revisions(source: Topic, target: Topic) -> None:
    """Replace `source` in the stored revisions: a draft would otherwise lose the topic when it is published."""
    for relation in Topic._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToManyRel | models.ManyToOneRel):
            continue
        model, name = relation.related_model, relation.field.name
        if model._meta.auto_created or not hasattr(model, "revisions"):
            continue
        content_type = ContentType.objects.get_for_model(model)
        revisions = Revision.objects.filter(content_type=content_type)
        for revision in revisions.only("pk", "content").iterator(chunk_size=200):
            new = _replaced(revision.content.get(name), source.pk, target.pk)
            if new is not None:
                revision.content[name] = new
                Revision.objects.filter(pk=revision.pk).update(content=revision.content)


def _replaced(value: Any, old: int, new: int) -> Any:
    """`value` with the primary key exchanged; None if it holds no `old`."""
    if isinstance(value, list):
        if old not in value:
            return None
        return list(dict.fromkeys(new if pk == old else pk for pk in value))
    return new if value == old else None
