"""Texts of a page that somebody wants to find again: milestones, what was typed in vain, what was looked at last."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from wagtail.models import Revision

from hub.pages.models import BasePage


def with_its_page_only(collector: Any, field: Any, sub_objs: Any, using: str) -> None:
    """Delete what belongs to a text when its whole page is deleted; else the text stays, whoever tidies up.

    Wagtail's `purge_revisions` passes over what is protected.

    Raises:
        ProtectedError: when the text alone is about to be deleted.
    """
    pages = {page.pk for model, found in collector.data.items() if issubclass(model, BasePage) for page in found}
    if any(text.page_id not in pages for text in sub_objs):
        models.PROTECT(collector, field, sub_objs, using)
    else:
        models.CASCADE(collector, field, sub_objs, using)


class Milestone(models.Model):
    """A text of a page that was given a name, such as “As the board read it”. It is never overwritten or purged."""

    page = models.ForeignKey(BasePage, on_delete=models.CASCADE, related_name="milestones")
    revision = models.OneToOneField(Revision, on_delete=with_its_page_only, related_name="milestone")
    name = models.CharField(max_length=120)
    named_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    named_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-named_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["page", "name"], name="one_text_per_milestone_and_page")]

    def __str__(self) -> str:
        return self.name


class KeptText(models.Model):
    """What somebody typed while somebody else saved: a text beside the page's own line of texts.

    One for each window of the editor (`window`); what is typed there later replaces it.
    """

    page = models.ForeignKey(BasePage, on_delete=models.CASCADE, related_name="kept_texts")
    revision = models.OneToOneField(Revision, on_delete=with_its_page_only, related_name="kept_text")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    window = models.CharField(max_length=36)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["page", "user", "window"], name="one_kept_text_per_window_and_page")
        ]

    def __str__(self) -> str:
        return f"kept text of {self.page}"


class Look(models.Model):
    """The text of a page that somebody last had on their screen, and the one they knew before others changed it."""

    page = models.ForeignKey(BasePage, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    revision = models.ForeignKey(Revision, null=True, on_delete=models.SET_NULL, related_name="looks")
    before = models.ForeignKey(Revision, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "user"], name="one_look_per_person_and_page")]

    def __str__(self) -> str:
        return f"{self.user} looked at {self.page}"
