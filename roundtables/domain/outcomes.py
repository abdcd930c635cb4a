"""What sessions led to, as columns of the host desk: things that are counted, not people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, F, Q

from hub.accounts.enums import Role
from roundtables.models import FollowUp, PracticeOrigin, Takeaway
from roundtables.registry import Measure, register_measure


def register_outcomes() -> None:
    """Takeaways published, those that most confirmed, topics for a next session, practices, and their use."""
    register_measure(Measure("Takeaways", lambda ids: _counted(Takeaway.objects.published(), "session", ids)))
    register_measure(Measure("Confirmed", lambda ids: _counted(confirmed_by_most(), "session", ids)))
    register_measure(Measure("Follow-ups", lambda ids: _counted(FollowUp.objects.all(), "session", ids)))
    register_measure(Measure("Practices", lambda ids: _counted(practices_made(), "takeaway__session", ids)))
    register_measure(Measure("Use", lambda ids: _counted(practices_made(), "takeaway__session", ids, SIGNED_USE)))


def confirmed_by_most() -> Any:
    """Published takeaways to which more than half of those who were there said yes; silence is not a yes."""
    return Takeaway.objects.published().filter(confirmed__gt=F("present") / 2.0)


def practices_made() -> Any:
    """Where practices came from that every member may read: a draft, or a page for fewer, is nobody's to count."""
    return PracticeOrigin.objects.filter(practice__live=True, practice__effective_audience__lte=Role.MEMBER)


# Use that is told under a name. What is told without one is only ever a number among others.
SIGNED_USE = Count(
    "practice__use_records",
    filter=Q(practice__use_records__is_signed=True, practice__use_records__profile__user__is_active=True),
)


def _counted(found: Any, session: str, ids: Sequence[int], number: Count | None = None) -> dict[int, int]:
    """How many of `found` each session has; `number` counts something else than themselves."""
    kept = found.filter(**{f"{session}__in": ids}).order_by()
    return dict(kept.values_list(session).annotate(number=number or Count("pk")))
