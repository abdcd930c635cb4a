"""Voting in a review: the one door for members and for people outside."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from wagtail.models import Revision, TaskState, WorkflowState

from hub.accounts.models import User
from hub.editorial.domain import news
from hub.editorial.enums import Decision, VoidedBy
from hub.editorial.models import ExternalReview, PeerReviewState, ReviewVote


def cast(
    state: TaskState, *, by: User | ExternalReview, decision: Decision, comment: str = "", revision_id: int
) -> ReviewVote:
    """Count `by`'s word on the text `revision_id`, which they have read, in the review `state`.

    Raises `MayNotReview` with the reason, or `TextChanged` when another text lies there now; then nothing has
    happened. Side effects: their earlier votes in this review are replaced; a request for changes hands the page
    back to its authors; the approval that completes the quorum publishes the page, or schedules it when it has a
    date. Safe when several vote at once.
    """
    vote: ReviewVote = state.specific.vote(by=by, decision=decision, comment=comment, revision_id=revision_id)
    return vote


@transaction.atomic
def void_overtaken(revision: Revision) -> None:
    """A new text was saved: void the approvals of the one before it, and tell those who gave them, once.

    When the hub lets approvals stand (HUB_EDITS_VOID_APPROVALS), only those of the person who changed the text end.
    """
    overtaken = ReviewVote.objects.standing().filter(
        decision=Decision.APPROVE,
        task_state__workflow_state__object_id=revision.object_id,
        task_state__workflow_state__base_content_type_id=revision.base_content_type_id,
        task_state__workflow_state__status__in=[WorkflowState.STATUS_IN_PROGRESS, WorkflowState.STATUS_NEEDS_CHANGES],
    )
    if not settings.HUB_EDITS_VOID_APPROVALS:
        overtaken = overtaken.filter(user_id=revision.user_id, user__isnull=False)
    for vote in overtaken.exclude(revision_id=revision.pk).select_related("user", "task_state"):
        vote.void(VoidedBy.EDIT)
        if vote.user is not None:
            news.approval_voided(vote, actor=revision.user)


@transaction.atomic
def answer(review: WorkflowState, *, by: User, text: str) -> None:
    """Keep what the authors say to the request for changes that `review` waits for; its reviewers read it when the
    page is handed in again."""
    state = review.current_task_state.specific if review.current_task_state else None
    if review.status != WorkflowState.STATUS_NEEDS_CHANGES or not isinstance(state, PeerReviewState):
        return
    text = "\n".join(text.strip().splitlines())
    if text != state.answer:
        state.answer, state.answered_by = text, by
        state.save(update_fields=["answer", "answered_by"])
