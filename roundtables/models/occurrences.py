"""The days of a series: what became of each."""

from __future__ import annotations

from django.db import models

from roundtables.models.pages import SeriesPage, SessionPage


class OccurrenceQuerySet(models.QuerySet["Occurrence"]):
    def skipped(self) -> OccurrenceQuerySet:
        """Days on which the series does not meet, although its rule says so."""
        return self.filter(session__isnull=True)


class Occurrence(models.Model):
    """One day that the rule of a series named, and the session that was planned for it.

    `day` stays what it was when the session moves to another: it says which occurrence the session is,
    as RECURRENCE-ID does in a calendar. Without a session the day is skipped: it was left out, or its page
    was deleted; either way none is planned for it again.
    """

    series = models.ForeignKey(SeriesPage, on_delete=models.CASCADE, related_name="occurrences")
    day = models.DateField()
    session = models.OneToOneField(
        SessionPage, null=True, blank=True, on_delete=models.SET_NULL, related_name="occurrence"
    )
    planned_revision = models.PositiveBigIntegerField(null=True, blank=True)

    objects = OccurrenceQuerySet.as_manager()

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["series", "day"], name="one_occurrence_per_series_and_day")]

    def __str__(self) -> str:
        return f"{self.series}, {self.day}"

    @property
    def is_as_planned(self) -> bool:
        """Whether nobody has written in the session since it was planned."""
        planned = self.planned_revision
        return self.session is not None and planned is not None and self.session.latest_revision_id == planned
