"""What becomes of the log of questions with time: after thirty days no persons, after a year nothing."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from search.domain.desk import FEWEST_PEOPLE
from search.models import Asking, DaySecret

PEOPLE_KEPT_FOR = datetime.timedelta(days=30)
KEPT_FOR = datetime.timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was done, or what would be."""

    rare: int  # rows of questions that fewer than three people asked while people could be told apart
    nameless: int  # rows that lost their person
    old: int  # rows older than a year


@transaction.atomic
def prune(now: datetime.datetime | None = None, *, dry_run: bool = False) -> Pruned:
    """Let go of what is too old. Safe to repeat.

    1. Rows older than a year are deleted.
    2. Of those older than thirty days that still know their person: if fewer than three people asked the
       question since the oldest of them, they are deleted; the others forget the person and the hour, and
       keep how many people they were, and whether this one asked something else soon after.
    3. The secrets of days gone by are deleted.
    """
    now = now or timezone.now()
    old = Asking.objects.filter(asked_at__lt=now - KEPT_FOR)
    due = Asking.objects.filter(
        Q(user__isnull=False) | ~Q(visitor=""), asked_at__lt=now - PEOPLE_KEPT_FOR, asked_at__gte=now - KEPT_FOR
    )
    told_apart = Asking.objects.filter(asked_at__gte=now - KEPT_FOR).filter(Q(user__isnull=False) | ~Q(visitor=""))
    people = told_apart.filter(text__in=due.values("text")).people()
    rows = list(due.with_going_on())
    rare = [row.pk for row in rows if people[row.text] < FEWEST_PEOPLE]
    nameless = [row for row in rows if people[row.text] >= FEWEST_PEOPLE]
    done = Pruned(len(rare), len(nameless), old.count())
    if dry_run:
        return done
    for row in nameless:
        row.went_on, row.people, row.user, row.visitor = row.goes_on, people[row.text], None, ""  # type: ignore[attr-defined]
        row.asked_at = row.asked_at.replace(hour=0, minute=0, second=0, microsecond=0)
    old.delete()
    Asking.objects.bulk_update(nameless, ["went_on", "people", "user", "visitor", "asked_at"], batch_size=500)
    for start in range(0, len(rare), 500):
        Asking.objects.filter(pk__in=rare[start : start + 500]).delete()
    DaySecret.objects.filter(day__lt=now.date()).delete()
    return done
