"""What reviewers said about a text, and who of them took a review on."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from wagtail.models import Revision

from hub.editorial.enums import Decision, VoidedBy


class ReviewVoteQuerySet(models.QuerySet):
    def standing(self) -> ReviewVoteQuerySet:
        """Votes that were neither taken back, nor replaced, nor overtaken by an edit."""
        return self.filter(voided_at__isnull=True)


class ReviewVote(models.Model):
    """One reviewer's word on one text. As long as there are the page and the voter it is kept: it is voided, with the
    reason, and never deleted.

    Whether a standing vote *counts* is asked when the quorum is (`hub.editorial.quorum`): its voter may have
    become an author since.
    """

    task_state = models.ForeignKey("editorial.PeerReviewState", on_delete=models.CASCADE, related_name="votes")
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    external = models.ForeignKey(
        "editorial.ExternalReview", null=True, blank=True, on_delete=models.CASCADE, related_name="votes"
    )
    decision = models.CharField(max_length=8, choices=Decision.choices)
    comment = models.TextField(blank=True)
    cast_at = models.DateTimeField(auto_now_add=True)
    voided_at = models.DateTimeField(null=True, blank=True)
    voided_by = models.CharField(max_length=12, choices=VoidedBy.choices, blank=True)

    objects = ReviewVoteQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, external__isnull=True) | Q(user__isnull=True, external__isnull=False),
                name="a_vote_is_one_persons",
            ),
            models.UniqueConstraint(
                fields=["task_state", "user"], condition=Q(voided_at__isnull=True), name="one_standing_vote_per_member"
            ),
            models.UniqueConstraint(
                fields=["task_state", "external"],
                condition=Q(voided_at__isnull=True),
                name="one_standing_vote_per_external",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.voter_name} {self.get_decision_display()}"

    def void(self, reason: VoidedBy) -> None:
        """Let it count no more, and keep it with the reason."""
        self.voided_at, self.voided_by = timezone.now(), reason
        self.save(update_fields=["voided_at", "voided_by"])

    @property
    def email(self) -> str:
        """The voter's address, which tells one person from another, however they came in."""
        voter = self.user or self.external
        return voter.email.lower() if voter else ""

    @property
    def voter_name(self) -> str:
        """How the voter is called on the pages of the editor."""
        if self.external is not None:
            return f"{self.external.name} (external)"
        return (self.user and self.user.get_full_name()) or "Somebody"


class ReviewClaim(models.Model):
    """A reviewer said "I take this on". Others are not asked again as long as enough have."""

    task_state = models.ForeignKey("editorial.PeerReviewState", on_delete=models.CASCADE, related_name="claims")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    claimed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["task_state", "user"], name="one_claim_per_review_and_person")]

    def __str__(self) -> str:
        return f"{self.user}, on {self.task_state}"
