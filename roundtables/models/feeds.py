"""Addresses under which a member's own calendar programs fetch their sessions."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class CalendarFeed(models.Model):
    """One secret address of one member, for one device. Only a fingerprint of the secret is kept.

    It opens nothing by itself: what it shows is what its owner may see at the moment of asking.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feeds")
    name = models.CharField("what it is for", max_length=60)
    has_open_sessions = models.BooleanField("also the sessions I have no seat at", default=False)
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField("the address was made")
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="one_calendar_address_per_name")]

    def __str__(self) -> str:
        return f"{self.name}, {self.user}"
