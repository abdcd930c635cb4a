"""The table's geometry, on its numbers; and what it says to those who do not see it."""

import re
from itertools import pairwise
from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roundtables.figures import MOST_DRAWN, MOST_RINGS, Seat, State, describe, seat_table, spread

HOST = Seat(first_name="Sofia", initial="C", function="Community", industry="Culture", slot=3, role="host")
GUEST = Seat(first_name="Kwame", initial="R", function="Research", industry="Education", slot=6, role="guest")
MEMBER = Seat(first_name="Marta", initial="R", function="Research", industry="Health", slot=1, role="member")
OPEN = Seat(state=State.OPEN)
PRIVATE = Seat(state=State.PRIVATE)


def table(count, **kwargs):
    seats = [HOST, GUEST, *[MEMBER] * (count - 2)]
    return seat_table(seats, **{"size": "large", "heads": 2, "rings": 0, **kwargs})


def test_host_and_guest_sit_either_side_of_the_top():
    figure = table(14)
    assert (figure.seats[0].x, figure.seats[0].y) == (-38.3, -167.7)
    assert (figure.seats[1].x, figure.seats[1].y) == (38.3, -167.7)
    assert figure.seats[0].radius == 30.4
    assert figure.seats[2].radius == 26.7
    assert figure.table_radius == 131.3
    assert figure.seats[2].backs == ("M96.4 -165.3A32.7 32.7 0 0 1 139.7 -130.7",)
    assert len(figure.seats[0].backs) == 2


def test_one_host_alone_sits_at_the_very_top():
    figure = seat_table([HOST, MEMBER, MEMBER, MEMBER], size="medium", heads=1, rings=0)
    assert (figure.seats[0].x, figure.seats[0].y) == (0, -104)


@pytest.mark.parametrize(("size", "radius", "top"), [("small", 5.7, 28.1), ("medium", 16.1, 79.9)])
def test_smaller_sizes_keep_the_proportions(size, radius, top):
    figure = table(9, size=size)
    assert figure.seats[2].radius == radius
    assert figure.table_radius == top


def test_names_stand_outside_and_face_away_from_the_table():
    seats = table(14).seats
    assert (seats[2].label.x, seats[2].label.y, seats[2].label.anchor) == (136.3, -166.0, "start")
    assert (seats[0].label.role, seats[0].label.anchor) == ("Host", "end")
    assert seats[11].label.anchor == "end"


def test_small_tables_carry_neither_letters_nor_names_nor_rings():
    figure = table(14, size="small", rings=9)
    assert not any(seat.letter or seat.label or seat.plus for seat in figure.seats)
    assert figure.rings == ()


def test_open_private_and_away_seats_are_told_apart_without_colour():
    away = Seat(state=State.AWAY, first_name="Ines", initial="C", slot=5)
    drawn = seat_table([HOST, OPEN, PRIVATE, away, MEMBER], size="large", heads=1, rings=0).seats
    assert drawn[1].plus
    assert drawn[1].css == "seat seat--open"
    assert drawn[2].css == "seat seat--private"
    assert drawn[2].letter == ""
    assert drawn[2].label is None
    assert drawn[3].css == "seat seat--away industry--5"


def test_the_viewers_own_seat_has_a_ring():
    seats = table(9, viewer=3).seats
    assert [bool(seat.mine_radius) for seat in seats].index(True) == 3
    assert seats[3].mine_radius > seats[3].radius


def test_rings_count_the_earlier_sessions_up_to_a_limit():
    assert len(table(9, rings=14).rings) == 14
    assert len(table(9, rings=400).rings) == MOST_RINGS
    assert [(r.x, r.y, r.radius) for r in table(14, rings=14).rings[:2]] == [(0, 1.4, 122.3), (1.35, -0.18, 114.6)]


def test_threads_bow_around_the_number_in_the_middle():
    first, second = table(14, threads=[(2, 11), (5, 10)]).threads
    assert first.path == "M76.9 -96.4Q-42.9 -89.1 -123.3 0.0"
    assert second.path == "M111.1 53.5Q0.0 98.8 -111.1 53.5"


def test_a_thread_between_people_who_face_each_other_still_bows():
    (thread,) = table(8, threads=[(2, 6)]).threads
    assert "nan" not in thread.path
    control_x, control_y = map(float, re.search(r"Q(\S+) (\S+)", thread.path).groups())
    assert hypot(control_x, control_y) > 100


def test_a_very_large_table_is_a_number_not_a_ring_of_specks():
    assert seat_table([MEMBER] * (MOST_DRAWN + 1), size="medium", heads=0, rings=0).seats == ()


def test_no_seats_draw_an_empty_table():
    figure = seat_table([], size="small", heads=0, rings=0)
    assert figure.seats == ()
    assert figure.table_radius > 0


@given(count=st.integers(2, MOST_DRAWN), size=st.sampled_from(["small", "medium", "large"]))
def test_seats_never_touch_their_neighbours(count, size):
    seats = table(count, size=size).seats
    for one, other in zip(seats, seats[1:] + seats[:1], strict=True):
        if len(seats) > 1 and one is not other:
            distance = hypot(one.x - other.x, one.y - other.y)
            assert distance > one.radius + other.radius - 0.2


@given(
    members=st.integers(0, 20), free=st.integers(0, 20), heads=st.integers(0, 2),
)  # fmt: skip
def test_spreading_keeps_every_seat_and_the_head_together(members, free, heads):
    taken = [HOST, GUEST][:heads] + [MEMBER] * members
    seats = spread(taken, free, heads=heads)
    assert len(seats) == len(taken) + free
    assert sum(seat.state == State.OPEN for seat in seats) == free
    assert seats[:heads] == taken[:heads]


def test_open_seats_are_strewn_between_the_taken_ones():
    seats = spread([HOST, GUEST, *[MEMBER] * 9], 3, heads=2)
    free = [i for i, seat in enumerate(seats) if seat.state == State.OPEN]
    assert len(free) == 3
    assert min(b - a for a, b in pairwise(free)) > 2


def test_the_words_name_those_who_are_shown_and_count_the_others():
    text = describe([HOST, MEMBER, PRIVATE, OPEN, OPEN])
    assert text == (
        "5 seats from the host clockwise. Sofia (host, Community, Culture); Marta (Research, Health). "
        "1 more seat is taken by people who are not named here. 2 seats left."
    )
    assert describe([]) == "Nobody has a seat yet."
    assert "Health" not in describe([PRIVATE, OPEN])
    away = Seat(state=State.AWAY, first_name="Ines", function="Community")
    assert describe([HOST, away], over=True) == (
        "2 seats from the host clockwise. Sofia (host, Community, Culture). 1 stayed away."
    )
