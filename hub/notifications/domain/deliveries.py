"""Mail that was not sent the first time: handed on, listed for staff, sent again when they say so."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from hub.notifications import post, tasks
from hub.notifications.enums import DeliveryState
from hub.notifications.models import Delivery

A_WORKER_IS_LATE = timedelta(minutes=2)  # a mail that was just written is on its way to the worker
A_TIMER_IS_LATE = timedelta(hours=1)
RECENT = timedelta(days=7)


def hand_on(now: datetime | None = None) -> int:
    """Give mail to the worker that is due again, or that was written and never sent. Returns how many.

    What a process claimed and did not finish counts as cut off (`hub.notifications.post`).
    """
    now = now or timezone.now()
    for delivery in Delivery.objects.filter(state=DeliveryState.SENDING, claimed_at__lte=now - post.CLAIM):
        post.cut_off(delivery)
    due = Delivery.objects.filter(
        state=DeliveryState.WAITING, due_at__lte=now, created_at__lte=now - A_WORKER_IS_LATE
    ).values_list("pk", flat=True)
    keys = list(due.order_by("pk"))
    for key in keys:
        tasks.deliver.enqueue(key)
    return len(keys)


def late() -> QuerySet[Delivery]:
    """Mail that should have left long ago: the timer or the worker does not run."""
    return Delivery.objects.filter(state=DeliveryState.WAITING, due_at__lte=timezone.now() - A_TIMER_IS_LATE)


def lost() -> QuerySet[Delivery]:
    """Mail of the last days that did not reach its reader and is not tried again."""
    return Delivery.objects.filter(state=DeliveryState.FAILED, created_at__gt=timezone.now() - RECENT)


def in_trouble() -> QuerySet[Delivery]:
    """Everything that staff may have to look at: not delivered, or tried in vain so far."""
    return Delivery.objects.filter(state=DeliveryState.FAILED) | Delivery.objects.filter(
        state=DeliveryState.WAITING, tries__gt=0
    )


@transaction.atomic
def send_again(delivery: Delivery) -> bool:
    """Try a mail that was given up as if for the first time; returns whether there was anything to try.

    Side effect: after the commit the worker sends what its reader may still know of it.
    """
    again = Delivery.objects.filter(pk=delivery.pk, state__in=[DeliveryState.FAILED, DeliveryState.WAITING]).update(
        state=DeliveryState.WAITING, tries=0, cut_off=0, due_at=timezone.now()
    )
    if again:
        transaction.on_commit(lambda: tasks.deliver.enqueue(delivery.pk))
    return bool(again)
