"""What keeps pages true: who looks after each, who is asked at the moment, and what had to be corrected."""

from __future__ import annotations

from typing import Any, NoReturn

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone

from hub.editorial.enums import UpkeepOutcome, UpkeepReason, UpkeepStep
from hub.pages.enums import Audience
from hub.pages.models import BasePage


class PageUpkeep(models.Model):
    """Who looks after a page, and how often. No part of the text: it needs no review, and no draft brings it back."""

    page = models.OneToOneField(BasePage, on_delete=models.CASCADE, related_name="upkeep")
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        verbose_name="responsible person", help_text="Asked first when the page has to be verified.",
    )  # fmt: skip
    group = models.ForeignKey(
        Group, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name="or responsible group",
        help_text="Somebody of the group is asked, and all of them may answer.",
    )  # fmt: skip
    interval_months = models.PositiveSmallIntegerField(
        "verify every … months", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(120)],
        help_text="Empty: as is usual for this kind of page.",
    )  # fmt: skip

    class Meta:
        verbose_name = "page to keep true"
        verbose_name_plural = "pages to keep true"

    def __str__(self) -> str:
        return self.page.get_admin_display_title()


class UpkeepTaskQuerySet(models.QuerySet):
    def open(self) -> UpkeepTaskQuerySet:
        """What nobody has settled yet."""
        return self.filter(closed_at__isnull=True)


class UpkeepTask(models.Model):
    """A page has to be looked at, and one person is asked to. A page has at most one that is open."""

    page = models.ForeignKey(BasePage, on_delete=models.CASCADE, related_name="upkeep_tasks")
    reason = models.CharField(max_length=8, choices=UpkeepReason.choices)
    remark = models.TextField(blank=True, max_length=1000, help_text="What has to be put right, if somebody said so.")
    step = models.PositiveSmallIntegerField(choices=UpkeepStep.choices, default=UpkeepStep.OWNER)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="upkeep_tasks"
    )
    assigned_at = models.DateTimeField(default=timezone.now)
    asked = models.JSONField(default=list, editable=False, help_text="Keys of everybody who was asked so far.")
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    outcome = models.CharField(max_length=10, choices=UpkeepOutcome.choices, blank=True)

    objects = UpkeepTaskQuerySet.as_manager()

    class Meta:
        ordering = ["opened_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["page"], condition=models.Q(closed_at__isnull=True), name="one_open_upkeep_task_per_page"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()}: {self.page.get_admin_display_title()}"


class CorrectionQuerySet(models.QuerySet):
    def delete(self) -> NoReturn:
        """Corrections stay. They go with their page, and not without it."""
        raise TypeError("A correction cannot be deleted. Publish another one that says what was wrong with it.")


class Correction(models.Model):
    """What was wrong on a page and is right now: dated, public with the page, never changed and never deleted.

    It keeps the prose as it was. Names, quotations' speakers, pictures and links are left out of it: who may
    know them can have changed since (`hub.editorial.domain.corrections`).
    """

    page = models.ForeignKey(BasePage, on_delete=models.CASCADE, related_name="corrections")
    text = models.TextField()
    made_at = models.DateTimeField(default=timezone.now)
    audience = models.PositiveSmallIntegerField(
        choices=Audience.choices, help_text="Who could read the page before; nobody beyond them reads what it said."
    )
    before = models.JSONField(help_text="The parts of the page with their words, as they were.")

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.page}, {self.made_at:%Y-%m-%d}: {self.text}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("A correction cannot be changed. Publish another one.")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """The page as it was before."""
        return reverse("upkeep:earlier", args=[self.pk])

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("A correction cannot be deleted. Publish another one that says what was wrong with it.")
