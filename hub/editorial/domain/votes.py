"""Voting in a review: the one door for members and for people outside."""

from __future__ import annotations

from wagtail.models import TaskState

from hub.accounts.models import User
from hub.editorial.enums import Decision
from hub.editorial.models import ExternalReview, ReviewVote


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
