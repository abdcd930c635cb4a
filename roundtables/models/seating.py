"""Who may sit at a table: whoever asks, who is invited, and those whom a host keeps seats for until it mixes."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel

from hub.editorial.models import KnowledgePage
from roundtables.enums import MixBy


class Seating(KnowledgePage):
    """How the seats of a table are given.

    The last ones can be kept, until a date, for people whose function (or industry) the table has few of.
    """

    by_invitation = models.BooleanField(
        "seats by invitation of a host",
        default=False,
        help_text="Whoever may read the page can ask for one. Who has a seat keeps it.",
    )
    kept_seats = models.PositiveSmallIntegerField(
        "seats to keep", default=0, help_text="The last seats, for people the table has few of. 0: whoever asks first."
    )
    mix_by = models.CharField("mix", max_length=8, choices=MixBy.choices, default=MixBy.FUNCTION)
    most_alike = models.PositiveSmallIntegerField(
        "few means fewer than",
        default=2,
        validators=[MinValueValidator(1)],
        help_text="So many people of one function (or industry) are enough; the kept seats are for the others.",
    )
    kept_until = models.DateField(
        "keep until", null=True, blank=True, help_text="From this day on, whoever has waited longest gets them."
    )

    seating_panels = [
        MultiFieldPanel(
            [
                FieldPanel("by_invitation"),
                FieldRowPanel([FieldPanel("kept_seats"), FieldPanel("kept_until")]),
                FieldRowPanel([FieldPanel("mix_by"), FieldPanel("most_alike")]),
            ],
            heading="Who sits at the table",
            classname="collapsed",
        )
    ]

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        if not self.kept_seats:
            return
        this: Any = self
        if this.capacity is None or self.kept_seats > this.capacity:
            raise ValidationError({"kept_seats": "There are not so many seats to keep. Say first how many there are."})
        if self.kept_until is None:
            raise ValidationError({"kept_until": "Say until when the seats are kept, so that none stays empty."})
        start = this.starts_at.astimezone(ZoneInfo(this.time_zone)).date() if this.starts_at else None
        if start is not None and self.kept_until > start:
            raise ValidationError({"kept_until": "The session is over by then. Choose a day before it."})

    @property
    def keeps_seats(self) -> bool:
        """Whether seats are being kept: some are, and the day on which everybody may have them has not come."""
        if not self.kept_seats or self.kept_until is None:
            return False
        return self._today_there() < self.kept_until

    def _today_there(self) -> date:
        return timezone.now().astimezone(ZoneInfo(self.time_zone)).date()  # type: ignore[attr-defined]
