"""The desk of those who run sessions: what became of theirs; for staff of all, and as files."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.generic import View
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from hub.accounts.enums import Role
from hub.accounts.rules import role_of
from hub.kernel import spreadsheets
from hub.pages.enums import PageSeatRole
from roundtables import registry
from roundtables.domain import measures
from roundtables.enums import AttributionMode, SeatRole, SeatState, SessionFormat
from roundtables.models import SessionPage, SessionPageQuerySet

LEFT_OUT = "[c]"
WHY = f"{LEFT_OUT}: left out, so that nobody can be counted out of the others"
SHEETS = ("sessions", "mix")


def run_by(user: Any) -> SessionPageQuerySet:
    """The published sessions `user` runs: staff all of them, others those they are asked to by name."""
    found: SessionPageQuerySet = SessionPage.objects.live().exclude(starts_at=None)
    if role_of(user) >= Role.STAFF:
        return found
    host = Q(seats__profile__user=user, seats__role=SeatRole.HOST, seats__state=SeatState.GOING)
    writes = Q(page_seats__user=user, page_seats__role=PageSeatRole.CO_AUTHOR)
    return found.filter(pk__in=SessionPage.objects.filter(host | writes).values("pk"))


class SessionsDeskView(WagtailAdminTemplateMixin, View):
    """Sessions of one year with what became of them. Staff take them away as files, without small numbers.

    A file covers one calendar year. Years do not overlap, so that no file can be taken from another.
    """

    template_name = "roundtables/desk.html"
    page_title = "Sessions you run"
    header_icon = "group"
    per_page = 50

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.is_staff = role_of(request.user) >= Role.STAFF
        self.year = self._year(request.GET.get("year", ""))
        self.sessions = run_by(request.user).filter(starts_at__year=self.year).order_by("-starts_at", "-pk")
        sheet, form = request.GET.get("sheet", ""), request.GET.get("export", "")
        if sheet in SHEETS and form in spreadsheets.FORMATS:
            if not self.is_staff:
                raise PermissionDenied
            rows = self._mix_rows() if sheet == "mix" else self._session_rows()
            return spreadsheets.as_file(rows, name=f"{sheet}-{self.year}", form=form)
        return self.render_to_response(self.get_context_data(**kwargs))

    def get_page_title(self) -> str:
        return "Sessions" if self.is_staff else self.page_title

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = Paginator(self.sessions.defer_streamfields(), self.per_page).get_page(self.request.GET.get("p"))
        years = sorted({day.year for day in run_by(self.request.user).datetimes("starts_at", "year")}, reverse=True)
        return {
            **super().get_context_data(**kwargs),
            "rows": measures.measured(list(found), self.request.user),
            "found": found,
            "year": self.year,
            "years": years,
            "is_staff": self.is_staff,
            "labels": [measure.label for measure in registry.measures()],
            "left_out": LEFT_OUT,
            "why": WHY,
            "now": timezone.now(),
        }

    def _year(self, asked: str) -> int:
        this = timezone.localdate().year
        return int(asked) if asked.isascii() and asked.isdecimal() and 1970 <= int(asked[:5]) <= this + 9 else this

    def _session_rows(self) -> list[list[Any]]:
        sessions = list(self.sessions.defer_streamfields())
        head = ["Session", "Day", "Format", "Rule", "Seats", "Had a seat", "Came", "Did not come", "Not noted"]
        rows: list[list[Any]] = [
            [*head, "Questions", "Hours from end to notes", *(measure.label for measure in registry.measures())]
        ]
        for row in measures.measured(sessions, self.request.user, for_file=True):
            session = row.session
            people = [row.had_seat, row.came, row.stayed_away, row.not_noted]
            rows.append(
                [
                    session.title,
                    session.starts_at.astimezone(session.zone).date() if session.starts_at else None,
                    SessionFormat(session.format).label,
                    AttributionMode(session.attribution_mode).label.partition(":")[0],
                    session.capacity,
                    *map(_told, people),
                    row.questions,
                    row.hours_to_notes,
                    *row.more,
                ]
            )
        return [*rows, [WHY]]

    def _mix_rows(self) -> list[list[Any]]:
        mix = measures.mix_at_tables(list(self.sessions.defer_streamfields()), self.request.user)
        table = mix.shown
        rows: list[list[Any]] = [["Function", *mix.industries, "All"]]
        for function, cells, total in zip(mix.functions, table.cells, table.rows, strict=True):
            rows.append([function, *map(_told, cells), _told(total)])
        note = "People who sat at open sessions of the year, everybody once, as far as they show themselves to members"
        return [*rows, ["All", *map(_told, table.columns), _told(table.total)], [WHY], [note]]


class SessionsMenuItem(MenuItem):
    """ "Sessions", for those who run any."""

    def __init__(self) -> None:
        super().__init__("Sessions", reverse("session_desk"), name="sessions", icon_name="group", order=155)

    def is_shown(self, request: HttpRequest) -> bool:
        return role_of(request.user) >= Role.STAFF or run_by(request.user).exists()


def _told(number: int | None) -> Any:
    return LEFT_OUT if number is None else number
