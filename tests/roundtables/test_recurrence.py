"""Rules about days, and the wall clock they are kept on: wherever and whenever clocks are put forward or back."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roundtables import recurrence
from roundtables.recurrence import DAYS, MONTH_DAY, MONTH_WEEKDAY, POSITIONS, WEEK, Rhythm, RuleError

# Zone, the night in which an hour is left out (and the first wall time that is), the night in which one comes twice.
EDGES = [
    ("Europe/London", (date(2027, 3, 28), time(1, 30)), (date(2027, 10, 31), time(1, 30))),
    ("Europe/Berlin", (date(2027, 3, 28), time(2, 30)), (date(2027, 10, 31), time(2, 30))),
    ("America/New_York", (date(2027, 3, 14), time(2, 30)), (date(2027, 11, 7), time(1, 30))),
    ("Australia/Sydney", (date(2027, 10, 3), time(2, 30)), (date(2027, 4, 4), time(2, 30))),
    ("America/Santiago", (date(2027, 9, 5), time(0, 30)), (date(2027, 4, 3), time(23, 30))),
    ("Australia/Lord_Howe", (date(2027, 10, 3), time(2, 15)), (date(2027, 4, 4), time(1, 45))),  # half an hour
]
WITHOUT = ["Asia/Kolkata", "Africa/Lagos", "UTC"]


def wall(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


@pytest.mark.parametrize(("zone", "gap", "overlap"), EDGES)
def test_wall_time_stays_on_both_sides_of_both_edges(zone, gap, overlap):
    """Weekly across each edge, at a time that exists on all days: always that time, and a week is not 168 hours."""
    for day, _ in (gap, overlap):
        rule = recurrence.parse(f"FREQ=WEEKLY;BYDAY={DAYS[day.weekday()]}")
        days = rule.days(day - timedelta(weeks=3), day - timedelta(weeks=3), day + timedelta(weeks=3))
        assert len(days) == 7 and day in days
        moments = [recurrence.moment(one, time(16, 0), ZoneInfo(zone)) for one in days]
        assert [wall(moment, zone) for moment in moments] == [datetime.combine(one, time(16, 0)) for one in days]
        apart = {later - earlier for earlier, later in pairwise(moments)}
        assert len(apart) == 2, "one of the weeks is longer or shorter than the others"


@pytest.mark.parametrize(("zone", "gap", "overlap"), EDGES)
def test_a_time_that_is_left_out_or_comes_twice(zone, gap, overlap):
    """RFC 5545, 3.3.5: left out is counted from the clock before, twice is the first of the two."""
    before = ZoneInfo(zone)
    left_out = recurrence.moment(*gap, before)
    assert wall(left_out, zone) > datetime.combine(*gap), "that night the clock shows a later time"
    was = datetime.combine(*gap, before) - timedelta(days=1)
    assert left_out == (datetime.combine(*gap) - was.utcoffset()).replace(tzinfo=UTC)
    twice = recurrence.moment(*overlap, before)
    assert wall(twice, zone) == datetime.combine(*overlap)
    first, second = (datetime.combine(*overlap, before).replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    assert twice == first < second


@pytest.mark.parametrize("zone", WITHOUT)
def test_where_clocks_are_never_changed_a_week_is_a_week(zone):
    days = recurrence.parse("FREQ=WEEKLY;BYDAY=TH").days(date(2027, 1, 1), date(2027, 1, 1), date(2027, 12, 31))
    moments = [recurrence.moment(day, time(2, 30), ZoneInfo(zone)) for day in days]
    assert len(days) == 52
    assert {b - a for a, b in pairwise(moments)} == {timedelta(weeks=1)}


@settings(max_examples=200, deadline=None)
@given(
    day=st.dates(date(2020, 1, 1), date(2035, 12, 31)),
    at=st.times().map(lambda one: one.replace(second=0, microsecond=0)),
    zone=st.sampled_from([zone for zone, _, _ in EDGES] + WITHOUT),
)
def test_any_wall_time_that_exists_is_the_one_people_see(day, at, zone):
    moment = recurrence.moment(day, at, ZoneInfo(zone))
    seen = wall(moment, zone)
    exists = datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC).astimezone(ZoneInfo(zone)).replace(
        tzinfo=None
    ) == datetime.combine(day, at)
    assert seen == datetime.combine(day, at) if exists else seen > datetime.combine(day, at)


rhythms = st.one_of(
    st.builds(
        Rhythm,
        every=st.just(WEEK),
        interval=st.integers(1, 6),
        weekdays=st.sets(st.sampled_from(DAYS), min_size=1).map(lambda days: tuple(sorted(days, key=DAYS.index))),
        until=st.none() | st.dates(date(2027, 2, 1), date(2028, 1, 1)),
    ),
    st.builds(
        Rhythm,
        every=st.just(MONTH_WEEKDAY),
        interval=st.integers(1, 6),
        weekdays=st.sampled_from(DAYS).map(lambda day: (day,)),
        position=st.sampled_from(sorted(POSITIONS)),
        until=st.none() | st.dates(date(2027, 2, 1), date(2028, 1, 1)),
    ),
    st.builds(
        Rhythm,
        every=st.just(MONTH_DAY),
        interval=st.integers(1, 6),
        month_day=st.sampled_from([-1, *range(1, 29)]),
    ),
)


def is_named(rhythm: Rhythm, first: date, day: date) -> bool:
    """Whether `rhythm` names `day`, said without any library: the oracle."""
    if day < first or (rhythm.until and day > rhythm.until):
        return False
    if rhythm.every == WEEK:
        monday, begin = (one - timedelta(days=one.weekday()) for one in (day, first))
        return DAYS[day.weekday()] in rhythm.weekdays and (monday - begin).days // 7 % rhythm.interval == 0
    months = (day.year - first.year) * 12 + day.month - first.month
    length = monthrange(day.year, day.month)[1]
    if months % rhythm.interval:
        return False
    if rhythm.every == MONTH_DAY:
        return day.day == (rhythm.month_day if rhythm.month_day > 0 else length + 1 + rhythm.month_day)
    if DAYS[day.weekday()] not in rhythm.weekdays:
        return False
    return (day.day - 1) // 7 + 1 == rhythm.position if rhythm.position > 0 else day.day > length - 7


@settings(max_examples=150, deadline=None)
@given(rhythm=rhythms, first=st.dates(date(2026, 1, 1), date(2027, 6, 1)), begin=st.integers(0, 400))
def test_what_is_chosen_in_words_names_the_days_it_says(rhythm, first, begin):
    rule = recurrence.parse(str(rhythm.rule()))
    start = first + timedelta(days=begin)
    days = rule.days(first, start, start + timedelta(days=200))
    wanted = [day for n in range(201) if is_named(rhythm, first, day := start + timedelta(days=n))]
    assert days == wanted
    assert recurrence.rhythm_of(rule) == rhythm, "the form reads back what it wrote"
    assert recurrence.parse(str(rule)) == rule


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=WEEKLY;BYDAY=TH", "Every Thursday"),
        ("RRULE:freq=weekly; interval=2; byday=th,tu; until=20270603", "On Tuesday and Thursday of every second week"),
        ("FREQ=MONTHLY;BYDAY=1TH;INTERVAL=1", "On the first Thursday of every month"),
        ("FREQ=MONTHLY;BYDAY=-1FR;INTERVAL=3", "On the last Friday of every third month"),
        ("FREQ=MONTHLY;BYMONTHDAY=15", "On the 15th of every month"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "On the last day of every month"),
        ("FREQ=MONTHLY;BYDAY=TU,TH;BYSETPOS=1", "By the rule FREQ=MONTHLY;BYDAY=TU,TH;BYSETPOS=1"),
        ("FREQ=YEARLY;BYMONTH=3,9;BYDAY=2WE", "By the rule FREQ=YEARLY;BYMONTH=3,9;BYDAY=2WE"),
        ("FREQ=WEEKLY;BYDAY=TH;COUNT=10", "By the rule FREQ=WEEKLY;BYDAY=TH;COUNT=10"),
    ],
)
def test_rules_in_words(rule, words):
    assert recurrence.in_words(recurrence.parse(rule)).startswith(words)


def test_a_number_of_times_counts_from_the_first_day_not_from_today():
    rule = recurrence.parse("FREQ=WEEKLY;BYDAY=TH;COUNT=3")
    first = date(2027, 1, 7)
    assert rule.days(first, first, date(2028, 1, 1)) == [first, date(2027, 1, 14), date(2027, 1, 21)]
    assert rule.days(first, date(2027, 1, 15), date(2028, 1, 1)) == [date(2027, 1, 21)]


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ("", "begins with how often"),
        ("FREQ=HOURLY", "begins with how often"),
        ("BYDAY=TH", "begins with how often"),
        ("every Thursday", "no part of a rule"),
        ("FREQ=WEEKLY;FREQ=DAILY", "stands there twice"),
        ("FREQ=WEEKLY;BYHOUR=16", "The time of day is a field of its own"),
        ("FREQ=WEEKLY;X-MOON=FULL", "cannot stand in the rule"),
        ("FREQ=WEEKLY;BYDAY=1TH", "write TH"),
        ("FREQ=WEEKLY;BYDAY=THU", "no weekday"),
        ("FREQ=WEEKLY;BYMONTHDAY=3", "does not go with FREQ=WEEKLY"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "numbers from 1 to 31"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "numbers from 1 to 31"),
        ("FREQ=YEARLY;BYMONTH=-1", "numbers from 1 to 12"),
        ("FREQ=MONTHLY;BYSETPOS=1", "chooses among days"),
        ("FREQ=WEEKLY;INTERVAL=0", "from 1 to 99"),
        ("FREQ=WEEKLY;INTERVAL=²", "from 1 to 99"),
        ("FREQ=WEEKLY;COUNT=3;UNTIL=20270101", "Leave out one of the two"),
        ("FREQ=WEEKLY;COUNT=0", "from 1 to 1000"),
        ("FREQ=WEEKLY;UNTIL=20270101T160000Z", "its time is that of the series"),
        ("FREQ=WEEKLY;UNTIL=20270230", "no day"),
        ("FREQ=WEEKLY;WKST=1", "day on which a week begins"),
    ],
)
def test_a_rule_that_cannot_be_kept_is_refused_in_a_sentence(rule, sentence):
    with pytest.raises(RuleError, match=sentence):
        recurrence.parse(rule)


@pytest.mark.parametrize(
    "rule", ["FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=WEEKLY;UNTIL=20261231", "FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6"]
)
def test_a_rule_that_never_comes_true_is_refused(rule):
    with pytest.raises(RuleError, match="No day fits"):
        recurrence.check_happens(recurrence.parse(rule), date(2027, 1, 1))
    recurrence.check_happens(recurrence.parse("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"), date(2027, 1, 1))


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("FREQWLYMONTHDAIBUC=;,0123456789-+ \n"), max_size=60))
def test_no_text_breaks_the_parser(text):
    try:
        rule = recurrence.parse(text)
    except RuleError:
        return
    assert recurrence.parse(str(rule)) == rule
