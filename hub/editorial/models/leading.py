"""Who leads a section: an ordinary group with ordinary page permissions, and the note that it is one."""

from __future__ import annotations

from django.contrib.auth.models import Group
from django.db import models

from hub.pages.models import BasePage


class SectionLeadership(models.Model):
    """The group whose members lead the pages below one page. All its rights are Wagtail's own, on that page."""

    page = models.OneToOneField(BasePage, on_delete=models.CASCADE, related_name="leadership")
    group = models.OneToOneField(Group, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name_plural = "section leaderships"

    def __str__(self) -> str:
        return str(self.group)
