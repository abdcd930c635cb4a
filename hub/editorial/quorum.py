"""What a review has reached: which votes count, which requests are open, what is missing.

A vote is asked about twice: when it is cast, and whenever the quorum is. In between its voter may have
become an author of the page, lost their seat, or changed the text; then it counts no more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Q
from wagtail.models import WorkflowState

from hub.accounts.enums import Role
from hub.accounts.rules import role_of
from hub.editorial import rules
from hub.editorial.enums import Decision
from hub.pages.models import BasePage

if TYPE_CHECKING:
    from hub.editorial.models.votes import ReviewVote
    from hub.editorial.reviews import PeerReviewState


@dataclass(frozen=True)
class Standing:
    """Where a review stands. `missing` says, in words, all that is still needed; empty when nothing is."""

    approvals: tuple[ReviewVote, ...]
    requests: tuple[ReviewVote, ...]
    missing: tuple[str, ...]

    @property
    def reached(self) -> bool:
        return not self.missing

    @property
    def sentence(self) -> str:
        """What has to come, as a sentence."""
        return f"Still missing: {'; '.join(self.missing)}." if self.missing else "Nothing is missing."


def standing_of(state: PeerReviewState) -> Standing:
    """Where the review `state` stands at this moment."""
    task = state.peer_task
    approvals = _approvals(state)
    requests = tuple(vote for vote in open_requests(state) if not _settled(vote, approvals))
    missing = []
    if (more := task.quorum - len(approvals)) > 0:
        missing.append("one more approval" if more == 1 else f"{more} more approvals")
    elif all(vote.external_id for vote in approvals):
        missing.append("an approval from inside the community")
    elif all(vote.revision_id != state.revision_id for vote in approvals):
        missing.append("an approval of the text as it is now")
    if task.staff_approve and not any(_by_staff(vote) for vote in approvals):
        missing.append("an approval by staff")
    missing += [f"the word of {vote.voter_name}, who asked for changes" for vote in requests]
    return Standing(approvals=approvals, requests=requests, missing=tuple(missing))


def open_requests(state: PeerReviewState) -> list[ReviewVote]:
    """Requests for changes on this page whose reviewer has not said more since, oldest first.

    They outlive the review they were made in, so that taking a page back and handing it in again does not
    lose them; publishing the page ends them. Someone outside sees one text only, so theirs ends with it.
    """
    page = BasePage.objects.filter(pk=state.page_id).first()
    votes = state.votes.model._default_manager
    found = votes.standing().filter(
        decision=Decision.CHANGES,
        task_state__workflow_state__object_id=str(state.page_id),
        task_state__workflow_state__base_content_type_id=state.workflow_state.base_content_type_id,
    )
    found = found.exclude(task_state__workflow_state__status=WorkflowState.STATUS_APPROVED)
    if page is not None and page.last_published_at is not None:
        found = found.filter(cast_at__gt=page.last_published_at)
    found = found.filter(Q(external__isnull=True) | Q(revision_id=state.revision_id))
    return [vote for vote in found.select_related("user", "external") if _may_ask(vote, state)]


def _approvals(state: PeerReviewState) -> tuple[ReviewVote, ...]:
    """The approvals that count, at most one for each person."""
    votes = state.votes.standing().filter(decision=Decision.APPROVE).select_related("user", "external")
    if settings.HUB_EDITS_VOID_APPROVALS:
        votes = votes.filter(revision_id=state.revision_id)
    found: dict[str, Any] = {}
    for vote in votes:
        if _may_approve(vote, state):
            found[vote.email] = vote
    return tuple(found.values())


def _may_approve(vote: ReviewVote, state: PeerReviewState) -> bool:
    if vote.external is not None:
        if not state.peer_task.external_approvals:
            return False
        return not rules.why_not_external(state.page_id, state.revision, vote.external, approve=True)
    if not rules.may_review(state.page_id, vote.user, state.peer_task):
        return False
    return not rules.why_not_approve(state.page_id, state.revision, vote.user)


def _may_ask(vote: ReviewVote, state: PeerReviewState) -> bool:
    if vote.external is not None:
        return not rules.why_not_external(state.page_id, state.revision, vote.external, approve=False)
    return rules.may_review(state.page_id, vote.user, state.peer_task)


def _settled(request: ReviewVote, approvals: tuple[ReviewVote, ...]) -> bool:
    """Staff who approve a later text have seen the request and its answer: nobody waits for somebody on leave."""
    return any(vote.pk > request.pk and _by_staff(vote) for vote in approvals)


def _by_staff(vote: ReviewVote) -> bool:
    return vote.user is not None and role_of(vote.user) >= Role.STAFF
