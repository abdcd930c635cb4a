"""Draws a session as a round table: pure arithmetic from seats to numbers and paths.

The template `components/seat_table.html` turns what `seat_table` returns into SVG. The numbers are
tested, not the picture. The origin is the centre of the table; seats run clockwise from the host.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from math import cos, hypot, pi, radians, sin
from typing import ClassVar, Literal

Size = Literal["small", "medium", "large"]

MOST_RINGS = 24
MOST_LETTERED = 18  # above, a letter in a seat is no longer read
MOST_DRAWN = 60  # above, a seat is a speck; the number in the middle still tells


class State(StrEnum):
    """What is drawn at a place of the table."""

    TAKEN = "taken"
    OPEN = "open"
    PRIVATE = "private"
    AWAY = "away"


@dataclass(frozen=True, slots=True)
class Seat:
    """One place at the table, with only what the viewer may know of it."""

    state: State = State.TAKEN
    first_name: str = ""
    initial: str = ""
    function: str = ""
    industry: str = ""
    slot: int | None = None
    role: str = ""
    is_mine: bool = False

    @property
    def is_known(self) -> bool:
        """Whether function and industry are drawn."""
        return self.state in (State.TAKEN, State.AWAY)


@dataclass(frozen=True, slots=True)
class Label:
    """A name beside a seat; at the head with the role on a line above it."""

    text: str
    role: str
    x: float
    y: float
    anchor: Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class DrawnSeat:
    """A seat with its place in the drawing."""

    css: str
    x: float
    y: float
    radius: float
    backs: tuple[str, ...]
    letter: str = ""
    font_size: float = 0
    plus: str = ""
    mine_radius: float = 0
    label: Label | None = None


@dataclass(frozen=True, slots=True)
class Ring:
    """A year ring in the wood: one earlier session of the series."""

    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True)
class Thread:
    """A line between two people who share something the viewer may know."""

    path: str
    knots: tuple[tuple[float, float], tuple[float, float]]


@dataclass(frozen=True, slots=True)
class TableFigure:
    """Everything the template draws."""

    equal_is_alike: ClassVar[bool] = True  # `hub.kernel.remembered`: each field holds values of one plain type

    size: Size
    view_box: str
    table_radius: float
    seats: tuple[DrawnSeat, ...] = ()
    rings: tuple[Ring, ...] = ()
    threads: tuple[Thread, ...] = ()


@dataclass(frozen=True, slots=True)
class _Measures:
    """What differs between the three sizes."""

    view_box: str
    ring: float
    table_gap: float
    back_gap: float
    mine_gap: float


_MEASURES: dict[Size, _Measures] = {
    "small": _Measures("-48 -48 96 96", ring=37, table_gap=3.2, back_gap=2.3, mine_gap=1.2),
    "medium": _Measures("-140 -140 280 280", ring=104, table_gap=8, back_gap=4.5, mine_gap=2.4),
    "large": _Measures("-300 -236 600 472", ring=172, table_gap=14, back_gap=6, mine_gap=3.2),
}
_HEAD_GROWTH = 1.14
_SECOND_BACK_GAP = 5


def seat_table(
    seats: Sequence[Seat],
    *,
    size: Size,
    heads: int,
    rings: int,
    threads: Iterable[tuple[int, int]] = (),
    viewer: int | None = None,
) -> TableFigure:
    """The drawing of a table.

    `seats` start with the host; the first `heads` of them (0 to 2) sit at the head. `rings` is the
    number of earlier sessions, `threads` are pairs of positions in `seats`, `viewer` is the position
    of the viewer's own seat. Whoever calls has already taken out what the viewer may not see.
    """
    return _figure(tuple(seats), size, heads, rings, tuple(threads), viewer)


@lru_cache(maxsize=1_000)
def _figure(
    seats: tuple[Seat, ...],
    size: Size,
    heads: int,
    rings: int,
    threads: tuple[tuple[int, int], ...],
    viewer: int | None,
) -> TableFigure:
    measures = _MEASURES[size]
    count = len(seats)
    radius = _seat_radius(count, measures.ring)
    table_radius = measures.ring - radius - measures.table_gap
    angles = [_angle(i, count, heads) for i in range(count)]
    drawn: tuple[DrawnSeat, ...] = ()
    if count <= MOST_DRAWN:
        drawn = tuple(
            _drawn(
                seat, angle, radius, measures, size,
                at_head=i < heads, is_mine=i == viewer, lettered=count <= MOST_LETTERED,
            )
            for i, (seat, angle) in enumerate(zip(seats, angles, strict=True))
        )  # fmt: skip
    return TableFigure(
        size=size,
        view_box=measures.view_box,
        table_radius=round(table_radius, 1),
        seats=drawn,
        rings=() if size == "small" else _rings(rings, table_radius),
        threads=tuple(
            _thread(angles[a], angles[b], table_radius) for a, b in threads if size == "large" and drawn and a != b
        ),
    )


def _seat_radius(count: int, ring: float) -> float:
    widest = 0.155 * ring
    return widest if count < 2 else min(widest, 0.36 * 2 * ring * sin(pi / count))


def _angle(position: int, count: int, heads: int) -> float:
    step = 360 / count
    return -90 - (step / 2 if heads >= 2 else 0) + position * step


def _at(angle: float, distance: float) -> tuple[float, float]:
    return distance * cos(radians(angle)), distance * sin(radians(angle))


def _number(value: float) -> str:
    """One decimal is a tenth of a pixel; never a minus before nothing."""
    return f"{value + 0.0:.1f}".replace("-0.0", "0.0")


def _arc(x: float, y: float, radius: float, angle: float, spread: float) -> str:
    """The back of a chair: an arc around the seat, open towards the table."""
    x1, y1 = _at(angle - spread, radius)
    x2, y2 = _at(angle + spread, radius)
    r = _number(radius)
    return f"M{_number(x + x1)} {_number(y + y1)}A{r} {r} 0 0 1 {_number(x + x2)} {_number(y + y2)}"


def _drawn(
    seat: Seat,
    angle: float,
    radius: float,
    measures: _Measures,
    size: Size,
    *,
    at_head: bool,
    is_mine: bool,
    lettered: bool,
) -> DrawnSeat:
    own_radius = radius * _HEAD_GROWTH if at_head else radius
    x, y = _at(angle, measures.ring)
    back = own_radius + measures.back_gap
    backs = [_arc(x, y, back, angle, 74 if at_head and size != "small" else 58)]
    if at_head and size != "small":
        backs.append(_arc(x, y, back + _SECOND_BACK_GAP, angle, 46))
    shows_letter = size != "small" and lettered and seat.is_known and bool(seat.initial)
    shows_plus = size != "small" and lettered and seat.state == State.OPEN
    named = size == "large" and lettered and seat.is_known and bool(seat.first_name)
    return DrawnSeat(
        css=_css(seat),
        x=round(x, 1) + 0.0,
        y=round(y, 1) + 0.0,
        radius=round(own_radius, 1),
        backs=tuple(backs),
        letter=seat.initial if shows_letter else "",
        font_size=round(0.82 * own_radius * (1 if len(seat.initial) < 2 else 0.78), 1) if shows_letter else 0,
        plus=_plus(x, y, 0.3 * own_radius) if shows_plus else "",
        mine_radius=round(own_radius + measures.mine_gap, 1) if is_mine or seat.is_mine else 0,
        label=_label(seat, angle, measures.ring + own_radius, at_head=at_head) if named else None,
    )


def _css(seat: Seat) -> str:
    if seat.state == State.OPEN:
        return "seat seat--open"
    if seat.state == State.PRIVATE:
        return "seat seat--private"
    industry = f"industry--{seat.slot}" if seat.slot else "industry--private"
    return f"seat seat--away {industry}" if seat.state == State.AWAY else f"seat {industry}"


def _plus(x: float, y: float, arm: float) -> str:
    return f"M{_number(x - arm)} {_number(y)}H{_number(x + arm)}M{_number(x)} {_number(y - arm)}V{_number(y + arm)}"


def _label(seat: Seat, angle: float, edge: float, *, at_head: bool) -> Label:
    side = cos(radians(angle))
    x, y = _at(angle, edge + (26 if at_head else 20))
    below = 6 if sin(radians(angle)) > 0.9 else 0  # clear of the chair's back
    return Label(
        text=seat.first_name,
        role=seat.role.capitalize() if at_head else "",
        x=round(x, 1) + 0.0,
        y=round(y - 8.8 if at_head and seat.role else y + 5 + below, 1),
        anchor="start" if side > 0.2 else "end" if side < -0.2 else "middle",
    )


def _rings(count: int, table_radius: float) -> tuple[Ring, ...]:
    """One for each earlier session, each a little off the centre, as in wood."""
    count = max(0, min(count, MOST_RINGS))
    outer, inner = table_radius - 9, 14.0
    step = (outer - inner) / max(count, 1)
    return tuple(
        Ring(
            x=round(1.4 * sin(1.3 * k), 2) + 0.0,
            y=round(1.4 * cos(1.7 * k), 2) + 0.0,
            radius=round(outer - k * step, 1),
        )
        for k in range(count)
    )


def _thread(angle_a: float, angle_b: float, table_radius: float) -> Thread:
    """Bows away from the middle, so that it never crosses the number there."""
    ax, ay = _at(angle_a, table_radius - 8)
    bx, by = _at(angle_b, table_radius - 8)
    middle_x, middle_y = (ax + bx) / 2, (ay + by) / 2
    length = hypot(middle_x, middle_y)
    if length < 1e-6:  # they face each other: bow to one side
        unit_x, unit_y = _at(angle_a + 90, 1)
    else:
        unit_x, unit_y = middle_x / length, middle_y / length
    bow = max(length / 2, 1.16 * table_radius - length)
    return Thread(
        path=(
            f"M{_number(ax)} {_number(ay)}Q{_number(unit_x * bow)} {_number(unit_y * bow)} {_number(bx)} {_number(by)}"
        ),
        knots=((round(ax, 1) + 0.0, round(ay, 1) + 0.0), (round(bx, 1) + 0.0, round(by, 1) + 0.0)),
    )


def spread(taken: Sequence[Seat], open_count: int, *, heads: int) -> list[Seat]:
    """The taken seats with `open_count` open ones strewn between them, the head left together.

    A table with its gaps spread out asks to be joined anywhere; a block of empty chairs does not.
    """
    if open_count <= 0:
        return list(taken)
    head, rest = list(taken[:heads]), list(taken[heads:])
    total = len(rest) + open_count
    seats, placed = head, 0
    for position in range(total):
        # the open seats that should stand before the end of this position, Bresenham's way
        due = ((position + 1) * open_count + total // 2) // total
        if due > placed and placed < open_count:
            seats.append(Seat(state=State.OPEN))
            placed += 1
        else:
            seats.append(rest.pop(0))
    return seats


def describe(seats: Sequence[Seat], *, over: bool = False) -> str:
    """The table in words, for those who do not see the drawing: every shown seat, and how many are not."""
    if not seats:
        return "Nobody had a seat." if over else "Nobody has a seat yet."
    shown = [_words(seat) for seat in seats if seat.state == State.TAKEN and seat.first_name]
    away = sum(1 for seat in seats if seat.state == State.AWAY)
    unnamed = sum(1 for seat in seats if seat.state != State.OPEN) - len(shown) - away
    free = sum(1 for seat in seats if seat.state == State.OPEN)
    parts = [f"{_count(len(seats), 'seat')} from the host clockwise."]
    if shown:
        parts.append("; ".join(shown) + ".")
    if unnamed:
        others = "more seat is taken" if unnamed == 1 else "more seats are taken"
        plain = "seat is taken" if unnamed == 1 else "seats are taken"
        parts.append(f"{unnamed} {others if shown else plain} by people who are not named here.")
    if away:
        parts.append(f"{away} stayed away.")
    if not over:
        parts.append("No seat is left." if free == 0 else f"{_count(free, 'seat')} left.")
    return " ".join(parts)


def _words(seat: Seat) -> str:
    what = ", ".join(
        part for part in (seat.role if seat.role != "member" else "", seat.function, seat.industry) if part
    )
    words = f"{seat.first_name} ({what})" if what else seat.first_name
    return words + ", that is you" if seat.is_mine else words


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
