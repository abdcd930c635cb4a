"""Reminders of sessions, a day and an hour before, for those who are going and nobody else."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from roundtables import rules
from roundtables.domain import news
from roundtables.domain.queue import locked
from roundtables.models import SessionPage, SessionSeat

logger = logging.getLogger(__name__)


@dataclass
class Done:
    """How many people were reminded, and how many sessions could not be dealt with."""

    reminded: int = 0
    failed: int = 0


def send_reminders() -> Done:
    """Remind people of the sessions they are going to; safe to run late, twice and at the same time.

    What a seat's holder knows is the start they were told of. So nobody is reminded twice, and everybody
    anew when a session is moved. A run that comes late sends the reminder of that moment, not the one it
    missed. Side effects: news, in a transaction for each session.
    """
    done = Done()
    now = timezone.now()
    soon = SessionPage.objects.live().filter(
        cancelled=False, starts_at__gt=now, starts_at__lte=now + rules.DAY_REMINDER
    )
    for session in soon.order_by("starts_at", "pk"):
        try:
            done.reminded += _remind(session)
        except Exception:
            done.failed += 1
            logger.exception("Nobody was reminded of session %s", session.pk)
    return done


@transaction.atomic
def _remind(session: SessionPage) -> int:
    session = locked(session)  # as it is now: it may have been cancelled, moved, or somebody may have left
    if session.cancelled or not session.live or not rules.starts_within(session, rules.DAY_REMINDER):
        return 0
    soon = rules.starts_within(session, rules.HOUR_REMINDER)
    field = "hour_told_of" if soon else "day_told_of"
    untold = SessionSeat.objects.going().filter(session=session).exclude(**{field: session.starts_at})
    told = 0
    for seat in untold.select_related("profile__user"):
        if rules.may_sit(session, seat.profile.user):
            setattr(seat, field, session.starts_at)
            seat.save(update_fields=[field])
            news.reminded(session, seat, soon=soon)
            told += 1
    return told
