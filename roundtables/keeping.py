"""The desk of those who write down what a session came to: how each takeaway stands, and what was said to it."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from hub.kernel.dates import in_words
from roundtables.domain import takeaways
from roundtables.enums import TakeawayState
from roundtables.models import FollowUp, SessionPage, Takeaway


def desk(session: SessionPage) -> dict[str, Any]:
    """Everything those who run a session see of its takeaways: how each stands, and what was said, never by whom."""
    rows = Takeaway.objects.filter(session=session).select_related("speaker", "replaces")
    by_state: dict[str, list[dict[str, Any]]] = {state: [] for state in TakeawayState.values}
    for row in rows:
        row.session = session
        by_state[row.state].append(_on_desk(row))
    follow_ups = list(FollowUp.objects.filter(session=session).select_related("draft"))
    return {
        "groups": by_state,
        "present": takeaways.there(session).count(),
        "follow_ups": follow_ups,
    }


def _on_desk(row: Takeaway) -> dict[str, Any]:
    if row.state != TakeawayState.CHECKING:
        return {"takeaway": row}
    answers = takeaways.standing_answers(row)
    return {
        "takeaway": row,
        "count": takeaways.count(row),
        "said": [(one.get_answer_display(), one.text, one.answer) for one in answers if one.text],
        "why_not": takeaways.why_not_publish(row),
        "until": in_words(timezone.localtime(row.check_until).date(), timezone.localdate()) if row.check_until else "",
    }
