"""The words of documents: when they are read, and what becomes of what was read."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Min, Q, QuerySet
from django.db.models.functions import Coalesce

from hub.media import tasks
from hub.media.enums import Reading, Refusal
from hub.media.extraction.process import Extract, extract
from hub.media.models import DocumentText, HubDocument


@transaction.atomic
def follow_file(document: HubDocument, *, again: bool = False) -> None:
    """Forget the words of a file that is not there any more, and have the new one read after the commit.

    A file that could not be read is not tried again until it changes, or somebody asks (`again`).
    """
    text = DocumentText.objects.filter(document_id=document.pk).first()
    if text is not None and text.is_of(document) and not again:
        return
    forgotten = DocumentText(document_id=document.pk, file_key=document.file_key)
    forgotten._state.adding = text is None
    forgotten.save()
    transaction.on_commit(functools.partial(tasks.read_document.enqueue, document.pk))


def outstanding() -> Iterator[HubDocument]:
    """Documents whose file was not read yet: the work was lost, or the file is older than the reading of files."""
    for document in (
        HubDocument.objects.select_related("text").defer("text__text").order_by("pk").iterator(chunk_size=200)
    ):
        known = getattr(document, "text", None)
        if known is None or known.state == Reading.WAITING or not known.is_of(document):
            yield document


def refused() -> QuerySet[HubDocument]:
    """Documents that could not be read, or not all of them, with the reason."""
    stopped = Q(text__state=Reading.PART) | (Q(text__state=Reading.UNREAD) & ~Q(text__refusal=Refusal.KIND))
    return HubDocument.objects.filter(stopped).select_related("text").defer("text__text").order_by("pk")


def read(document: HubDocument) -> DocumentText:
    """Read the file of `document` now and keep its words. Never fails because of the file.

    No transaction is open while the child reads. If the file is another one by then, the words are
    dropped: the change has asked for its own reading.
    """
    try:
        with document.file.storage.open(document.file.name, "rb") as source:
            found = extract(source, document.file.name)
    except OSError:
        found = Extract(refusal=Refusal.MISSING)
    with transaction.atomic():
        # Locked: else another file could come between this look and the save, and be shown with these words.
        current = HubDocument.objects.select_for_update(no_key=True).filter(pk=document.pk).first()
        known = DocumentText.objects.filter(document_id=document.pk).first()
        kept = DocumentText.of(document, found)
        if current is not None and kept.is_of(current):
            kept._state.adding = known is None
            kept.save()
    return kept


def counts() -> dict[Reading, int]:
    """How many documents there are in each state of being read."""
    found = dict.fromkeys(Reading, 0)
    for state, number in HubDocument.objects.values_list("text__state").annotate(Count("pk")).order_by():
        found[Reading(state or Reading.WAITING)] += number
    return found


def waiting_since() -> datetime | None:
    """The moment from which the oldest file has waited to be read; None if none waits."""
    waiting = HubDocument.objects.filter(Q(text__isnull=True) | Q(text__state=Reading.WAITING))
    return waiting.aggregate(oldest=Min(Coalesce("text__changed_at", "created_at")))["oldest"]  # type: ignore[no-any-return]
