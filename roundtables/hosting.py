"""People at this table: the list that those who run a session see in the editor, and who came."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from hub.members.rules import shown
from roundtables.domain.attendance import AttendanceRefused, note_attendance
from roundtables.enums import HEADS, SeatState
from roundtables.mixing import mix_of, rule_in_words
from roundtables.models import SessionPage, SessionSeat
from roundtables.rules import is_over, may_know_speakers, may_run


class SessionPeopleView(WagtailAdminTemplateMixin, View):
    """Who is going, waits, or gave their seat back; once the session has begun, also who came.

    Names are those the reader may see. Once a Chatham House or private sitting is over, there are
    numbers instead, for everybody who was not there.
    """

    template_name = "roundtables/session_people.html"
    page_title = "People at this table"
    header_icon = "group"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.session = get_object_or_404(SessionPage, pk=kwargs["page_id"])
        if not may_run(self.session, request.user):
            raise PermissionDenied
        self.knows_people = may_know_speakers(self.session, request.user)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[return-value]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(**kwargs))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.knows_people:
            raise PermissionDenied
        listed, came = _numbers(request.POST.getlist("seat")), _numbers(request.POST.getlist("came"))
        try:
            count = note_attendance(self.session, listed=listed, came=came)
        except AttendanceRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"Noted: {count} of {len(listed)} came.")
        return redirect("session_people", self.session.pk)

    def get_page_subtitle(self) -> str:
        return str(self.session.draft_title or self.session.title)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        edit = reverse("wagtailadmin_pages:edit", args=[self.session.pk])
        here = {"url": "", "label": self.page_title}
        return [*self.breadcrumbs_items, {"url": edit, "label": self.get_page_subtitle()}, here]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = self._rows()
        started = self.session.starts_at is not None and self.session.starts_at <= timezone.now()
        return {
            **super().get_context_data(**kwargs),
            "session": self.session,
            "knows_people": self.knows_people,
            "started": started,
            "over": is_over(self.session),
            "going": rows[SeatState.GOING],
            "waiting": rows[SeatState.WAITLISTED],
            "offered": rows[SeatState.OFFERED],
            "gone": rows[SeatState.CANCELLED],
            "mix": mix_of(row["person"] for row in rows[SeatState.GOING]),
            "kept": rule_in_words(self.session),
        }

    def _rows(self) -> dict[SeatState, list[dict[str, Any]]]:
        """The seats by state, each in the order people asked; without anything of a person where nobody may know."""
        seats = SessionSeat.objects.filter(session=self.session).order_by("taken_at", "pk")
        rows: dict[SeatState, list[dict[str, Any]]] = {state: [] for state in SeatState}
        for seat in seats.select_related("profile__function", "profile__industry"):
            person = shown(seat.profile, self.request.user, brief=True) if self.knows_people else None
            rows[SeatState(seat.state)].append(
                {
                    "pk": seat.pk,
                    "person": person,
                    "name": (person.name if person else None) or "A member who does not show their name",
                    "url": person.url if person else None,
                    "role": seat.get_role_display() if seat.role in HEADS else "",
                    "is_shown": seat.is_shown or seat.role in HEADS,
                    "since": seat.taken_at,
                    "until": seat.offered_until,
                    "attended": seat.attended,
                }
            )
        rows[SeatState.GOING].sort(key=lambda row: not row["role"])  # the head of the table first
        return rows


def _numbers(values: Iterable[str]) -> set[int]:
    return {int(value) for value in values if value.isascii() and value.isdecimal()}
