"""Where a review stands, above the text: who has said what, what is missing, and the authors' answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import cached_property
from wagtail.admin.panels import Panel

from hub.editorial import quorum
from hub.editorial.enums import Decision
from hub.editorial.reviews import PeerReviewState


@dataclass(frozen=True)
class Round:
    """A request for changes, and what its authors answered."""

    who: str
    when: Any
    comment: str
    answer: str


class ReviewPanel(Panel):
    """Shown while a page is in peer review, or is to be changed for one."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "editorial/review_panel.html"

        @cached_property
        def state(self) -> PeerReviewState | None:
            """The peer review that goes on, or that asked for changes last."""
            review = self.instance.current_workflow_state if self.instance.pk else None
            state = review.current_task_state.specific if review and review.current_task_state else None
            return state if isinstance(state, PeerReviewState) else None

        def is_shown(self) -> bool:
            return self.state is not None

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context = super().get_context_data(parent_context)
            state = self.state
            if state is None:
                return context
            writes = self.instance.permissions_for_user(self.request.user).can_change_text()
            to_change = state.status == state.STATUS_REJECTED
            return context | {
                "state": state,
                "standing": quorum.standing_of(state),
                "rounds": rounds_of(state),
                "claims": [claim.user.get_full_name() or "Somebody" for claim in state.claims.select_related("user")],
                "to_change": to_change,
                "may_answer": to_change and writes,
            }


def rounds_of(state: PeerReviewState) -> list[Round]:
    """The requests for changes in this review, oldest first, each with the answer it was given."""
    states = PeerReviewState.objects.filter(workflow_state_id=state.workflow_state_id, status=state.STATUS_REJECTED)
    found = []
    for one in states.order_by("pk").select_related("finished_by"):
        vote = one.votes.filter(decision=Decision.CHANGES).last()
        name = vote.voter_name if vote else (one.finished_by and one.finished_by.get_full_name()) or "Somebody"
        found.append(Round(name, one.finished_at, vote.comment if vote else one.comment, one.answer))
    return found
