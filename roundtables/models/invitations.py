"""Who was asked to a session's table, by whom and why; and who asks to be."""

from __future__ import annotations

from django.db import models

from hub.members.models import MemberProfile
from roundtables.models.pages import SessionPage

LONGEST_WHY = 300


class Invitation(models.Model):
    """One member asks another to a session. Of a host, it opens a table that is by invitation."""

    session = models.ForeignKey(SessionPage, on_delete=models.CASCADE, related_name="invitations")
    profile = models.ForeignKey(MemberProfile, on_delete=models.CASCADE, related_name="+")
    invited_by = models.ForeignKey(MemberProfile, on_delete=models.CASCADE, related_name="+")
    why = models.CharField(max_length=LONGEST_WHY, blank=True)
    is_of_host = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "profile", "invited_by"], name="one_invitation_from_a_person_to_a_person"
            )
        ]

    def __str__(self) -> str:
        return f"{self.profile}, {self.session}"


class InvitationRequest(models.Model):
    """A member asks the hosts of a table that is by invitation for one. What was set aside stays unanswered to them."""

    session = models.ForeignKey(SessionPage, on_delete=models.CASCADE, related_name="+")
    profile = models.ForeignKey(MemberProfile, on_delete=models.CASCADE, related_name="+")
    why = models.CharField(max_length=LONGEST_WHY)
    is_open = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["session", "profile"], name="one_request_per_person_and_session")
        ]

    def __str__(self) -> str:
        return f"{self.profile}, {self.session}"
