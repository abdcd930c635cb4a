"""Tables of people in which nobody can be counted out: small cells are left blank, and as many others as it takes.

The rule. A cell below `SMALLEST_CELL` people is not shown (primary suppression); nought is, for it is about nobody.
Where a blank cell could be worked out from the totals and the other cells, further ones are left blank until it cannot
(secondary, or complementary, suppression). Threshold and method are those of official statistics; docs/operations.md
says where they are written down.

Why it holds. Draw a table as a graph: rows and columns are points, the totals one more of each, and every blank cell
joins its row with its column. Along a closed path of blank cells one person can be moved from one cell to the next and
no figure that is shown changes; so a blank cell is safe if it lies on such a path, that is, if it is no bridge of the
graph. Only cells with somebody in them are left blank, so there is always one to move. And there is always a path: a
cell, the total of its row, that of its column, and the total of all are four corners of one.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SMALLEST_CELL = 5  # people; a smaller number would point at somebody
Cell = tuple[int, int]


@dataclass(frozen=True)
class Shown:
    """A table as it may leave the house; None is a cell that is not shown."""

    cells: list[list[int | None]]
    rows: list[int | None]
    columns: list[int | None]
    total: int | None


def suppress(counts: Sequence[Sequence[int]]) -> Shown:
    """`counts`, rows of equal length, with the totals of rows, columns and all, as far as they may be shown."""
    if not counts or not counts[0]:
        return Shown([[] for _ in counts], [0 for _ in counts], [], 0)
    height, width = len(counts), len(counts[0])
    full = [[*row, sum(row)] for row in counts]
    full.append([sum(column) for column in zip(*full, strict=True)])
    values = {(r, c): value for r, row in enumerate(full) for c, value in enumerate(row)}
    hidden = _hidden(values)
    told = [[None if (r, c) in hidden else full[r][c] for c in range(width + 1)] for r in range(height + 1)]
    return Shown([row[:-1] for row in told[:-1]], [row[-1] for row in told[:-1]], told[-1][:-1], told[-1][-1])


def suppress_parts(parts: Sequence[int]) -> tuple[list[int | None], int | None]:
    """The parts of one total and the total: a table of one row, whose columns have no totals of their own."""
    figures = [*parts, sum(parts)]
    hidden = {place for place, figure in enumerate(figures) if 0 < figure < SMALLEST_CELL}
    if len(hidden) == 1:  # what is missing would be the difference
        others = [(figure, place) for place, figure in enumerate(figures) if figure and place not in hidden]
        hidden |= {min(others)[1]}
    told = [None if place in hidden else figure for place, figure in enumerate(figures)]
    return told[:-1], told[-1]


def _hidden(values: Mapping[Cell, int]) -> set[Cell]:
    hidden = {cell for cell, value in values.items() if 0 < value < SMALLEST_CELL}
    settled: set[Cell] = set()
    for cell in sorted(hidden):
        if cell not in settled:
            path = _cheapest_path(cell, values, hidden)
            hidden |= set(path)
            settled |= {cell, *path}  # all of them lie on one closed path now
    return hidden


def _cheapest_path(cell: Cell, values: Mapping[Cell, int], hidden: set[Cell]) -> list[Cell]:
    """The cells that close a path through `cell`, with the fewest people among those that are still shown."""
    rows: dict[int, list[Cell]] = {}
    columns: dict[int, list[Cell]] = {}
    for other, value in values.items():
        if value and other != cell:
            rows.setdefault(other[0], []).append(other)
            columns.setdefault(other[1], []).append(other)
    start, goal = ("row", cell[0]), ("column", cell[1])
    queue: list[tuple[int, int, tuple[str, int], list[Cell]]] = [(0, 0, start, [])]
    seen: set[tuple[str, int]] = set()
    while queue:
        cost, length, place, path = heapq.heappop(queue)
        if place == goal:
            return path
        if place in seen:
            continue
        seen.add(place)
        axis, number = place
        for step in (rows if axis == "row" else columns).get(number, ()):
            there = ("column", step[1]) if axis == "row" else ("row", step[0])
            if there not in seen:
                price = 0 if step in hidden else values[step]
                heapq.heappush(queue, (cost + price, length + 1, there, [*path, step]))
    raise AssertionError("a cell with somebody in it always has the totals to go round by")
