"""What a person was told, and what they do not want to be mailed about."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse


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
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["user", "read_at"], name="notifications_of_a_person")]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        """Leads to what the news is about, and marks it as read on the way."""
        return reverse("notifications:open", args=[self.pk])


class Mute(models.Model):
    """A kind of news that a person does not want by e-mail. The inbox still has it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notification_mutes")
    kind = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="one_mute_per_person_and_kind")]

    def __str__(self) -> str:
        return f"{self.user}: no {self.kind}"
