"""Where changes of pages and files meet what is known of documents."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete, post_save, pre_delete
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


@receiver(pre_delete, sender=BasePage)
def remember_documents(instance: BasePage, **kwargs: Any) -> None:
    """A page goes, and what it referred to is forgotten with it: so note its documents now."""
    instance._documents_gone_with_it = list(uses.documents_on([instance.pk]))


@receiver(post_delete, sender=BasePage)
def tell_of_documents(instance: BasePage, **kwargs: Any) -> None:
    """A page is gone: its documents are shown in one place less."""
    registry.uses_changed(getattr(instance, "_documents_gone_with_it", ()))
