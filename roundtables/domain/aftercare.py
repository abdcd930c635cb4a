"""What has to happen after a session without anybody asking for it. Run from a timer, as often as one likes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from roundtables.domain import takeaway_news as news
from roundtables.domain.commitments import ask_those_due
from roundtables.domain.takeaways import why_not_publish
from roundtables.enums import TakeawayState
from roundtables.models import SessionPage, Takeaway, TakeawayNudge

NUDGE_AFTER = timedelta(hours=24)  # a night to write it down; the nudge leaves a day until 48 hours are over
NUDGE_NO_LATER = timedelta(days=14)  # whoever switches the timer on is not asked about years of sessions


@dataclass
class Done:
    """What a run came to."""

    nudged: int = 0
    ready: int = 0
    asked: int = 0


def follow_up_sessions() -> Done:
    """Nudge those who have written nothing down, say what may be published, ask what came of commitments.

    Each is told once, however often this runs and however many run at the same moment.
    """
    return Done(nudged=_nudge(), ready=_say_what_is_ready(), asked=ask_those_due())


def _nudge() -> int:
    now, nudged = timezone.now(), 0
    held = SessionPage.objects.live().filter(cancelled=False, ends_at__lte=now - NUDGE_AFTER)
    held = held.filter(ends_at__gt=now - NUDGE_NO_LATER, takeaways__isnull=True)
    held = held.exclude(pk__in=TakeawayNudge.objects.values("session"))
    for pk in held.values_list("pk", flat=True):
        with transaction.atomic():
            session = SessionPage.objects.select_for_update(of=("self",)).get(pk=pk)
            if Takeaway.objects.filter(session=session).exists():
                continue
            _, is_first = TakeawayNudge.objects.get_or_create(session=session)
            if is_first:
                news.nudge(session)
                nudged += 1
    return nudged


def _say_what_is_ready() -> int:
    ready = 0
    waiting = Takeaway.objects.filter(state=TakeawayState.CHECKING, is_host_told=False)
    for pk in waiting.order_by("session").values_list("session", flat=True).distinct():
        with transaction.atomic():
            session = SessionPage.objects.select_for_update(of=("self",)).get(pk=pk)
            found = [one for one in waiting.filter(session=session) if not why_not_publish(one)]
            if found:
                Takeaway.objects.filter(pk__in=[one.pk for one in found]).update(is_host_told=True)
                news.tell_that_ready(session, len(found))
                ready += len(found)
    return ready
