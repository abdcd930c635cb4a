"""Digests: what was told since the last one, in one mail in the morning where its reader lives."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils import timezone

from hub.accounts.models import User
from hub.notifications import tasks
from hub.notifications.domain.deliveries import hand_on
from hub.notifications.domain.preferences import timings_of
from hub.notifications.enums import IN_DIGESTS, Timing
from hub.notifications.letters import zone_of
from hub.notifications.models import Delivery, Notification

logger = logging.getLogger(__name__)
MORNING = time(7)
MONDAY = 0


@dataclass
class Run:
    """What one run did."""

    digests: int = 0
    handed_on: int = 0
    failed: int = 0


def send_digests(now: datetime | None = None) -> Run:
    """Write the digests whose morning has come, and hand on mail that nobody sent. As often as one likes.

    A run that is missed loses nothing: news waits until a digest has taken it. Nobody gets two digests on one
    day of theirs, also not from two runs at once. A person whose digest fails holds up nobody else.
    """
    done, now = Run(), now or timezone.now()
    waiting = Notification.objects.filter(timing__in=IN_DIGESTS, delivery__isnull=True, read_at__isnull=True)
    readers = User.objects.filter(is_active=True, pk__in=waiting.values("user")).order_by("pk")
    for user in list(readers):  # read at once: SQLite lets nobody write between the rows of an open reading
        try:
            done.digests += _write_digest(user, now)
        except Exception:
            logger.exception("The digest of account %s could not be written", user.pk)
            done.failed += 1
    done.handed_on = hand_on(now)
    return done


def mornings(now: datetime, zone: ZoneInfo) -> dict[str, datetime]:
    """Up to when news belongs into a digest that is written now: the last morning, and the last Monday morning."""
    today = now.astimezone(zone).date()
    last = datetime.combine(today, MORNING, tzinfo=zone)
    if last > now:
        last = datetime.combine(today - timedelta(days=1), MORNING, tzinfo=zone)
    monday = last.date() - timedelta(days=(last.weekday() - MONDAY) % 7)
    return {Timing.DAILY: last, Timing.WEEKLY: datetime.combine(monday, MORNING, tzinfo=zone)}


def _write_digest(user: User, now: datetime) -> bool:
    """The digest of one person, if their morning has come and there is something for it."""
    cuts, timings = mornings(now, zone_of(user)), timings_of(user.pk)
    news = Notification.objects.filter(
        user=user, timing__in=IN_DIGESTS, delivery__isnull=True, read_at__isnull=True, created_at__lt=cuts[Timing.DAILY]
    )
    taken = [
        one.pk
        for one in news.only("pk", "kind", "created_at")
        # What is wanted at once by now was told when it was not: it comes with the next morning.
        if one.created_at < cuts.get(timings.get(one.kind, Timing.NEVER), cuts[Timing.DAILY])
        and timings.get(one.kind, Timing.NEVER) != Timing.NEVER
    ]
    if not taken:
        return False
    try:
        with transaction.atomic():
            day = cuts[Timing.DAILY].date()
            delivery = Delivery.objects.create(user=user, digest_of=day)
            Notification.objects.filter(pk__in=taken, delivery__isnull=True).update(delivery=delivery)
            transaction.on_commit(lambda: tasks.deliver.enqueue(delivery.pk))
    except IntegrityError:  # there was one today, or another run is writing it
        return False
    return True
