"""Searches that people keep, and what they were told about them."""

from __future__ import annotations

import hashlib
import json

from django.conf import settings
from django.db import models
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone


class Rhythm(models.TextChoices):
    """How often a person hears what is new for a search they kept."""

    DAILY = "daily", "Every day"
    WEEKLY = "weekly", "Every week"
    NEVER = "never", "Never"


class SavedSearch(models.Model):
    """A question with its choices that one person keeps. Gone with their account.

    `looked_at` is how far they were told: what they could first find later is new. Whoever looks moves
    it on in the same transaction, so each stretch of time is looked at once.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_searches")
    name = models.CharField(max_length=80)
    question = models.TextField(blank=True)
    filters = models.JSONField(default=dict, blank=True, help_text="The choices that are on, by facet.")
    digest = models.CharField(max_length=64, editable=False, help_text="Tells the same search by the same person.")
    rhythm = models.CharField(max_length=8, choices=Rhythm.choices, default=Rhythm.WEEKLY)
    is_paused = models.BooleanField(default=False)
    looked_at = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name", "pk"]
        verbose_name_plural = "saved searches"
        constraints = [models.UniqueConstraint(fields=["owner", "digest"], name="one_saved_search_of_a_kind")]
        indexes = [models.Index(fields=["rhythm", "looked_at"], name="saved_search_due")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The page of results."""
        address = QueryDict(mutable=True)
        if self.question:
            address["q"] = self.question
        for facet, values in self.filters.items():
            address.setlist(facet, values)
        return f"{reverse('search:results')}?{address.urlencode()}"

    @staticmethod
    def digest_of(question: str, filters: dict[str, list[str]]) -> str:
        """The same for the same words and choices, whatever their order and capitals."""
        text = json.dumps(
            [question.casefold(), {name: sorted(values) for name, values in filters.items()}], sort_keys=True
        )
        return hashlib.sha256(text.encode()).hexdigest()


class SearchAlert(models.Model):
    """One time that there was something new for a saved search."""

    search = models.ForeignKey(SavedSearch, on_delete=models.CASCADE, related_name="alerts")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.search_id} at {self.created_at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        """What was new, as far as its owner may find it now."""
        return reverse("search:saved_news", args=[self.pk])


class Told(models.Model):
    """A thing that need not be told again for this search: it was, or it was there when the search was saved.

    Names the thing and not its entry, which comes and goes with what may be read of it.
    """

    search = models.ForeignKey(SavedSearch, on_delete=models.CASCADE, related_name="told")
    alert = models.ForeignKey(SearchAlert, null=True, on_delete=models.CASCADE, related_name="told")
    source_model = models.CharField(max_length=80)
    source_id = models.BigIntegerField()

    class Meta:
        verbose_name_plural = "told"
        constraints = [
            models.UniqueConstraint(fields=["search", "source_model", "source_id"], name="told_once_for_a_search")
        ]

    def __str__(self) -> str:
        return f"{self.source_model} {self.source_id} for {self.search_id}"
