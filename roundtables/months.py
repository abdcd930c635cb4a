"""A month of sessions as the calendar shows it: day by day in the reader's own zone, and the grid beside it."""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from hub.accounts.enums import Role
from hub.accounts.rules import Viewer, role_of
from hub.editorial.narrowing import Chosen, Facet, Option, narrow
from hub.kernel.dates import in_words
from roundtables import tables
from roundtables.enums import HOLDS_A_PLACE, SeatState
from roundtables.models import SeriesPage, SessionPage
from roundtables.tables import Reader, SessionCard

ON_A_PAGE = 40  # lines; in most communities a page is a month
YEARS = range(2000, 2101)
ONLY = "only"
LEFT, MINE = "left", "mine"


@dataclass(frozen=True, slots=True)
class Sitting:
    """As much of a session as the grid needs, its times on the reader's wall clock."""

    pk: int
    starts: datetime
    ends: datetime
    left: int | None  # None where nothing can be taken: no limit, over, or cancelled
    is_cancelled: bool
    has_seat: bool
    is_mine: bool

    @property
    def last_day(self) -> date:
        """The day on which it ends; midnight still belongs to the day before."""
        return max(self.starts, self.ends - timedelta(microseconds=1)).date()


@dataclass(frozen=True, slots=True)
class Line:
    """A session on one of its days; the card is on its first day only."""

    time_text: str
    starts: datetime
    card: SessionCard
    series: str = ""
    is_cancelled: bool = False
    is_over: bool = False
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """The lines of one day."""

    day: date
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Cell:
    """A day in the grid: where it leads, and in words what is there."""

    day: date
    href: str = ""
    words: str = ""
    is_mine: bool = False
    is_off: bool = False
    is_today: bool = False
    is_outside: bool = False


@dataclass(frozen=True, slots=True)
class Month:
    """A month on somebody's wall clock."""

    first: date
    zone: ZoneInfo

    @classmethod
    def asked(cls, text: str, zone: ZoneInfo) -> Month:
        """The month that an address says (“2026-12”); the present one where it says none that there is."""
        today = timezone.localdate(timezone=zone)
        try:
            first = datetime.strptime(text, "%Y-%m").date()
        except ValueError:
            first = today
        return cls((first if first.year in YEARS else today).replace(day=1), zone)

    @property
    def last(self) -> date:
        return self.first.replace(day=calendar.monthrange(self.first.year, self.first.month)[1])

    @property
    def key(self) -> str:
        """As an address says it."""
        return f"{self.first:%Y-%m}"

    @property
    def words(self) -> str:
        return f"{self.first:%B %Y}"

    @property
    def begins(self) -> datetime:
        return datetime.combine(self.first, datetime.min.time(), self.zone)

    @property
    def ends(self) -> datetime:
        return datetime.combine(self.last + timedelta(days=1), datetime.min.time(), self.zone)

    def before(self) -> Month | None:
        """The month before; None where the calendar ends."""
        return self._neighbour(self.first - timedelta(days=1))

    def after(self) -> Month | None:
        """The month after; None where the calendar ends."""
        return self._neighbour(self.last + timedelta(days=1))

    def _neighbour(self, day: date) -> Month | None:
        return replace(self, first=day.replace(day=1)) if day.year in YEARS else None


def shown(request: HttpRequest) -> dict[str, Any]:
    """The month that `request` asks for, as its viewer may see it, narrowed down."""
    reader = tables.reader_of(request.user)
    zone = ZoneInfo(reader.profile.time_zone) if reader.profile else timezone.get_default_timezone()
    month = Month.asked(request.GET.get("month", ""), ZoneInfo(str(zone)))
    visible = SessionPage.objects.visible_to(request.user)
    sessions = visible.filter(_within(month))
    sittings = _sittings(sessions, request.user, month.zone)
    only = [value for value in request.GET.getlist(ONLY) if value in (LEFT, MINE)]
    if only:
        sessions = sessions.filter(pk__in=[one.pk for one in sittings if _fits(one, only)])
    narrowed = narrow(sessions, request.GET)
    fitting = sittings
    if narrowed.chosen:
        wanted = set(narrowed.queryset.order_by().values_list("pk", flat=True))
        fitting = [one for one in sittings if one.pk in wanted]
    facets = [_only_facet(fitting, only, request.user), *narrowed.facets]
    fitting = [one for one in fitting if _fits(one, only)]
    lines = list(_lines(fitting, month))
    page = Paginator(lines, ON_A_PAGE).get_page(request.GET.get("page"))
    chosen = [*_only_chosen(only, request.GET), *narrowed.chosen]
    return {
        "month": month,
        "zone": tables.city(zone),
        "is_own_zone": reader.profile is not None,
        "may_subscribe": role_of(request.user) >= Role.MEMBER,
        "days": _days(page.object_list, visible, reader, month, request),
        "weeks": _weeks(lines, month, page, request.GET),
        "page_obj": page,
        "number": len(fitting),
        "left": sum(one.left for one in fitting if one.left),
        "facets": [facet for facet in facets if facet.options],
        "chosen": chosen,
        "kept": [("month", month.key)] if "month" in request.GET else [],
        "clear_url": f"?month={month.key}" if "month" in request.GET else request.path,
        "only_mine": only == [MINE],
        **({} if lines or chosen else _nearest(visible, month)),
    }


def _within(month: Month) -> Q:
    return Q(starts_at__lt=month.ends) & (
        Q(starts_at__gte=month.begins) | Q(ends_at__gt=month.begins, starts_at__isnull=False)
    )


def _sittings(sessions: Any, viewer: Viewer, zone: ZoneInfo) -> list[Sitting]:
    """The sessions in their order, with what is left of their seats; one query."""
    mine = Q(seats__profile__user_id=(viewer.pk if viewer is not None else None) or 0)  # 0: nobody; null: the unclaimed
    going, held = Q(seats__state=SeatState.GOING), Q(seats__state__in=HOLDS_A_PLACE)
    waiting = Q(seats__state__in=[SeatState.OFFERED, SeatState.WAITLISTED])
    counted = sessions.annotate(
        taken=Count("seats", filter=held),
        seated=Count("seats", filter=going & mine),
        queued=Count("seats", filter=waiting & mine),
    )
    columns = ("pk", "starts_at", "ends_at", "cancelled", "capacity", "taken", "seated", "queued")
    now = timezone.now()
    return [
        Sitting(
            pk=pk,
            starts=starts.astimezone(zone),
            ends=(ends or starts).astimezone(zone),
            left=None if cancelled or capacity is None or (ends or starts) < now else max(0, capacity - taken),
            is_cancelled=cancelled,
            has_seat=bool(seated) and not cancelled,
            is_mine=bool(seated or queued),
        )
        for pk, starts, ends, cancelled, capacity, taken, seated, queued in counted.order_by(
            "starts_at", "pk"
        ).values_list(*columns)
    ]


def _fits(sitting: Sitting, only: Iterable[str]) -> bool:
    return all(sitting.is_mine if value == MINE else bool(sitting.left) for value in only)


def _only_facet(sittings: Sequence[Sitting], only: Sequence[str], viewer: Viewer) -> Facet:
    """Choices that no term says; each counts what the other one leaves."""
    offered = [(LEFT, "With seats left", MINE)]
    if role_of(viewer) >= Role.MEMBER:
        offered.append((MINE, "Where I have a seat, or wait for one", LEFT))
    options = []
    for value, label, other in offered:
        fitting = [one for one in sittings if _fits(one, [value, *([other] if other in only else [])])]
        if fitting or value in only:
            options.append(Option(value, label, len(fitting), value in only))
    return Facet(ONLY, "Only show", options)


def _only_chosen(only: Iterable[str], query: QueryDict) -> list[Chosen]:
    words = {LEFT: "With seats left", MINE: "Mine"}
    return [
        Chosen(words[value], _address(query, **{ONLY: [one for one in query.getlist(ONLY) if one != value]}))
        for value in only
    ]


def _address(query: QueryDict, **changed: Any) -> str:
    """The address of the same list with some of its words changed; from its first page."""
    rest = query.copy()
    rest.pop("page", None)
    for name, value in changed.items():
        rest.setlist(name, value if isinstance(value, list) else [value])
    return f"?{rest.urlencode()}"


def _lines(sittings: Iterable[Sitting], month: Month) -> Iterator[tuple[date, Sitting]]:
    """Every session on each of its days in the month; what goes on since yesterday comes first."""
    found: defaultdict[date, list[Sitting]] = defaultdict(list)
    for sitting in sittings:
        day, last = max(sitting.starts.date(), month.first), min(sitting.last_day, month.last)
        while day <= last:
            found[day].append(sitting)
            day += timedelta(days=1)
    for day in sorted(found):
        yield from ((day, sitting) for sitting in found[day])


def _days(
    lines: Iterable[tuple[date, Sitting]], visible: Any, reader: Reader, month: Month, request: HttpRequest
) -> list[Day]:
    """The days of one page, with the cards of their sessions; three queries for any number of them."""
    lines = list(lines)
    pks = {sitting.pk for _, sitting in lines}
    sessions = {one.pk: one for one in visible.filter(pk__in=pks).defer_streamfields()} if pks else {}
    cards = dict(zip(sessions, tables.cards(list(sessions.values()), reader, request), strict=True))
    titles = _series_of(sessions.values(), request.user)
    found: defaultdict[date, list[Line]] = defaultdict(list)
    for day, sitting in lines:
        session = sessions.get(sitting.pk)
        if session is None:  # hidden or deleted between the two queries
            continue
        found[day].append(
            Line(
                time_text=_time(sitting, day),
                starts=sitting.starts,
                card=cards[session.pk],
                series=titles.get(session.path[: -session.steplen], ""),
                is_cancelled=session.cancelled,
                is_over=sitting.ends < timezone.now(),
                goes_on=sitting.starts.date() < day and day != month.first,
            )
        )
    return [Day(day, found[day]) for day in found]


def _series_of(sessions: Iterable[SessionPage], viewer: Viewer) -> dict[str, str]:
    paths = {session.path[: -session.steplen] for session in sessions}
    series = SeriesPage.objects.visible_to(viewer).filter(path__in=paths) if paths else SeriesPage.objects.none()
    return dict(series.values_list("path", "title"))


def _time(sitting: Sitting, day: date) -> str:
    """“15:00 to 16:15”; across midnight it says which day is meant."""
    starts, ends = sitting.starts, sitting.ends
    if starts.date() < day:
        begun = f"Since {_day_words(starts)}"
        return f"{begun}, until {ends:%H:%M}" if sitting.last_day == day else f"{begun}, all day"
    if ends == starts:
        return f"{starts:%H:%M}"
    if ends.date() == day:
        return f"{starts:%H:%M} to {ends:%H:%M}"
    if sitting.last_day == day:
        return f"{starts:%H:%M} to midnight"
    if sitting.last_day == day + timedelta(days=1):
        return f"{starts:%H:%M} to {ends:%H:%M} the next day"
    return f"{starts:%H:%M} to {_day_words(ends)}"


def _day_words(moment: datetime) -> str:
    return f"{moment:%a} {in_words(moment.date(), timezone.localdate())}, {moment:%H:%M}"


def _weeks(lines: Sequence[tuple[date, Sitting]], month: Month, page: Any, query: QueryDict) -> list[list[Cell]]:
    """The grid, Monday first. A day leads to its place in the list, also where that is on another page of it."""
    found: defaultdict[date, list[Sitting]] = defaultdict(list)
    place: dict[date, int] = {}
    for number, (day, sitting) in enumerate(lines):
        found[day].append(sitting)
        place.setdefault(day, number // ON_A_PAGE + 1)
    today = timezone.localdate(timezone=month.zone)

    def cell(day: date) -> Cell:
        if day not in found:
            return Cell(day, is_today=day == today, is_outside=day.month != month.first.month)
        elsewhere = "" if place[day] == page.number else _address(query, page=place[day])
        return Cell(
            day,
            href=f"{elsewhere}#day-{day.day}",
            words=_cell_words(found[day]),
            is_mine=any(one.has_seat for one in found[day]),
            is_off=all(one.is_cancelled for one in found[day]),
            is_today=day == today,
        )

    weeks = calendar.Calendar().monthdatescalendar(month.first.year, month.first.month)
    return [[cell(day) for day in week] for week in weeks]


def _cell_words(sittings: Sequence[Sitting]) -> str:
    if any(one.has_seat for one in sittings):
        return "You have a seat on"
    held = [one for one in sittings if not one.is_cancelled]
    if not held:
        return "Cancelled session on"
    return "Session on" if len(held) == 1 else f"{len(held)} sessions on"


def _nearest(visible: Any, month: Month) -> dict[str, Month | None]:
    """For a month in which nothing is: the nearest ones in which the reader finds something."""
    starts = visible.filter(starts_at__isnull=False).values_list("starts_at", flat=True)
    later = starts.filter(starts_at__gte=month.ends).order_by("starts_at").first()
    earlier = starts.filter(starts_at__lt=month.begins).order_by("-starts_at").first()
    return {"later": _month_of(later, month.zone), "earlier": _month_of(earlier, month.zone)}


def _month_of(moment: datetime | None, zone: ZoneInfo) -> Month | None:
    return Month(moment.astimezone(zone).date().replace(day=1), zone) if moment else None
