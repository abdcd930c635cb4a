"""Draws the pictures of the demo community: tables, rings, threads and trails in the colours of the hub.

A page's slug decides everything, so the same page has the same picture on every machine. Nothing is drawn from life:
no photograph could be of people who do not exist.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from PIL import Image, ImageDraw

Point = tuple[float, float]
Colour = str

FINE = 3  # drawn this many times larger, then reduced: Pillow's own edges are rough
HEIGHT = 900.0  # all measures below are for a picture of this height


@dataclass(frozen=True, slots=True)
class Ground:
    """What a picture is drawn on, and with."""

    paper: Colour
    wood: Colour
    grain: Colour
    edge: Colour
    thread: Colour
    warm: Colour
    hues: Sequence[Colour]


_LIGHT = ("#a8386a", "#a34a22", "#8f7210", "#49701f", "#11706c", "#2a66a6", "#6b4ca9", "#5c5d6a")
_DARK = ("#ec9bbd", "#efa27f", "#d9b955", "#a9cc7d", "#74cbc4", "#8fbdf0", "#bfa8f2", "#b9bac6")
PAPER = Ground("#fbf7ef", "#f4edde", "#e2d6bf", "#cbbfa9", "#2b3f94", "#d9703a", _LIGHT)
LINEN = Ground("#f1e9d8", "#fbf7ef", "#e6dbc6", "#c9bb9f", "#2b3f94", "#d9703a", _LIGHT)
INK = Ground("#1d1b22", "#26242c", "#36333d", "#514d5a", "#aebcff", "#e58650", _DARK)
LAPIS = Ground("#1a2a6c", "#223479", "#30438c", "#4d60a8", "#ced6ff", "#f2a676", _DARK)
GROUNDS = (PAPER, PAPER, PAPER, LINEN, LINEN, LINEN, INK, LAPIS)


def draw(slug: str, *, size: tuple[int, int] = (1600, 900)) -> bytes:
    """The picture of the page with this slug, as a PNG file of `size` pixels."""
    chance = Random(f"the linden table/{slug}")  # noqa: S311 - chance for pictures, not for secrets
    ground = chance.choice(GROUNDS)
    compose = chance.choice(COMPOSITIONS)
    sheet = Sheet(size, ground)
    compose(sheet, chance)
    return sheet.png()


class Sheet:
    """A sheet of paper with round-ended strokes; its units are 1/900 of its height."""

    def __init__(self, size: tuple[int, int], ground: Ground) -> None:
        self.size = size
        self.ground = ground
        self.scale = size[1] * FINE / HEIGHT
        self.width = size[0] * HEIGHT / size[1]
        self.height = HEIGHT
        self._image = Image.new("RGB", (size[0] * FINE, size[1] * FINE), ground.paper)
        self._pen = ImageDraw.Draw(self._image, "RGBA")

    def png(self) -> bytes:
        """The finished picture."""
        image = self._image.resize(self.size, Image.Resampling.LANCZOS)
        file = io.BytesIO()
        image.save(file, "PNG", optimize=True)
        return file.getvalue()

    def disc(self, centre: Point, radius: float, colour: Colour, strength: float = 1.0) -> None:
        """A filled circle."""
        self._pen.ellipse(self._box(centre, radius), fill=_rgba(colour, strength))

    def ring(self, centre: Point, radius: float, colour: Colour, width: float = 1.5, strength: float = 1.0) -> None:
        """The line of a circle."""
        line = max(1, round(width * self.scale))
        self._pen.ellipse(self._box(centre, radius + width / 2), outline=_rgba(colour, strength), width=line)

    def arc(
        self, centre: Point, radius: float, start: float, end: float, colour: Colour, width: float, strength: float = 1
    ) -> None:
        """A piece of a circle with round ends, from one angle to another, in radians."""
        steps = max(8, int(abs(end - start) * radius / 3))
        points = [_on(centre, radius, start + (end - start) * i / steps) for i in range(steps + 1)]
        self.stroke(points, [width] * len(points), colour, strength)

    def stroke(self, points: Sequence[Point], widths: Sequence[float], colour: Colour, strength: float = 1) -> None:
        """A line through `points` that may swell and taper; drawn as one shape, so that it covers evenly."""
        left: list[Point] = []
        right: list[Point] = []
        last = len(points) - 1
        for i, (x, y) in enumerate(points):
            (ax, ay), (bx, by) = points[max(i - 1, 0)], points[min(i + 1, last)]
            length = math.hypot(bx - ax, by - ay) or 1.0
            nx, ny = -(by - ay) / length * widths[i] / 2, (bx - ax) / length * widths[i] / 2
            left.append((x + nx, y + ny))
            right.append((x - nx, y - ny))
        end = _cap(points[last], left[-1], right[-1])
        start = _cap(points[0], right[0], left[0])
        shape = [*left, *end, *reversed(right), *start]
        self._pen.polygon([(x * self.scale, y * self.scale) for x, y in shape], fill=_rgba(colour, strength))

    def _box(self, centre: Point, radius: float) -> tuple[float, float, float, float]:
        x, y = centre
        return tuple((v * self.scale) for v in (x - radius, y - radius, x + radius, y + radius))  # type: ignore[return-value]


# ---- Things that are drawn


def _thread(
    sheet: Sheet, a: Point, b: Point, control: Point, colour: Colour, width: float, strength: float = 1.0
) -> None:
    """A curve between two points, fullest in its middle."""
    points: list[Point] = []
    widths: list[float] = []
    steps = 72
    for i in range(steps + 1):
        t = i / steps
        points.append(
            (
                (1 - t) ** 2 * a[0] + 2 * t * (1 - t) * control[0] + t * t * b[0],
                (1 - t) ** 2 * a[1] + 2 * t * (1 - t) * control[1] + t * t * b[1],
            )
        )
        widths.append(width * (0.55 + 0.45 * math.sin(math.pi * t)))
    sheet.stroke(points, widths, colour, strength)


def _seat(sheet: Sheet, centre: Point, radius: float, angle: float, colour: Colour, *, head: bool = False) -> None:
    """A person's seat: a disc with a chair back on the side away from the table; the head has two."""
    sheet.disc(centre, radius, colour)
    half = math.radians(74 if head else 58)
    sheet.arc(centre, radius * 1.32, angle - half, angle + half, colour, radius * 0.15)
    if head:
        outer = math.radians(46)
        sheet.arc(centre, radius * 1.6, angle - outer, angle + outer, colour, radius * 0.15)


def _open_seat(sheet: Sheet, centre: Point, radius: float, colour: Colour) -> None:
    """A seat nobody has taken yet: a dashed outline."""
    dashes = 14
    for i in range(dashes):
        start = i * math.tau / dashes
        sheet.arc(centre, radius * 0.93, start, start + math.tau / dashes * 0.5, colour, radius * 0.09)


def _table(
    sheet: Sheet, chance: Random, centre: Point, reach: float, seats: int, *, rings: int, threads: int, vacant: int
) -> list[Point]:
    """A round table from above. Returns where its seats are, from the head clockwise."""
    ground = sheet.ground
    step = math.tau / seats
    first = -math.pi / 2 + chance.uniform(-0.4, 0.4)
    radius = min(0.128 * reach, 0.36 * 2 * reach * math.sin(math.pi / seats))
    top = reach - radius * 1.5
    sheet.disc(centre, top, ground.wood)
    for k in range(rings):
        r = top * (0.93 - 0.84 * k / max(rings, 1))
        shift = (1.4 * math.sin(1.3 * k) * top / 120, 1.4 * math.cos(1.7 * k) * top / 120)
        sheet.ring((centre[0] + shift[0], centre[1] + shift[1]), r, ground.grain, max(0.9, top / 260))
    sheet.ring(centre, top, ground.edge, max(1.2, top / 190))
    angles = [first + i * step for i in range(seats)]
    colours = _mixed(chance, ground.hues, seats)
    empty = set(chance.sample(range(2, seats), min(vacant, seats - 3)))
    taken = [i for i in range(seats) if i not in empty]
    for number, (a, b) in enumerate(_pairs(chance, taken, threads)):
        start, end = _on(centre, top - radius * 0.3, angles[a]), _on(centre, top - radius * 0.3, angles[b])
        middle = ((start[0] + end[0]) / 2 - centre[0], (start[1] + end[1]) / 2 - centre[1])
        bow = chance.uniform(0.1, 0.55)
        control = (centre[0] + middle[0] * bow, centre[1] + middle[1] * bow)
        colour = ground.warm if number % 4 == 3 else ground.thread
        _thread(sheet, start, end, control, colour, max(1.6, reach / 120), 0.8)
        for point in (start, end):
            sheet.disc(point, max(2.2, reach / 75), colour)
    places = []
    for i, angle in enumerate(angles):
        grow = 1.14 if i < 2 else 1.0
        place = _on(centre, reach, angle)
        places.append(place)
        if i in empty:
            _open_seat(sheet, place, radius, ground.edge)
        else:
            _seat(sheet, place, radius * grow, angle, colours[i], head=i < 2)
    return places


# ---- Compositions


def _one_table(sheet: Sheet, chance: Random) -> None:
    """One large table that runs out of the picture, and a small one that waits."""
    side = chance.choice((-1, 1))
    centre = (
        sheet.width / 2 + side * sheet.width * chance.uniform(0.12, 0.19),
        sheet.height * chance.uniform(0.52, 0.68),
    )
    for k in range(5):
        sheet.ring(centre, 520 + k * 74, sheet.ground.grain, 1.4, 0.75 - k * 0.12)
    _table(sheet, chance, centre, chance.uniform(335, 385), chance.randint(11, 14), rings=chance.randint(9, 16),
           threads=chance.randint(5, 7), vacant=chance.randint(1, 3))  # fmt: skip
    corner = (sheet.width / 2 - side * sheet.width * 0.355, sheet.height * chance.uniform(0.22, 0.32))
    _table(sheet, chance, corner, 92, chance.randint(5, 7), rings=4, threads=2, vacant=1)


def _many_tables(sheet: Sheet, chance: Random) -> None:
    """Tables of several sizes, and threads that lead from one to another."""
    ground = sheet.ground
    wide, high = sheet.width, sheet.height
    spots = [
        ((0.17, 0.33), 148), ((0.46, 0.62), 205), ((0.80, 0.36), 170), ((0.14, 0.84), 88), ((0.45, 0.13), 84),
        ((0.74, 0.87), 96), ((0.98, 0.78), 112),
    ]  # fmt: skip
    mirror = chance.random() < 0.5
    plans: list[tuple[Point, float]] = []
    for (x, y), reach in spots:
        at = ((1 - x if mirror else x) * wide + chance.uniform(-14, 14), y * high + chance.uniform(-14, 14))
        plans.append((at, reach * chance.uniform(0.92, 1.04)))
    links = [(0, 1), (1, 2), (0, 3), (4, 1), (1, 5), (2, 6), (4, 2), (3, 1)]
    for number, (a, b) in enumerate(chance.sample(links, 7)):
        (ax, ay), (bx, by) = plans[a][0], plans[b][0]
        lift = chance.uniform(-0.32, 0.32)
        control = ((ax + bx) / 2 - (by - ay) * lift, (ay + by) / 2 + (bx - ax) * lift)
        _thread(sheet, (ax, ay), (bx, by), control, ground.warm if number % 3 == 1 else ground.thread, 3.2, 0.75)
    for at, size in plans:
        sheet.disc(at, size * 1.36, ground.paper)  # threads end before the chairs do
        seats = max(5, min(12, round(size / 17)))
        _table(sheet, chance, at, size, seats, rings=max(3, round(size / 22)), threads=max(1, round(size / 50)),
               vacant=chance.randint(0, 2))  # fmt: skip


def _wood(sheet: Sheet, chance: Random) -> None:
    """The rings of a trunk, one for each sitting, with people on a few of them."""
    ground = sheet.ground
    side = chance.choice((0.2, 0.8))
    centre = (sheet.width * side + chance.uniform(-60, 60), sheet.height * chance.uniform(0.78, 1.06))
    away = 1 if side < 0.5 else -1
    radius, number = 46.0, 0
    seats: list[tuple[float, float]] = []
    while radius < sheet.width * 0.98:
        drift = (2.6 * math.sin(1.3 * number), 2.6 * math.cos(1.7 * number))
        here = (centre[0] + drift[0], centre[1] + drift[1])
        sheet.ring(here, radius, ground.edge if number % 5 == 0 else ground.grain, 2.0 if number % 5 == 0 else 1.4)
        if number % 3 == 1 and radius > 130:
            seats.append((radius, chance.uniform(-0.42, 1.2)))
        radius += chance.uniform(25, 40)
        number += 1
    colours = _mixed(chance, ground.hues, len(seats) * 3)
    for i, (reach, turn) in enumerate(seats):
        angle = -math.pi / 2 + away * turn
        span = chance.uniform(0.16, 0.5) * 420 / max(reach, 300)
        sheet.arc(centre, reach, angle - span, angle + span, colours[i], 7)
        for k, at in enumerate((angle - span, angle + span) if i % 2 else (angle + span,)):
            place = _on(centre, reach, at)
            sheet.disc(place, 34, ground.paper)
            _seat(sheet, place, 20 + 5 * (i % 3), at, colours[i + k], head=i == len(seats) // 2)
    sheet.disc(centre, 17, ground.warm)


def _weave(sheet: Sheet, chance: Random) -> None:
    """Two rows of seats face each other; each thread crosses to somebody who is not opposite."""
    ground = sheet.ground
    count = chance.randint(9, 11)
    left_centre, right_centre = (-520.0, sheet.height / 2), (sheet.width + 520.0, sheet.height / 2)
    reach = 760.0
    spread = math.radians(27)
    turns = [-spread + 2 * spread * i / (count - 1) for i in range(count)]
    left = [_on(left_centre, reach, turn) for turn in turns]
    right = [_on(right_centre, reach, math.pi - turn) for turn in turns]
    for k in range(7):
        for centre in (left_centre, right_centre):
            sheet.ring(centre, reach - 70 - 34 * k, ground.grain, 1.5, 0.95 - k * 0.1)
    order = list(range(count))
    chance.shuffle(order)
    colours = _mixed(chance, ground.hues, count)
    others = _mixed(chance, ground.hues, count)
    for i, j in enumerate(order):
        a, b = left[i], right[j]
        inner = sheet.width * 0.2
        points = [_bezier(a, (a[0] + inner * 2, a[1]), (b[0] - inner * 2, b[1]), b, t / 90) for t in range(91)]
        widths = [3.0 + 6.5 * math.sin(math.pi * t / 90) for t in range(91)]
        sheet.stroke(points, widths, colours[i], 0.82)
    for i in range(count):
        for place, turn, hue in ((left[i], turns[i] + math.pi, colours[i]), (right[i], -turns[i], others[i])):
            sheet.disc(place, 45, ground.paper)
            if chance.random() < 0.09:
                _open_seat(sheet, place, 27, ground.edge)
            else:
                _seat(sheet, place, 27, turn, hue, head=i == count // 2)


def _trail(sheet: Sheet, chance: Random) -> None:
    """From one claim to what it rests on, and from there to people: a dot for each of them."""
    ground = sheet.ground
    root = (sheet.width * 0.17, sheet.height / 2)
    for k in range(9):
        sheet.ring(root, 96 + k * 30, ground.grain, 1.5, max(0.12, 0.95 - k * 0.1))
    branches = chance.randint(5, 6)
    colours = _mixed(chance, ground.hues, branches)
    column = sheet.width * 0.47
    for i in range(branches):
        y = sheet.height * (0.13 + 0.74 * i / (branches - 1))
        knot = (column + chance.uniform(-26, 26), y)
        points = [
            _bezier(root, (root[0] + 210, root[1]), (knot[0] - 210, y), knot, t / 60) for t in range(61)
        ]  # fmt: skip
        sheet.stroke(points, [5.2 - 2.2 * t / 60 for t in range(61)], ground.thread, 0.9)
        people = chance.randint(11, 34)
        sheet.disc(knot, 26, ground.paper)
        if i == branches - 2:
            _open_seat(sheet, knot, 20, ground.warm)
            sheet.disc(knot, 8, ground.warm)
        else:
            sheet.disc(knot, 17, ground.thread)
        for n in range(people):
            row, place = n % 3, n // 3
            x = knot[0] + 92 + place * 45 + (22.5 if row == 1 else 0)
            faded = 0.45 if chance.random() < 0.16 else 1.0
            sheet.disc((x, y + (row - 1) * 38), 13.5, colours[i], faded)
    sheet.disc(root, 68, ground.wood)
    sheet.ring(root, 68, ground.edge, 2)
    _seat(sheet, root, 40, math.pi, ground.warm, head=True)


COMPOSITIONS: tuple[Callable[[Sheet, Random], None], ...] = (_one_table, _many_tables, _wood, _weave, _trail)


# ---- Geometry


def _on(centre: Point, radius: float, angle: float) -> Point:
    return (centre[0] + radius * math.cos(angle), centre[1] + radius * math.sin(angle))


def _bezier(a: Point, b: Point, c: Point, d: Point, t: float) -> Point:
    s = 1 - t
    weights = (s**3, 3 * s * s * t, 3 * s * t * t, t**3)
    points = (a, b, c, d)
    return (
        sum(w * p[0] for w, p in zip(weights, points, strict=True)),
        sum(w * p[1] for w, p in zip(weights, points, strict=True)),
    )


def _cap(centre: Point, start: Point, end: Point) -> list[Point]:
    """The half circle that closes a stroke, from one of its sides to the other."""
    radius = math.hypot(start[0] - centre[0], start[1] - centre[1])
    angle = math.atan2(start[1] - centre[1], start[0] - centre[0])
    return [_on(centre, radius, angle - math.pi * i / 10) for i in range(1, 10)]


def _pairs(chance: Random, taken: Sequence[int], wanted: int) -> list[tuple[int, int]]:
    """Who is joined with whom: people who do not sit beside each other."""
    possible = [(a, b) for a in taken for b in taken if b - a > 1 and not (a == taken[0] and b == taken[-1])]
    return chance.sample(possible, min(wanted, len(possible)))


def _mixed(chance: Random, hues: Sequence[Colour], count: int) -> list[Colour]:
    """`count` colours in which neighbours differ."""
    found: list[Colour] = []
    while len(found) < count:
        found.append(chance.choice([hue for hue in hues if hue not in found[-3:]]))
    return found


def _rgba(colour: Colour, strength: float) -> tuple[int, int, int, int]:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return red, green, blue, round(255 * strength)
