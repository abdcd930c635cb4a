"""Tables from which nobody can be counted out, also by whoever knows the rule and adds up."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.kernel.suppression import SMALLEST_CELL, suppress, suppress_parts

counts = st.integers(0, 6)
tables = st.integers(1, 3).flatmap(
    lambda width: st.lists(st.lists(counts, min_size=width, max_size=width), min_size=1, max_size=3)
)


def figures(table):
    """Every figure of a table with its totals, in order."""
    rows = [[*row, sum(row)] for row in table]
    return [value for row in [*rows, [sum(column) for column in zip(*rows, strict=True)]] for value in row]


def told(table):
    shown = suppress(table)
    rows = [[*row, total] for row, total in zip(shown.cells, shown.rows, strict=True)]
    return [value for row in [*rows, [*shown.columns, shown.total]] for value in row]


def others(table, seen):
    """Tables near `table` that agree with every figure that is shown: what somebody who adds up cannot tell apart."""
    height, width = len(table), len(table[0])
    for change in product((-1, 0, 1), repeat=height * width):
        other = [[table[r][c] + change[r * width + c] for c in range(width)] for r in range(height)]
        if min(map(min, other)) >= 0 and all(a is None or a == b for a, b in zip(seen, figures(other), strict=True)):
            yield figures(other)


@settings(max_examples=25, deadline=None)
@given(table=tables)
def test_no_figure_that_is_left_out_can_be_worked_out(table):
    seen, true = told(table), figures(table)
    assert all(shown is None or shown == value for shown, value in zip(seen, true, strict=True)), "no figure is made up"
    assert not [value for value in seen if value is not None and 0 < value < SMALLEST_CELL]
    open_places = {place for place, shown in enumerate(seen) if shown is None}
    for other in others(table, seen):
        open_places -= {place for place in open_places if other[place] != true[place]}
        if not open_places:
            break
    assert not open_places, "each could be another number for all one knows"


@given(parts=st.lists(st.integers(0, 30), min_size=2, max_size=4))
def test_one_part_is_never_the_difference(parts):
    seen, total = suppress_parts(parts)
    everything = [*seen, total]
    assert everything.count(None) != 1
    assert not [value for value in everything if value is not None and 0 < value < SMALLEST_CELL]
    assert all(shown in (None, value) for shown, value in zip(seen, parts, strict=True)) and total in (None, sum(parts))


def test_what_is_large_stays_and_nought_is_about_nobody():
    shown = suppress([[9, 0], [12, 7]])
    assert (shown.cells, shown.rows, shown.columns, shown.total) == ([[9, 0], [12, 7]], [9, 19], [21, 7], 28)
    assert suppress([]).cells == [] and suppress([[]]).total == 0


def test_the_smallest_that_will_do_is_left_out_as_well():
    assert suppress([[3, 6, 40], [50, 8, 60], [70, 90, 80]]).cells == [
        [None, None, 40], [None, None, 60], [70, 90, 80]
    ]  # fmt: skip
    assert suppress_parts([11, 1, 7]) == ([11, None, None], 19)


@pytest.mark.parametrize("table", [[[3]], [[3, 0], [0, 0]], [[4, 20]], [[1], [30]]])
def test_a_table_with_one_small_cell_gives_up_what_it_takes(table):
    assert told(table).count(None) >= 4
