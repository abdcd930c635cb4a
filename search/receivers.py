"""Where changes meet the catalogue. Everything here happens inside the transaction of the change.

Pages come through `hub.pages.registry`, not through Wagtail's `page_published` and its kin: those are
sent after the save, outside its transaction, and not at all for bulk updates. A page that is saved
live is published; one that is saved not live is unpublished; a move and a new slug save the page and
tell of the subtree.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import local
from typing import Any

from django.db import models
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete
from modelsearch.index import get_indexed_models

from hub.media import registry as media
from hub.media.models import HubDocument
from hub.pages import registry as pages
from hub.pages.models import BasePage
from hub.taxonomy.models import Topic, TopicSynonym
from search import registry
from search.domain import catalogue, queue
from search.domain.vocabularies import RELATION_OF, entries_with
from search.models import Entry
from search.registry import Findable, source_of

_thread = local()


def connect() -> None:
    """Connect everything; called once, when the app is ready."""
    pages.on_page_saved(_page_saved)
    pages.on_subtree_changed(catalogue.resettle)
    media.on_uses_changed(_files_moved)
    pre_delete.connect(_remember_dependents, sender=BasePage, dispatch_uid="search.page.pre_delete")
    post_delete.connect(_thing_gone, sender=BasePage, dispatch_uid="search.page.post_delete")
    registry.subscribe(_follow)
    for term in RELATION_OF:
        post_save.connect(_term_saved, sender=term, dispatch_uid=f"search.{term.__name__}.saved")
        pre_delete.connect(_term_going, sender=term, dispatch_uid=f"search.{term.__name__}.going")
        post_delete.connect(_term_gone, sender=term, dispatch_uid=f"search.{term.__name__}.gone")
    for signal, name in ((post_save, "saved"), (post_delete, "gone")):
        signal.connect(_synonym_changed, sender=TopicSynonym, dispatch_uid=f"search.synonym.{name}")


def take_over_from_modelsearch() -> None:
    """Have our queue, not modelsearch's signal handlers, bring the editor's own search up to date.

    Theirs write the index inside the transaction (deletes always, saves with immediate tasks): an index
    that cannot be written would make the save fail, and one that can would show what was rolled back.
    Must run before modelsearch connects them, hence before `wagtail.search` is ready.
    """
    for model in get_indexed_models():
        if model is Entry:
            continue
        model.search_auto_update = False
        post_save.connect(_indexed_saved, sender=model, dispatch_uid=f"search.{model._meta.label}.indexed")
        post_delete.connect(_indexed_gone, sender=model, dispatch_uid=f"search.{model._meta.label}.dropped")


def _follow(found: Findable) -> None:
    """Keep entries of a newly registered model true."""
    model, label = found.model, found.model._meta.label_lower
    if not issubclass(model, BasePage):
        post_save.connect(_thing_saved, sender=model, dispatch_uid=f"search.{label}.saved")
        pre_delete.connect(_remember_dependents, sender=model, dispatch_uid=f"search.{label}.going")
        post_delete.connect(_thing_gone, sender=model, dispatch_uid=f"search.{label}.gone")
    for relation in found.relations:
        through = getattr(model, relation).through
        m2m_changed.connect(_relation_changed, sender=through, dispatch_uid=f"search.{label}.{relation}")
    for part, key in found.parts:
        receiver = _part_changed(model, key)
        post_save.connect(receiver, sender=part, weak=False, dispatch_uid=f"search.{label}.{part.__name__}.saved")
        post_delete.connect(receiver, sender=part, weak=False, dispatch_uid=f"search.{label}.{part.__name__}.gone")


def _page_saved(page: BasePage) -> None:
    catalogue.refresh(page)


def _files_moved(pks: list[int]) -> None:
    catalogue.refresh_all((source_of(HubDocument), pk) for pk in pks)


def _thing_saved(instance: models.Model, raw: bool = False, **kwargs: Any) -> None:
    if raw:  # a fixture that is loaded may name what is not there yet; rebuild afterwards
        return
    catalogue.refresh(instance)
    catalogue.refresh_dependents(instance)


def _relation_changed(instance: models.Model, action: str, reverse: bool, **kwargs: Any) -> None:
    if action.startswith("post_") and not reverse:
        catalogue.refresh(instance)


def _part_changed(model: type[models.Model], key: str) -> Callable[..., None]:
    def receive(instance: models.Model, raw: bool = False, **kwargs: Any) -> None:
        owner = getattr(instance, f"{key}_id")
        if not raw and owner is not None and not pages.is_saving(owner):
            catalogue.refresh(model(pk=owner))

    return receive


def _remember_dependents(instance: models.Model, **kwargs: Any) -> None:
    """Before something goes: what depends on it, while that can still be asked."""
    waiting = _waiting()
    waiting[(source_of(type(instance)), instance.pk)] = catalogue.dependents_of(instance)


def _thing_gone(instance: models.Model, **kwargs: Any) -> None:
    source = source_of(type(instance))
    catalogue.remove(source, [instance.pk])
    catalogue.refresh_all(_waiting().pop((source, instance.pk), []))


def _term_saved(instance: Any, created: bool, raw: bool = False, **kwargs: Any) -> None:
    if not created and not raw:
        catalogue.reword(entries_with(instance))


def _term_going(instance: Any, **kwargs: Any) -> None:
    """A term is deleted, or merged into another: its relations go with it, so remember whose they were."""
    found = entries_with(instance).values_list("source_model", "source_id").distinct()
    _waiting()[("term", type(instance), instance.pk)] = list(found)


def _term_gone(instance: Any, **kwargs: Any) -> None:
    catalogue.refresh_all(_waiting().pop(("term", type(instance), instance.pk), []))


def _synonym_changed(instance: TopicSynonym, raw: bool = False, **kwargs: Any) -> None:
    topic = Topic.objects.filter(pk=instance.topic_id).first()
    if topic is not None and not raw:
        catalogue.refresh(topic)
        catalogue.reword(entries_with(topic))


def _indexed_saved(instance: models.Model, raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        queue.owe(type(instance), [instance.pk])


def _indexed_gone(instance: models.Model, **kwargs: Any) -> None:
    queue.owe(type(instance), [instance.pk])


def _waiting() -> dict[Any, list[tuple[str, int]]]:
    if not hasattr(_thread, "waiting"):
        _thread.waiting = {}
    return _thread.waiting  # type: ignore[no-any-return]
