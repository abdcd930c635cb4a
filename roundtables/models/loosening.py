"""Asking everybody who was there whether what they said may be told with fewer restrictions."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from hub.members.models import MemberProfile
from roundtables.enums import AttributionMode, LooseningState
from roundtables.models.pages import SessionPage


class LooseningQuerySet(models.QuerySet["Loosening"]):
    def open(self) -> LooseningQuerySet:
        """Requests that wait for somebody's answer."""
        return self.filter(state=LooseningState.ASKED)


class Loosening(models.Model):
    """A request to hold a session's words less closely than was promised. It takes everybody's yes."""

    session = models.ForeignKey(SessionPage, on_delete=models.CASCADE, related_name="loosenings")
    mode = models.CharField(max_length=14, choices=AttributionMode.choices)
    reason = models.CharField("why", max_length=500)
    state = models.CharField(max_length=10, choices=LooseningState.choices, default=LooseningState.ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = LooseningQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["session"], condition=Q(state=LooseningState.ASKED), name="one_open_loosening_per_session"
            )
        ]

    def __str__(self) -> str:
        return f"{self.session}: {self.get_mode_display()}"


class LooseningAnswer(models.Model):
    """One person's yes or no; None until they answer. Nobody but they learn what it was."""

    loosening = models.ForeignKey(Loosening, on_delete=models.CASCADE, related_name="answers")
    profile = models.ForeignKey(MemberProfile, on_delete=models.CASCADE, related_name="+")
    agrees = models.BooleanField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["loosening", "profile"], name="one_answer_per_person_and_loosening")
        ]

    def __str__(self) -> str:
        return f"{self.profile}, {self.loosening}"
