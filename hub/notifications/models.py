"""What a person was told, when they want to be mailed about it, and how far each mail got."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from hub.notifications import registry
from hub.notifications.enums import DeliveryState, Needs, Timing
from hub.pages.models import BasePage


class Preference(models.Model):
    """When a person wants a kind of news by e-mail, where that is not what the kind says itself."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notification_preferences"
    )
    kind = models.CharField(max_length=40)
    timing = models.CharField(max_length=8, choices=Timing.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="one_preference_per_person_and_kind")]

    def __str__(self) -> str:
        return f"{self.user}: {self.kind} {self.get_timing_display()}"


class Delivery(models.Model):
    """One mail to one person: one piece of news, or a digest of several.

    It is written together with what it tells of, so a process that dies loses no mail. Sending it
    is `hub.notifications.post`; that text says how often a mail can arrive.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="deliveries")
    digest_of = models.DateField(
        null=True, blank=True, help_text="The day of a digest where its reader lives; empty for a single piece of news."
    )
    message_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(max_length=8, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    cut_off = models.PositiveSmallIntegerField(
        default=0, help_text="How often it is not known whether the mail server took it."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField(default=timezone.now)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True, help_text="What the mail server said.")

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = "mail"
        verbose_name_plural = "mail"
        constraints = [models.UniqueConstraint(fields=["user", "digest_of"], name="one_digest_per_person_and_day")]
        indexes = [models.Index(fields=["state", "due_at"], name="deliveries_that_are_due")]

    def __str__(self) -> str:
        return f"Mail {self.pk} to {self.user}"

    def what(self) -> str:
        """What kind of news it brings; never its words, which are between the hub and the reader."""
        if self.digest_of is not None:
            return "Digest"
        kinds = [registry.kind_of(one.kind) for one in self.news.all()]
        return ", ".join(kind.label for kind in kinds if kind) or "News"


class NotificationQuerySet(models.QuerySet):
    def unread(self) -> NotificationQuerySet:
        """News that was not opened yet."""
        return self.filter(read_at__isnull=True)


class Notification(models.Model):
    """One piece of news in one person's inbox, in the words they were told it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=40)
    text = models.CharField(max_length=500)
    detail = models.TextField(blank=True, help_text="What somebody wrote about it, such as a reviewer's comment.")
    url = models.CharField(max_length=500, blank=True, help_text="Where it is dealt with, below the hub's address.")
    page = models.ForeignKey(
        BasePage, null=True, blank=True, on_delete=models.CASCADE, related_name="+",
        help_text="The page its words name. The news goes when the page is deleted.",
    )  # fmt: skip
    needs = models.CharField(max_length=4, choices=Needs.choices, blank=True, default=Needs.NOTHING)
    thread = models.CharField(
        max_length=60, blank=True, help_text="What it is about, as mail programs put mails together."
    )
    timing = models.CharField(max_length=8, choices=Timing.choices, default=Timing.NEVER)
    delivery = models.ForeignKey(Delivery, null=True, blank=True, on_delete=models.SET_NULL, related_name="news")
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["user", "read_at"], name="notifications_of_a_person"),
            models.Index(fields=["timing", "delivery", "read_at"], name="notifications_for_digests"),
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        """Leads to what the news is about, and marks it as read on the way."""
        return reverse("notifications:open", args=[self.pk])
