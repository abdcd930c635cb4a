"""Roundtable series and their sessions."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models.functions import Now
from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.search import index

from hub.editorial.fields import BodyField
from hub.editorial.models import KnowledgePage
from hub.media.models import HubDocument
from hub.pages.models import BasePage, BasePageManager, BasePageQuerySet
from roundtables.blocks import AgendaBlock
from roundtables.enums import UNATTRIBUTED, is_looser
from roundtables.models.seating import Seating
from roundtables.models.sittings import Recurring, Sitting

sitting_panels: list[Any] = [
    FieldRowPanel([FieldPanel("format"), FieldPanel("language"), FieldPanel("capacity")]),
    FieldRowPanel([FieldPanel("place"), FieldPanel("location")]),
    FieldPanel("join_url"),
    FieldPanel("organiser"),
    FieldPanel("attribution_mode"),
]


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


class SeriesPage(KnowledgePage, Sitting, Recurring):
    """A recurring conversation, with the rule by which it meets and what its new sessions begin with."""

    body = BodyField()

    search_fields = [*KnowledgePage.search_fields, index.SearchField("body")]
    content_panels: list[Any] = [
        *KnowledgePage.opening_panels,
        FieldPanel("body"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("every"), FieldPanel("interval")]),
                FieldPanel("weekdays"),
                FieldRowPanel([FieldPanel("position"), FieldPanel("month_day")]),
                FieldRowPanel([FieldPanel("starts_on"), FieldPanel("until")]),
                FieldRowPanel([FieldPanel("start_time"), FieldPanel("minutes"), FieldPanel("time_zone")]),
                FieldPanel("rule"),
                FieldRowPanel([FieldPanel("weeks_ahead"), FieldPanel("publishes_sessions")]),
            ],
            heading="Dates",
            help_text="Sessions are planned by this rule once it is published; see “Dates” in the menu of the page.",
        ),
        MultiFieldPanel(sitting_panels, heading="New sessions begin with"),
    ]
    upkeep_panels = KnowledgePage.correction_panels
    prose_fields = ("body",)

    def clean(self) -> None:
        super().clean()
        self.check_rule()

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


class SessionPage(Seating, Sitting):
    """One dated sitting at a round table."""

    starts_at = models.DateTimeField(db_index=True, null=True, blank=True)
    ends_at = models.DateTimeField(db_index=True, null=True, blank=True)
    cancelled = models.BooleanField(default=False, editable=False)
    announced_start = models.DateTimeField(null=True, blank=True, editable=False)  # what people with a seat know
    body = BodyField(help_text="What it is about, and for whom.")
    agenda = BodyField(
        AgendaBlock(),
        help_text="Each stretch begins where the one before it ends. Everybody reads the times on their own clock.",
    )
    preparation = BodyField(
        help_text="What to read or bring. Links and documents here are for everybody who may read this page."
    )
    notes = BodyField(help_text="Afterwards: what was concluded.")
    recording_url = models.URLField(max_length=500, blank=True)
    recording_file = models.ForeignKey(HubDocument, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    transcript_url = models.URLField(max_length=500, blank=True)
    transcript_file = models.ForeignKey(HubDocument, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    recording_agreed = models.BooleanField(
        "those who can be seen or heard agreed to the recording", default=False,
        help_text="Tick it if you asked all of them. Otherwise the page asks those who were there. It is shown once "
        "everybody agreed, and to nobody while one of them does not.",
    )  # fmt: skip

    objects = BasePageManager.from_queryset(SessionPageQuerySet)()

    search_fields = [*KnowledgePage.search_fields, index.SearchField("body"), index.SearchField("notes")]
    content_panels: list[Any] = [
        *KnowledgePage.opening_panels,
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at"), FieldPanel("time_zone")]),
                *sitting_panels,
            ],
            heading="When, where, how",
        ),
        *Seating.seating_panels,
        FieldPanel("body"),
        FieldPanel("agenda"),
        FieldPanel("preparation"),
        MultiFieldPanel(
            [
                FieldPanel("notes"),
                FieldRowPanel([FieldPanel("recording_url"), FieldPanel("recording_file")]),
                FieldRowPanel([FieldPanel("transcript_url"), FieldPanel("transcript_file")]),
                FieldPanel("recording_agreed"),
            ],
            heading="Afterwards",
        ),
    ]
    upkeep_panels = KnowledgePage.correction_panels
    prose_fields = ("body",)  # the invitation; what was said stays in the newest notes only

    # Facts that are changed by a button with its consequences, and of which no draft knows better.
    living_fields: tuple[str, ...] = (*KnowledgePage.living_fields, "cancelled", "announced_start")
    # What was this sitting's only: another one, made after it, begins without.
    exclude_fields_in_copy = [
        *KnowledgePage.exclude_fields_in_copy,
        "notes", "recording_url", "recording_file", "transcript_url", "transcript_file", "recording_agreed",
        "cancelled", "announced_start", "source_path",
        "kept_until",
    ]  # fmt: skip

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
        if self.attribution_mode in UNATTRIBUTED:
            for name in ("recording_file", "transcript_file"):
                if getattr(self, f"{name}_id"):
                    raise ValidationError(
                        {name: "Staff can open every file of the hub; under this rule only those who were there may. "
                         "Keep it elsewhere, and put the link to it beside."}
                    )  # fmt: skip
        self._keep_the_promise()

    def _keep_the_promise(self) -> None:
        """What was promised holds: once somebody has a seat or a sitting has begun, its attribution is not loosened.

        Raises ValidationError; also when a sitting that is over would be moved into the future, where its
        speakers are announced by name. (`domain.loosening` asks those whom the promise was made to.)
        """
        mine = SessionPage.objects.filter(pk=self.pk)
        if connection.in_atomic_block:
            mine = mine.select_for_update(of=("self",))  # who takes a seat meanwhile waits, and reads what holds then
        stored = mine.first() if self.pk else None
        if stored is None or stored.attribution_mode not in UNATTRIBUTED:
            return
        now = timezone.now()
        if is_looser(self.attribution_mode, stored.attribution_mode):
            spoken = stored.starts_at is not None and stored.starts_at <= now
            if spoken or stored.seats.registered().exists():
                why = "People have spoken under this rule." if spoken else "People took a seat under this rule."
                raise ValidationError(
                    {
                        "attribution_mode": f"{why} It can be made stricter, not looser. To loosen it, ask everybody "
                        "who was there: “Date and rule” in the menu of the page."
                    }
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

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The sitting as this reader may see it."""
        from roundtables import showing  # it needs the models

        return {**super().get_context(request, *args, **kwargs), **showing.session(self, request)}
