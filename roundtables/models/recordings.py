"""Whether those who can be seen or heard on a recording agree to it."""

from __future__ import annotations

from django.db import models

from hub.members.models import MemberProfile
from roundtables.models.pages import SessionPage


class RecordingConsent(models.Model):
    """What one person who was there says about the recording and the transcript; it can be taken back at any time."""

    session = models.ForeignKey(SessionPage, on_delete=models.CASCADE, related_name="consents")
    profile = models.ForeignKey(MemberProfile, on_delete=models.CASCADE, related_name="+")
    agrees = models.BooleanField()
    said_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "profile"], name="one_answer_about_a_recording")]

    def __str__(self) -> str:
        return f"{self.profile}, {'agrees' if self.agrees else 'does not agree'}, {self.session}"
