"""The dates of a series, and the date and rule of one session, for those who run them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from hub.kernel.errors import HubError
from roundtables import recurrence
from roundtables.domain import dates, duplicating, loosening, planning
from roundtables.domain.planning import PlanRefused, Step
from roundtables.enums import UNATTRIBUTED, AttributionMode, SeatRole, SeatState
from roundtables.forms import CancelForm, LoosenForm, MoveForm
from roundtables.models import Occurrence, SeriesPage, SessionPage
from roundtables.rules import is_over, may_know_speakers, may_run

RELIES = ~Q(seats__state=SeatState.CANCELLED) & ~Q(seats__role=SeatRole.HOST)


@dataclass(frozen=True)
class Row:
    """One date of a series: when, what stands there, and what can be done about it."""

    day: date
    when: str
    state: str
    session: SessionPage | None = None
    people: int = 0
    note: str = ""
    may_skip: bool = False
    is_skipped: bool = False


class RunView(WagtailAdminTemplateMixin, View):
    """A page of the editor about something that somebody runs; `ACTIONS` are its buttons by name."""

    model: type[Any]
    page: Any
    header_icon = "date"
    ACTIONS: dict[str, str] = {}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.page = get_object_or_404(self.model, pk=kwargs["page_id"])
        if not may_run(self.page, request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[return-value]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(**kwargs))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        for name, method in self.ACTIONS.items():
            if name in request.POST:
                try:
                    return getattr(self, method)() or redirect(request.path)
                except HubError as refusal:
                    messages.error(request, str(refusal))
                    return self.get(request, *args, **kwargs)
        return redirect(request.path)

    def get_page_subtitle(self) -> str:
        return str(self.page.draft_title or self.page.title)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        edit = reverse("wagtailadmin_pages:edit", args=[self.page.pk])
        here = {"url": "", "label": self.page_title}
        return [*self.breadcrumbs_items, {"url": edit, "label": self.get_page_subtitle()}, here]

    def said(self, words: str) -> None:
        """Tell the person what was done."""
        messages.success(self.request, words)

    def to_copy(self, copy: SessionPage) -> HttpResponse:
        """On to the draft that was made of another session."""
        when = "" if copy.starts_at else " Say when it is."
        self.said(f"This is a draft of another session: without notes, seats and recording.{when}")
        return redirect("wagtailadmin_pages:edit", copy.pk)


class SeriesDatesView(RunView):
    """What is planned, skipped, moved and cancelled, and what planning would do now."""

    model = SeriesPage
    template_name = "roundtables/series_dates.html"
    page_title = "Dates"
    ACTIONS = {"plan": "plan", "skip": "skip", "take_up": "take_up", "duplicate": "duplicate"}

    def plan(self) -> None:
        """Do at once what the nightly planning does."""
        run = planning.plan_series(self.page)
        if run.failed:
            messages.error(
                self.request, f"{run.failed} dates could not be planned. Try again, and tell staff if it stays."
            )
        self.said(
            f"Planned: {run.count(Step.ADD)} new, {run.count(Step.FOLLOW)} moved with the rule, "
            f"{run.count(Step.REMOVE)} removed, {run.count(Step.KEEP)} kept as they are."
        )

    def skip(self) -> None:
        """Leave a date out."""
        planning.skip(self.page, self._day("skip"))
        self.said("This date is skipped. Nobody had a seat, so nobody had to be told.")

    def take_up(self) -> None:
        """Take a date up again that was skipped."""
        planning.take_up(self.page, self._day("take_up"))
        self.said("This date is one of the series again.")

    def duplicate(self) -> HttpResponse:
        """Make the next session of the last one."""
        return self.to_copy(duplicating.duplicate_last(self.page, by=self.request.user))  # type: ignore[arg-type]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rule = self.page.parsed_rule
        coming = planning.changes(self.page) if self.page.live else []
        return {
            **super().get_context_data(**kwargs),
            "series": self.page,
            "rule_words": recurrence.in_words(rule) if rule else "",
            "rows": _rows(self.page, coming),
            "to_do": {step.value: sum(change.step == step for change in coming) for step in Step},
            "waits": any(change.step != Step.KEEP for change in coming),
            "last": duplicating.last_session(self.page),
        }

    def _day(self, name: str) -> date:
        try:
            return date.fromisoformat(self.request.POST[name])
        except ValueError:
            raise PlanRefused("That is no date. Use the buttons of the list.") from None


class SessionDateView(RunView):
    """Move one session, cancel it, make another of it; ask everybody for a looser rule."""

    model = SessionPage
    template_name = "roundtables/session_date.html"
    page_title = "Date and rule"
    ACTIONS = {
        "move": "move", "cancel": "cancel", "hold": "hold", "loosen": "loosen", "withdraw": "withdraw",
        "duplicate": "duplicate",
    }  # fmt: skip

    def move(self) -> HttpResponse | None:
        """To another day or time."""
        form = self.boxes["move"]
        return self._with(form, lambda: dates.move(self.page, form.moment, by=self.user), "The session has moved.")

    def cancel(self) -> HttpResponse | None:
        """It does not take place."""
        form = self.boxes["cancel"]
        return self._with(
            form,
            lambda: dates.call_off(self.page, by=self.user, reason=form.cleaned_data["reason"]),
            "The session is cancelled, and everybody with a seat is told. Its page stays.",
        )

    def hold(self) -> None:
        """It takes place after all."""
        dates.hold_after_all(self.page, by=self.user)
        self.said("The session takes place after all, and everybody with a seat is told.")

    def loosen(self) -> HttpResponse | None:
        """Ask those who were there."""
        form = self.boxes["loosen"]
        return self._with(
            form,
            lambda: loosening.ask(self.page, by=self.user, **form.cleaned_data),
            "Everybody concerned is asked. The rule stays as it is until all of them have said yes.",
        )

    def withdraw(self) -> None:
        """Take the request back."""
        for request in self.page.loosenings.open():
            loosening.withdraw(request, by=self.user)
        self.said("The request is withdrawn.")

    def duplicate(self) -> HttpResponse:
        """Another session like this one."""
        return self.to_copy(duplicating.duplicate(self.page, by=self.user))

    @property
    def user(self) -> Any:
        """Whoever runs the session."""
        return self.request.user

    @cached_property
    def boxes(self) -> dict[str, Any]:
        """The forms of the page, the one that was sent with what was typed."""
        sent = self.request.POST

        def typed(name: str) -> Any:
            return sent if name in sent else None

        return {
            "move": MoveForm(typed("move"), session=self.page),
            "cancel": CancelForm(typed("cancel")),
            "loosen": LoosenForm(typed("loosen"), session=self.page, outside=loosening.outside(self.page)),
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page, over = self.page, is_over(self.page)
        occurrence = Occurrence.objects.filter(session=page).select_related("series").first()
        asked = page.loosenings.open().annotate(
            people=Count("answers"), yes=Count("answers", filter=Q(answers__agrees=True))
        )
        return {
            **super().get_context_data(**kwargs),
            **{f"{name}_form": form for name, form in self.boxes.items()},
            "session": page,
            "when": _words(page.starts_at, page),
            "occurrence": occurrence,
            "named_for": _words(occurrence.series.times_on(occurrence.day)[0], page)
            if occurrence and occurrence.series.parsed_rule
            else "",
            "over": over,
            "begun": page.starts_at is not None and page.starts_at <= timezone.now(),
            "people": page.seats.registered().count(),
            "rule": AttributionMode(page.attribution_mode).label,
            "is_bound": page.attribution_mode in UNATTRIBUTED,
            "may_ask": may_know_speakers(page, self.request.user),
            "asked": asked.first(),
        }

    def _with(self, form: Any, act: Callable[[], Any], words: str) -> HttpResponse | None:
        if not form.is_valid():
            return self.get(self.request)
        act()
        self.said(words)
        return None


def _rows(series: SeriesPage, coming: list[planning.Change]) -> list[Row]:
    """The dates from today on: those of the rule, and sessions that were added by hand."""
    now = timezone.now()
    today = now.astimezone(series.zone).date()
    by_day = {change.day: change for change in coming}
    listed = Occurrence.objects.filter(Q(series=series) & (Q(day__gte=today) | Q(session__ends_at__gte=now)))
    known = {one.day: one for one in listed.select_related("session")}
    by_hand = list(SessionPage.objects.child_of(series).filter(occurrence__isnull=True, ends_at__gte=now))
    ids = {one.session_id for one in known.values() if one.session_id} | {session.pk for session in by_hand}
    people = dict(
        SessionPage.objects.filter(pk__in=ids).annotate(n=Count("seats", filter=RELIES)).values_list("pk", "n")
    )
    rows = [_row(series, day, known.get(day), by_day.get(day), people) for day in {*known, *by_day}]
    for session in by_hand:
        day = session.starts_at.astimezone(series.zone).date() if session.starts_at else today
        note = "Added by hand, not by the rule."
        rows.append(Row(day, _words(session.starts_at, series), _state(session), session, people[session.pk], note))
    return sorted(rows, key=lambda row: row.day)


def _row(
    series: SeriesPage, day: date, occurrence: Occurrence | None, change: planning.Change | None, people: dict[int, int]
) -> Row:
    named = _words(series.times_on(day)[0], series) if series.parsed_rule else f"{day:%A} {day.day} {day:%B %Y}"
    if occurrence is None:
        return Row(day, named, "To be planned", may_skip=True)
    session = occurrence.session
    if session is None:
        return Row(day, named, "Skipped", is_skipped=True)
    when, note = _words(session.starts_at, series), ""
    if change is not None and change.step == Step.REMOVE:
        note = "The rule does not name this day any more. The session is nobody’s yet, and goes with the next planning."
    elif change is not None and change.step == Step.FOLLOW:
        note = "Takes over what the series says now, with the next planning."
    elif change is not None and day not in series.days(day, day):
        note = f"Not by the rule any more, and kept: {change.why}"
    elif when != named:
        note = f"By the rule it is {named}."
    begun = session.starts_at is not None and session.starts_at <= timezone.now()
    touched = bool(planning.why_theirs(occurrence))
    return Row(day, when, _state(session), session, people.get(session.pk, 0), note, not begun and not touched)


def _state(session: SessionPage) -> str:
    if session.cancelled:
        return "Cancelled"
    return "Published" if session.live else "Draft"


def _words(moment: datetime | None, kept: Any) -> str:
    """“Thursday 3 December 2026, 16:00” on the clock of a series or session."""
    if moment is None:
        return "No date yet"
    local = moment.astimezone(kept.zone)
    return f"{local:%A} {local.day} {local:%B %Y, %H:%M}"
