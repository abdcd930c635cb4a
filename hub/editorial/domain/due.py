"""Reminding people of reviews that wait for them, and staff of those that nobody gives."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from hub.accounts.enums import Role
from hub.accounts.models import User
from hub.editorial.domain import news
from hub.editorial.domain.people import awaited
from hub.editorial.enums import Reminded
from hub.editorial.models import PeerReviewState
from hub.editorial.rules import is_author
from hub.pages.locks import lock_tree

logger = logging.getLogger(__name__)

APART = timedelta(days=3)  # before the day, and after it


@dataclass
class Done:
    """What a run of reminders did."""

    reminded: int = 0
    escalated: int = 0
    failed: int = 0


def stage_of(due_on: date, today: date) -> Reminded:
    """Which reminder a review that is due on `due_on` has to have had by `today`."""
    if today >= due_on + APART:
        return Reminded.OVERDUE
    if today >= due_on:
        return Reminded.DUE
    return Reminded.SOON if today >= due_on - APART else Reminded.NOT_YET


def send_reminders(today: date | None = None) -> Done:
    """Send the reminders that are owed: three days before, on the day, and three days after, when staff are told, too.

    Each goes out once, whoever runs this how often and however many at once; one that was missed because nobody
    ran it is left out in favour of the one that is owed now. Side effects: an overdue review is nobody's any more,
    so that everybody who was asked sees it on their dashboard again.
    """
    today = today or timezone.localdate()
    done = Done()
    waiting = PeerReviewState.objects.filter(
        status=PeerReviewState.STATUS_IN_PROGRESS, due_on__lte=today + APART, reminded__lt=Reminded.OVERDUE
    )
    for pk in waiting.order_by("due_on", "pk").values_list("pk", flat=True):
        try:
            stage = _remind(pk, today)
        except Exception:
            logger.exception("The reminder of review %s failed; the next run tries again", pk)
            done.failed += 1
            continue
        done.reminded += stage != Reminded.NOT_YET
        done.escalated += stage == Reminded.OVERDUE
    return done


@transaction.atomic
def _remind(pk: int, today: date) -> Reminded:
    """Remind of one review if that is owed. Under the lock of the pages, so two at once remind once."""
    lock_tree()
    state = PeerReviewState.objects.get(pk=pk)
    if state.status != state.STATUS_IN_PROGRESS or state.due_on is None:
        return Reminded.NOT_YET
    stage = stage_of(state.due_on, today)
    if stage <= state.reminded:
        return Reminded.NOT_YET
    state.reminded = stage
    state.save(update_fields=["reminded"])
    people = awaited(state)
    if stage < Reminded.OVERDUE:
        news.due(state, people, when=_when(state.due_on, today))
        return stage
    office = User.objects.filter(is_active=True, groups__name=Role.STAFF.group_name).distinct()
    staff = [user for user in office if not is_author(state.page_id, user)]
    news.due(state, [user for user in people if user not in staff], when=_when(state.due_on, today))
    news.overdue(state, staff, waiting_for=people)
    state.claims.all().delete()
    return stage


def _when(due_on: date, today: date) -> str:
    if due_on == today:
        return "is due today"
    return f"is due on {due_on:%-d %B}" if due_on > today else f"was due on {due_on:%-d %B}"
