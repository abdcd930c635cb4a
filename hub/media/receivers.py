"""Where changes of pages and files meet what is known of documents."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
from django.dispatch import receiver

from hub.media import registry
from hub.media.domain import reading, uses
from hub.media.models import HubDocument
from hub.pages import registry as pages
from hub.pages.models import BasePage

pages.on_page_saved(uses.follow_page)
pages.on_subtree_changed(uses.follow_subtree)


@receiver(post_save, sender=HubDocument)
def read_new_file(instance: HubDocument, raw: bool = False, **kwargs: Any) -> None:
    """A document came, or got another file: what was read of the old one is forgotten."""
    if not raw:
        reading.follow_file(instance)


@receiver(pre_save)
def note_before_save(instance: Any, raw: bool = False, **kwargs: Any) -> None:
    """A page is about to be saved; some of its documents may leave it."""
    if isinstance(instance, BasePage) and instance.pk and not raw:
        uses.note_documents(instance)


@receiver(pre_delete, sender=BasePage)
def note_before_delete(instance: BasePage, **kwargs: Any) -> None:
    """A page is about to go, and what it referred to is forgotten with it."""
    uses.note_documents(instance)


@receiver(post_delete, sender=BasePage)
def tell_of_documents(instance: BasePage, **kwargs: Any) -> None:
    """A page is gone: its documents are shown in one place less."""
    registry.uses_changed(instance._documents_before)
