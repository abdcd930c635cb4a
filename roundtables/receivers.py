"""What follows when a session is published: its head sits down, the queue moves up, a new start is told."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.utils import timezone
from wagtail.signals import page_published

from roundtables.domain.dates import announce
from roundtables.domain.heads import seat_heads
from roundtables.domain.queue import fill_from_queue
from roundtables.domain.seats import seat_subscribers
from roundtables.domain.takeaways import name_nobody
from roundtables.models import SessionPage, SessionSeat, SharedNotes
from roundtables.rules import is_over


@receiver(page_published, sender=SessionPage, dispatch_uid="roundtables_session_published")
def let_the_queue_in(instance: SessionPage, **kwargs: Any) -> None:
    """A session was published: its head sits down, it may have more seats than before, or another date."""
    seat_heads(instance)
    fill_from_queue(instance)
    seat_subscribers(instance)
    announce(instance)


@receiver(page_published, sender=SessionPage, dispatch_uid="roundtables_notes_published")
def note_when_notes_came(instance: SessionPage, **kwargs: Any) -> None:
    """The notes of a session that is over came out: how long that took is a measure. Of an archive it is none."""
    if is_over(instance) and instance.notes and not instance.source_path:
        notes, _ = SharedNotes.objects.get_or_create(session_id=instance.pk)
        SharedNotes.objects.filter(pk=notes.pk, published_at=None).update(published_at=timezone.now())


@receiver(page_published, sender=SessionPage, dispatch_uid="roundtables_session_rule")
def keep_to_the_stricter_rule(instance: SessionPage, **kwargs: Any) -> None:
    """A session was published under a rule that names nobody: whoever was named with a takeaway is named no longer."""
    if instance.withholds_names:
        name_nobody(instance)


@receiver(post_delete, sender=SessionSeat, dispatch_uid="roundtables_seat_deleted")
def let_the_next_one_in(instance: SessionSeat, **kwargs: Any) -> None:
    """A person left the hub, and their seat with them; unless it was the session that went."""
    transaction.on_commit(lambda: _fill(instance.session_id), robust=True)


def _fill(session_id: int) -> None:
    session = SessionPage.objects.filter(pk=session_id).first()
    if session is not None:
        fill_from_queue(session)
