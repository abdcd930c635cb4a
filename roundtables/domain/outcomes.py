"""What sessions led to, as columns of the host desk: things that are counted, not people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count

from roundtables.models import FollowUp, PracticeOrigin, Takeaway
from roundtables.registry import Measure, register_measure


def register_outcomes() -> None:
    """Takeaways that were published, topics for a next session, practices that began with a takeaway."""
    register_measure(Measure("Takeaways", lambda ids: _counted(Takeaway.objects.published(), "session", ids)))
    register_measure(Measure("Follow-ups", lambda ids: _counted(FollowUp.objects.all(), "session", ids)))
    register_measure(
        Measure("Practices", lambda ids: _counted(PracticeOrigin.objects.all(), "takeaway__session", ids)),
    )


def _counted(found: Any, session: str, ids: Sequence[int]) -> dict[int, int]:
    return dict(found.filter(**{f"{session}__in": ids}).order_by().values_list(session).annotate(Count("pk")))
