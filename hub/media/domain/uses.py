"""Keeps up with which pages show which files, in the transaction of the change.

Wagtail writes its index of references in background work. Who may open a file follows from that
index, so here it is written at once: a file that was taken off a public page is closed with the
save, not when a worker comes to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import BigIntegerField, CharField, QuerySet
from django.db.models.functions import Cast
from wagtail.models import ReferenceIndex

from hub.kernel import prepared
from hub.media import registry
from hub.media.models import HubDocument
from hub.pages.models import BasePage


def note_documents(page: BasePage) -> None:
    """Before `page` is saved or deleted: note which documents it uses, which will be forgotten by the time it is."""
    page._documents_before = _documents_on_page(page)


@transaction.atomic
def follow_page(page: BasePage) -> None:
    """Write down what the stored `page` refers to, and tell of its documents, those that left it included."""
    stored = type(page)._base_manager.filter(pk=page.pk).first()
    if stored is not None:
        ReferenceIndex.create_or_update_for_object(stored)
    registry.uses_changed({*page.__dict__.pop("_documents_before", ()), *_documents_on_page(page)})


def follow_subtree(path: str) -> None:
    """Tell of all documents on the pages at and below `path`, whose address or audience changed."""
    pages = BasePage.objects.filter(path__startswith=path).annotate(key=Cast("pk", CharField())).values("key")
    registry.uses_changed(documents_on(pages))


def documents_on(pages: Any) -> QuerySet[Any]:
    """The primary keys of the documents on `pages`, which are given by primary key."""
    return (
        ReferenceIndex.objects.filter(
            base_content_type=ContentType.objects.get_for_model(BasePage),
            object_id__in=pages,
            to_content_type=ContentType.objects.get_for_model(HubDocument),
        )
        .annotate(document_id=Cast("to_object_id", BigIntegerField()))
        .values_list("document_id", flat=True)
        .distinct()
    )


def _documents_on_page(page: BasePage) -> list[int]:
    def asked(key: str) -> Any:
        return documents_on([key]).values_list("document_id")

    return [key for (key,) in prepared.rows("documents on", asked, str(page.pk))]


@transaction.atomic
def discard_unused(documents: Iterable[int], *, uploaded_by: Any) -> None:
    """Delete those `documents`, uploaded by this person for a page they were taken off, that nothing shows any more."""
    mine = HubDocument.objects.filter(pk__in=list(documents), uploaded_by_user=uploaded_by)
    for document in mine:
        if not ReferenceIndex.get_references_to(document).exists():
            document.delete()
