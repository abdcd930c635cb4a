"""Sessions as they are shown: cards for lists, the table of one session, times in the reader's zone.

Everything here is for one reader, and reads people only through `members.rules.shown`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils import timezone

from hub.accounts.rules import Viewer
from hub.kernel import prepared
from hub.kernel.dates import in_words
from hub.members import lines
from hub.members.lines import Line
from hub.members.models import MemberProfile
from hub.members.rules import ShownProfile, shown
from roundtables import figures
from roundtables.enums import HEADS, HOLDS_A_PLACE, AttributionMode, SeatRole, SeatState
from roundtables.figures import Seat, State, TableFigure
from roundtables.models import SessionPage, SessionSeat
from roundtables.rules import is_over, is_unattributed


@dataclass(frozen=True)
class Reader:
    """Who is looking, with their own profile and the zone they live in."""

    viewer: Viewer
    profile: Line | MemberProfile | None = None

    def zone(self, session: SessionPage) -> ZoneInfo:
        """The reader's own zone; the session's for people without a profile."""
        return ZoneInfo(self.profile.time_zone) if self.profile else session.zone


@dataclass(frozen=True)
class SessionCard:
    """What `components/session_card.html` shows."""

    title: str
    url: str
    starts_at: datetime | None
    when_text: str
    mix_text: str
    seat_text: str
    is_mine: bool
    figure: TableFigure
    desc: str
    number: int | None
    key: str


@dataclass(frozen=True)
class LegendItem:
    """One colour of the table and how many seats have it."""

    name: str
    count: int
    slot: int | None = None
    is_open: bool = False


@dataclass(frozen=True)
class Table:
    """What the page of a session shows of its table."""

    figure: TableFigure
    desc: str
    number: int | None
    line: str
    taken: int
    left: int | None
    waiting: int
    held: int
    is_mine: bool
    mix_text: str
    legend: list[LegendItem] = field(default_factory=list)
    at_table: list[tuple[ShownProfile, str]] = field(default_factory=list)
    unnamed: int = 0
    gap: str = ""


def reader_of(viewer: Viewer) -> Reader:
    """`viewer` with their profile, in one query (none for visitors)."""
    if viewer is None or not viewer.is_authenticated:
        return Reader(viewer)
    found = prepared.rows("own profile", _profile_of, viewer.pk)
    return Reader(viewer, lines.line(found[0]) if found else None)


def _profile_of(user_id: int) -> Any:
    return MemberProfile.objects.filter(user_id=user_id).order_by().values_list(*lines.columns())


@dataclass(slots=True)
class TakenSeat:
    """A seat, the offer of one or a place on the waiting list, with the person it belongs to."""

    pk: int
    session_id: int
    state: str
    role: str
    is_shown: bool
    attended: bool | None
    taken_at: datetime
    offered_until: datetime | None
    profile: Line

    @property
    def profile_id(self) -> int:
        return self.profile.pk


_OF_SEAT = ("pk", "session_id", "state", "role", "is_shown", "attended", "taken_at", "offered_until")


def seats_of(sessions: Iterable[SessionPage]) -> dict[int, list[TakenSeat]]:
    """The seats, the offers and the waiting lists of all `sessions`, in one query."""
    found: dict[int, list[TakenSeat]] = defaultdict(list)
    ids = [session.pk for session in sessions]
    for values in prepared.rows("seats", _seats, *ids) if ids else ():
        seat = TakenSeat(*[*values[: len(_OF_SEAT)], lines.line(values[len(_OF_SEAT) :])])
        found[seat.session_id].append(seat)
    return found


def _seats(*session_ids: int) -> Any:
    seats = SessionSeat.objects.filter(session_id__in=session_ids, state__in=[*HOLDS_A_PLACE, SeatState.WAITLISTED])
    return seats.values_list(*_OF_SEAT, *lines.columns("profile__"))


def cards(
    sessions: Sequence[SessionPage],
    reader: Reader,
    request: HttpRequest,
    seats: Mapping[int, list[TakenSeat]] | None = None,
) -> list[SessionCard]:
    """The sessions as cards with a small table each; two queries for any number of them, one if `seats` are read."""
    seats = seats_of(sessions) if seats is None else seats
    return [_card(session, seats[session.pk], reader, request) for session in sessions]


def _card(session: SessionPage, seats: list[TakenSeat], reader: Reader, request: HttpRequest) -> SessionCard:
    table = table_of(session, seats, reader, size="small")
    return SessionCard(
        title=session.title,
        url=session.get_url(request) or "",
        starts_at=session.starts_at,
        when_text="Cancelled" if session.cancelled else short_time(session, reader),
        mix_text="" if session.cancelled else table.mix_text,
        seat_text="" if session.cancelled else _seat_words(session, table),
        is_mine=table.is_mine,
        figure=table.figure,
        desc=table.desc,
        number=table.number,
        key=f"table-{session.pk}",
    )


def _seat_words(session: SessionPage, table: Table) -> str:
    if table.is_mine:
        return "You had a seat" if is_over(session) else "You have a seat"
    if is_over(session) or table.left is None:
        return ""
    if table.left == 0:
        return "Every seat is taken"
    return f"{table.left} seat left" if table.left == 1 else f"{table.left} seats left"


def table_of(
    session: SessionPage,
    seats: Sequence[TakenSeat],
    reader: Reader,
    *,
    size: figures.Size,
    earlier: int = 0,
) -> Table:
    """The table of `session` as `reader` may see it."""
    going = sorted((seat for seat in seats if seat.state == SeatState.GOING), key=_from_the_host)
    waiting = sum(1 for seat in seats if seat.state == SeatState.WAITLISTED)
    offered = sum(1 for seat in seats if seat.state == SeatState.OFFERED)  # held for somebody, and shown as nobody
    anonymous, over = is_unattributed(session), is_over(session)
    own = reader.profile.pk if reader.profile else None
    known = {} if anonymous else {seat.pk: _shown(seat, reader, own) for seat in going}
    drawn = [_drawn(seat, known.get(seat.pk), own, over=over) for seat in going]
    heads = min(2, sum(1 for seat in going if seat.role in HEADS))
    left = None if session.capacity is None else max(0, session.capacity - len(going) - offered)
    shown_seats = figures.spread(drawn, 0 if over else left or 0, heads=heads)
    there = [seat for seat in going if not (over and seat.attended is False)]
    came = sum(1 for seat in going if seat.attended)
    number, line = left, "seat left" if left == 1 else "seats left"
    if over:
        number, line = (came, "came") if came else (len(going), "had a seat")
    elif left is None:
        number, line = len(going), "going"
    return Table(
        figure=figures.seat_table(shown_seats, size=size, heads=heads, rings=earlier),
        desc=figures.describe(shown_seats, over=over),
        number=number,
        line=line,
        taken=len(going),
        left=left,
        waiting=waiting,
        held=offered,
        is_mine=any(seat.profile_id == own for seat in going),
        mix_text=mix_in_words([seat for seat in drawn if seat.state != State.AWAY]),
        legend=_legend(drawn, 0 if over else left or 0),
        at_table=[(person, _role_words(seat)) for seat in there if (person := known.get(seat.pk)) is not None],
        unnamed=sum(1 for seat in there if not known.get(seat.pk)),
        gap="" if over or not left else _gap(drawn, reader, own),
    )


def _from_the_host(seat: TakenSeat) -> tuple[int, Any]:
    order = {SeatRole.HOST: 0, SeatRole.GUEST: 1}
    return order.get(SeatRole(seat.role), 2), seat.taken_at


def _shown(seat: TakenSeat, reader: Reader, own: int | None) -> ShownProfile | None:
    """The person on `seat` if they agreed to be shown, sit at the head, or are looking."""
    if not (seat.is_shown or seat.role in HEADS or seat.profile_id == own):
        return None
    person = shown(seat.profile, reader.viewer, brief=True)
    return person if person.name else None


def _drawn(seat: TakenSeat, person: ShownProfile | None, own: int | None, *, over: bool) -> Seat:
    mine = own is not None and seat.profile_id == own
    if person is None:
        return Seat(state=State.PRIVATE, is_mine=mine)
    away = over and seat.attended is False
    return Seat(
        state=State.AWAY if away else State.TAKEN,
        first_name="" if away else (person.name or "").split()[0],
        initial=person.function.initial if person.function else "",
        function=person.function.name if person.function else "",
        industry=person.industry.name if person.industry else "",
        slot=person.industry.colour_slot if person.industry else None,
        role=seat.role,
        is_mine=mine,
    )


def _role_words(seat: TakenSeat) -> str:
    return SeatRole(seat.role).label if seat.role in HEADS else ""


def _number(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def mix_in_words(seats: Sequence[Seat]) -> str:
    """Who meets whom, in one line; it counts only what is shown."""
    if not seats:
        return "Nobody has a seat yet"
    people = _number(len(seats), "person", "people")
    functions = {seat.function for seat in seats if seat.function}
    industries = {seat.industry for seat in seats if seat.industry}
    if len(functions) < 2 and len(industries) < 2:
        return people
    mix = f"{_number(len(functions), 'function', 'functions')}, {_number(len(industries), 'industry', 'industries')}"
    if all(seat.is_known for seat in seats):
        return f"{people}, {mix}"
    return f"{people}; {mix} among those who are shown"


def _legend(seats: Sequence[Seat], left: int) -> list[LegendItem]:
    counted = Counter((seat.industry, seat.slot) for seat in seats if seat.industry)
    if not counted:
        return []
    items = [LegendItem(name, count, slot) for (name, slot), count in sorted(counted.items(), key=_most_first)]
    private = sum(1 for seat in seats if not seat.industry)
    if private:
        items.append(LegendItem("Prefers not to be shown", private))
    if left:
        items.append(LegendItem("Open", left, is_open=True))
    return items


def _most_first(item: tuple[tuple[str, int | None], int]) -> tuple[int, str]:
    return -item[1], item[0][0]


def _gap(seats: Sequence[Seat], reader: Reader, own: int | None) -> str:
    """What the reader would bring that nobody at the table has: the reason to take this seat."""
    profile = reader.profile
    if own is None or profile is None or any(seat.is_mine for seat in seats) or not seats:
        return ""
    if profile.function is None or profile.industry is None:
        return ""
    pair = (profile.function.name, profile.industry.name)
    if pair in {(seat.function, seat.industry) for seat in seats}:
        return ""
    whom = "Nobody" if all(seat.is_known for seat in seats) else "Nobody shown here"
    return f"{whom} comes from {pair[0]} in {pair[1]}. That would be you."


def local_start(session: SessionPage, reader: Reader) -> datetime | None:
    """The start on the reader's wall clock."""
    return session.starts_at.astimezone(reader.zone(session)) if session.starts_at else None


def short_time(session: SessionPage, reader: Reader) -> str:
    """“Thu 3 December, 15:00”."""
    start = local_start(session, reader)
    if start is None:
        return "No date yet"
    return f"{start:%a} {in_words(start.date(), timezone.localdate())}, {start:%H:%M}"


def long_time(session: SessionPage, reader: Reader) -> str:
    """“Thursday 3 December, 15:00 to 16:15”."""
    start = local_start(session, reader)
    if start is None:
        return "No date yet"
    words = f"{start:%A} {in_words(start.date(), timezone.localdate())}, {start:%H:%M}"
    if session.ends_at:
        end = session.ends_at.astimezone(start.tzinfo)
        same_day = end.date() == start.date()
        words += (
            f" to {end:%H:%M}"
            if same_day
            else f" to {end:%A} {in_words(end.date(), timezone.localdate())}, {end:%H:%M}"
        )
    return words


def moment_in_words(moment: datetime, session: SessionPage, reader: Reader) -> str:
    """“Thursday 3 December, 15:00”, on the reader's clock: a time that is not the session's own (any more)."""
    local = moment.astimezone(reader.zone(session))
    return f"{local:%A} {in_words(local.date(), timezone.localdate())}, {local:%H:%M}"


def city(zone: ZoneInfo | str) -> str:
    """“Europe/Lisbon” is “Lisbon”."""
    return str(zone).rpartition("/")[2].replace("_", " ")


def zone_words(session: SessionPage, reader: Reader) -> str:
    """Whose clock the time is, and what it is where the session is held."""
    own = reader.zone(session)
    if reader.profile is None or session.starts_at is None:
        return f"{city(session.zone)} time."
    there = session.starts_at.astimezone(session.zone)
    if there.utcoffset() == session.starts_at.astimezone(own).utcoffset():
        return f"Your time, {city(own)}."
    verb = "was" if is_over(session) else "is"
    return f"Your time, {city(own)}. It {verb} {there:%H:%M} in {city(session.zone)}."


def mode_notice(session: SessionPage) -> tuple[str, str] | None:
    """Title and text of the rule the sitting is held under; None where people may be named."""
    if session.attribution_mode == AttributionMode.CHATHAM_HOUSE:
        if is_over(session):
            return (
                "Held under the Chatham House rule",
                "Use what is here. Do not say who said it or where they work. Nothing on this page names a "
                "speaker, and the search does not know either.",
            )
        return (
            "Chatham House session",
            "You may use what you hear. You may not say who said it, nor where they work: not in a post, not in a "
            "takeaway, not in a report. Once it is over, this page names nobody.",
        )
    if session.attribution_mode == AttributionMode.PRIVATE:
        return ("Private session", "Nothing said here leaves the room, with or without a name.")
    return None
