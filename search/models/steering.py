"""What staff know better than any engine: words that mean the same here, and what should come first."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q


class Synonym(models.Model):
    """Words and phrases that mean the same in this community: who asks for one finds the others too, lower down."""

    words = models.TextField(help_text="Words or phrases that mean the same, separated by commas.")
    language = models.CharField(
        max_length=12, default="en", help_text="The language of the words, which says what counts as the same word."
    )

    class Meta:
        ordering = ["words", "pk"]

    def __str__(self) -> str:
        return ", ".join(self.members)

    @property
    def members(self) -> list[str]:
        """The words and phrases of the group, as they were written."""
        return listed(self.words)

    def clean(self) -> None:
        if len(self.members) < 2:
            raise ValidationError({"words": "Write at least two words or phrases, with a comma between them."})


class PromotedResultQuerySet(models.QuerySet["PromotedResult"]):
    def current(self, today: datetime.date) -> PromotedResultQuerySet:
        """Those that hold on this day, in the order in which they are shown."""
        return self.filter(
            Q(starts__isnull=True) | Q(starts__lte=today), Q(ends__isnull=True) | Q(ends__gte=today)
        ).order_by("sort_order", "pk")


class PromotedResult(models.Model):
    """What comes first for some questions because staff chose it, for those who may find it anyway."""

    words = models.TextField(help_text="The questions for which it comes first, separated by commas.")
    source_model = models.CharField(max_length=80, help_text="As in the catalogue, such as pages.basepage.")
    source_id = models.BigIntegerField()
    note = models.TextField(blank=True, help_text="Why it was chosen, for other members of staff.")
    starts = models.DateField(null=True, blank=True, help_text="The first day; at once, if empty.")
    ends = models.DateField(null=True, blank=True, help_text="The last day; until somebody removes it, if empty.")
    sort_order = models.PositiveSmallIntegerField(default=0, help_text="Smaller numbers come first.")

    objects = PromotedResultQuerySet.as_manager()

    class Meta:
        ordering = ["words", "sort_order", "pk"]
        verbose_name = "chosen result"

    def __str__(self) -> str:
        return f"{', '.join(self.questions)}: {self.source_model} {self.source_id}"

    @property
    def questions(self) -> list[str]:
        """The questions for which it comes first, as they were written."""
        return listed(self.words)

    def clean(self) -> None:
        if not self.questions:
            raise ValidationError({"words": "Write at least one question, as people type it."})
        if self.starts and self.ends and self.ends < self.starts:
            raise ValidationError({"ends": "The last day is before the first. Change one of them."})


def listed(text: str) -> list[str]:
    """The parts of a list with commas, without repetition."""
    parts = (" ".join(part.split()) for part in text.replace(";", ",").replace("\n", ",").split(","))
    return list(dict.fromkeys(part for part in parts if part))
