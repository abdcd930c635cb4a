"""Roundtable series and their sessions."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Now
from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.search import index

from hub.editorial.fields import BodyField
from hub.editorial.models import KnowledgePage
from hub.members.models import validate_time_zone
from hub.pages.models import BasePage, BasePageManager, BasePageQuerySet
from roundtables.enums import UNATTRIBUTED, AttributionMode, SessionFormat, SessionPlace
from roundtables.models.seating import Seating


class RoundtablesIndexPage(BasePage):
    """All series and sessions."""

    intro = models.TextField(blank=True, max_length=600)

    content_panels = [*BasePage.content_panels, FieldPanel("intro")]
    settings_panels = [FieldPanel("audience"), *BasePage.settings_panels]

    template = "roundtables/roundtables_index_page.html"
    parent_page_types = ["home.HomePage"]
    subpage_types = ["roundtables.SeriesPage", "roundtables.SessionPage"]
    max_count = 1

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Sessions to come, series, and what was held."""
        from roundtables import showing  # it needs the models

        return {**super().get_context(request, *args, **kwargs), **showing.index(self, request)}


class SeriesPage(KnowledgePage):
    """A recurring conversation."""

    body = BodyField()

    search_fields = [*KnowledgePage.search_fields, index.SearchField("body")]
    content_panels: list[Any] = [
        *KnowledgePage.opening_panels,
        FieldPanel("body"),
    ]
    upkeep_panels = KnowledgePage.correction_panels
    prose_fields = ("body",)

    text_begins_below = 2
    template = "roundtables/series_page.html"
    parent_page_types = ["roundtables.RoundtablesIndexPage"]
    subpage_types = ["roundtables.SessionPage"]

    class Meta:
        verbose_name = "series"
        verbose_name_plural = "series"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The conversation with its sittings."""
        from roundtables import showing  # it needs the models

        return {**super().get_context(request, *args, **kwargs), **showing.series(self, request)}


class SessionPageQuerySet(BasePageQuerySet):
    def upcoming(self) -> SessionPageQuerySet:
        """Sessions that have not ended, the next one first."""
        return self.filter(ends_at__gte=Now()).order_by("starts_at", "pk")

    def past(self) -> SessionPageQuerySet:
        """Sessions that have ended, the latest first."""
        return self.filter(ends_at__lt=Now()).order_by("-starts_at", "-pk")


class SessionPage(Seating):
    """One dated sitting at a round table."""

    starts_at = models.DateTimeField(db_index=True, null=True, blank=True)
    ends_at = models.DateTimeField(db_index=True, null=True, blank=True)
    time_zone = models.CharField(max_length=64, default="Europe/London", validators=[validate_time_zone])
    format = models.CharField(max_length=12, choices=SessionFormat.choices, default=SessionFormat.ROUNDTABLE)
    place = models.CharField(max_length=12, choices=SessionPlace.choices, default=SessionPlace.ONLINE)
    location = models.CharField("address or room", max_length=300, blank=True)
    join_url = models.URLField("link to join", max_length=500, blank=True, help_text="Shown to those who are going.")
    capacity = models.PositiveSmallIntegerField("seats", null=True, blank=True)
    attribution_mode = models.CharField(max_length=14, choices=AttributionMode.choices, default=AttributionMode.OPEN)
    organiser = models.CharField(max_length=200, blank=True)
    cancelled = models.BooleanField(default=False)
    body = BodyField(help_text="What it is about, the agenda, how to prepare.")
    notes = BodyField(help_text="Afterwards: what was concluded.")
    recording_url = models.URLField(max_length=500, blank=True)
    recording_agreed = models.BooleanField("those who can be seen or heard agreed to the recording", default=False)

    objects = BasePageManager.from_queryset(SessionPageQuerySet)()

    search_fields = [*KnowledgePage.search_fields, index.SearchField("body"), index.SearchField("notes")]
    content_panels: list[Any] = [
        *KnowledgePage.opening_panels,
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at"), FieldPanel("time_zone")]),
                FieldRowPanel([FieldPanel("format"), FieldPanel("place"), FieldPanel("capacity")]),
                FieldPanel("location"),
                FieldPanel("join_url"),
                FieldPanel("organiser"),
                FieldPanel("attribution_mode"),
                FieldPanel("cancelled"),
            ],
            heading="When, where, how",
        ),
        *Seating.seating_panels,
        FieldPanel("body"),
        MultiFieldPanel(
            [FieldPanel("notes"), FieldPanel("recording_url"), FieldPanel("recording_agreed")], heading="Afterwards"
        ),
    ]
    upkeep_panels = KnowledgePage.correction_panels
    prose_fields = ("body",)  # the invitation; what was said stays in the newest notes only

    text_begins_below = 2
    template = "roundtables/session_page.html"
    parent_page_types = ["roundtables.RoundtablesIndexPage", "roundtables.SeriesPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = "session"

    def clean(self) -> None:
        super().clean()
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": "A session ends after it starts. Check both times."})
        self._keep_the_promise()

    def _keep_the_promise(self) -> None:
        """What was promised to those who speak holds: once a sitting has begun, its attribution is not loosened.

        Raises ValidationError; also when a sitting that is over would be moved into the future, where its
        speakers are announced by name.
        """
        stored = SessionPage.objects.filter(pk=self.pk).first() if self.pk else None
        if stored is None or stored.attribution_mode not in UNATTRIBUTED:
            return
        now = timezone.now()
        modes = list(AttributionMode)  # from open to private
        looser = modes.index(AttributionMode(self.attribution_mode)) < modes.index(
            AttributionMode(stored.attribution_mode)
        )
        if looser and stored.starts_at and stored.starts_at <= now:
            raise ValidationError(
                {"attribution_mode": "People have spoken under this rule. It can be made stricter, not looser."}
            )
        if stored.ends_at and stored.ends_at < now and (self.ends_at is None or self.ends_at >= now):
            raise ValidationError(
                {"ends_at": "This sitting is over, and names nobody. For another one, add a session to its series."}
            )

    @property
    def withholds_names(self) -> bool:  # type: ignore[override]
        """Whether it is held under a rule that names nobody."""
        return self.attribution_mode in UNATTRIBUTED

    def parts_expected(self) -> list[str]:
        """What it is about; and, once it is over, what was concluded."""
        over = self.ends_at is not None and self.ends_at < timezone.now()
        return ["body", "notes"] if over and not self.cancelled else ["body"]

    @property
    def zone(self) -> ZoneInfo:
        """The zone whose wall clock the session keeps."""
        return ZoneInfo(self.time_zone)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The sitting as this reader may see it."""
        from roundtables import showing  # it needs the models

        return {**super().get_context(request, *args, **kwargs), **showing.session(self, request)}
