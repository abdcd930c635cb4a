"""What members contribute to a practice that is not theirs: an edit they suggest, and what became of it elsewhere."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse
from wagtail.models import Revision

from hub.members.models import MemberProfile
from hub.practices.enums import Outcome, SuggestionState
from hub.practices.models.pages import PracticePage
from hub.taxonomy.models import Function, Industry


class EditSuggestion(models.Model):
    """A proposed revision of a practice, apart from the drafts of its page until those who write it take it over.

    Only parts that were changed are kept: as they were read (`before`) and as they should be (`texts`), by
    the name of the field. Both are Markdown, so that a difference can be read.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    practice = models.ForeignKey(PracticePage, on_delete=models.CASCADE, related_name="edit_suggestions")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="edit_suggestions")
    before = models.JSONField(default=dict)
    texts = models.JSONField(default=dict)
    note = models.TextField(max_length=1000, blank=True, help_text="Why; for those who decide.")
    state = models.CharField(max_length=10, choices=SuggestionState.choices, default=SuggestionState.OPEN)
    answer = models.TextField(max_length=1000, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    revision = models.ForeignKey(Revision, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"Edit of {self.practice} ({self.get_state_display()})"

    def get_absolute_url(self) -> str:
        return reverse("practices:suggestion", args=[self.pk])


class UseRecord(models.Model):
    """ "We tried this practice": by whom, in which place, how adapted, and whether it worked.

    Unsigned, it is only ever a number among others (`rules.SMALLEST_CELL`); signed, it is its author's statement.
    """

    practice = models.ForeignKey(PracticePage, on_delete=models.CASCADE, related_name="use_records")
    profile = models.ForeignKey(MemberProfile, on_delete=models.CASCADE, related_name="use_records")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    adapted = models.TextField("what you did differently", max_length=2000, blank=True)
    function = models.ForeignKey(Function, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    industry = models.ForeignKey(Industry, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    is_signed = models.BooleanField("show this with my name", default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-changed_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["practice", "profile"], name="one_use_record_per_person")]

    def __str__(self) -> str:
        return f"{self.practice}: {self.get_outcome_display()}"
