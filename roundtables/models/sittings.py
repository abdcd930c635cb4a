"""What one sitting is like, and what a series says about all of its sittings."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from hub.members.models import validate_time_zone
from roundtables import recurrence
from roundtables.enums import AttributionMode, SessionFormat, SessionPlace, languages
from roundtables.recurrence import Rule, RuleError

EARLIEST = date(2000, 1, 1)


class Sitting(models.Model):
    """How, where and in which language people meet. A new session of a series begins with what its series says."""

    time_zone = models.CharField(max_length=64, default="Europe/London", validators=[validate_time_zone])
    format = models.CharField(max_length=12, choices=SessionFormat.choices, default=SessionFormat.ROUNDTABLE)
    language = models.CharField("language people speak", max_length=10, choices=languages, default="en")
    place = models.CharField(max_length=12, choices=SessionPlace.choices, default=SessionPlace.ONLINE)
    location = models.CharField("address or room", max_length=300, blank=True)
    join_url = models.URLField("link to join", max_length=500, blank=True, help_text="Shown to those who are going.")
    capacity = models.PositiveSmallIntegerField("seats", null=True, blank=True)
    attribution_mode = models.CharField(max_length=14, choices=AttributionMode.choices, default=AttributionMode.OPEN)
    organiser = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True

    @property
    def zone(self) -> ZoneInfo:
        """The zone whose wall clock is kept."""
        return ZoneInfo(self.time_zone)


SITTING_FIELDS = tuple(field.name for field in Sitting._meta.fields)


class Recurring(models.Model):
    """The rule by which a series meets: on which days, at what time of day, and how far ahead it is planned."""

    rule = models.CharField(
        "rule of your own", max_length=300, blank=True,
        help_text="A recurrence rule of RFC 5545 about days, such as FREQ=MONTHLY;BYDAY=TU,TH;BYSETPOS=1.",
    )  # fmt: skip
    starts_on = models.DateField(
        "from", null=True, blank=True,
        help_text="The first day, or a day before it. “Every second week” is counted from the week of this day.",
    )  # fmt: skip
    start_time = models.TimeField(
        "at", null=True, blank=True,
        help_text="On the clock of the series’ time zone, in summer as in winter.",
    )  # fmt: skip
    minutes = models.PositiveSmallIntegerField(
        "minutes", default=75, validators=[MinValueValidator(5), MaxValueValidator(24 * 60)]
    )
    weeks_ahead = models.PositiveSmallIntegerField(
        "weeks ahead", default=12, validators=[MinValueValidator(1), MaxValueValidator(104)],
        help_text="So far ahead sessions are planned.",
    )  # fmt: skip
    publishes_sessions = models.BooleanField(
        "publish planned sessions at once", default=False,
        help_text="Otherwise they are drafts, which somebody completes and hands in.",
    )  # fmt: skip

    class Meta:
        abstract = True

    def check_rule(self) -> None:
        """Raises ValidationError, with the field it belongs to, for a rule that cannot be kept."""
        if not self.rule:
            return
        missing = {
            name: f"Say {words}: the dates are counted from it."
            for name, words in (("starts_on", "from which day on"), ("start_time", "at what time"))
            if getattr(self, name) is None
        }
        if missing or self.starts_on is None:
            raise ValidationError(missing)
        if self.starts_on < EARLIEST:
            raise ValidationError({"starts_on": "Choose a day of this century."})
        try:
            rule = recurrence.parse(self.rule)
            recurrence.check_happens(rule, self.starts_on)
        except RuleError as error:
            raise ValidationError({"rule": str(error)}) from None
        self.rule = str(rule)

    @property
    def parsed_rule(self) -> Rule | None:
        """The rule, for a series that has one and says from when and at what time."""
        if not self.rule or self.starts_on is None or self.start_time is None:
            return None
        return recurrence.parse(self.rule)

    def days(self, begin: date, end: date) -> list[date]:
        """The days from `begin` to `end` on which the series meets by its rule."""
        if self.parsed_rule is None or self.starts_on is None:
            return []
        return self.parsed_rule.days(self.starts_on, begin, end)

    def times_on(self, day: date) -> tuple[datetime, datetime]:
        """When a sitting on `day` begins and ends."""
        assert self.start_time is not None  # noqa: S101 - days() gives none without it
        begin = recurrence.moment(day, self.start_time, self.zone)  # type: ignore[attr-defined]
        return begin, begin + timedelta(minutes=self.minutes)
