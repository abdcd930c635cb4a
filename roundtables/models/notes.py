"""What the table writes down together, before the host makes the session's notes of it."""

from __future__ import annotations

from django.db import models

from roundtables.models.pages import SessionPage


class SharedNotes(models.Model):
    """The text that everybody at one table writes; who wrote what is not kept, under no rule.

    It is for those at the table only. What readers get to see are the notes of the page, which the host publishes.
    """

    session = models.OneToOneField(SessionPage, on_delete=models.CASCADE, related_name="shared_notes")
    text = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(auto_now=True)
    published_at = models.DateTimeField("notes first published", null=True, blank=True)

    def __str__(self) -> str:
        return f"Shared notes of {self.session}"


class EarlierNotes(models.Model):
    """The text before somebody changed it, so that nothing anybody wrote is lost."""

    notes = models.ForeignKey(SharedNotes, on_delete=models.CASCADE, related_name="earlier")
    version = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    saved_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["notes", "version"], name="one_text_per_version_of_notes")]

    def __str__(self) -> str:
        return f"{self.notes}, version {self.version}"
