import datetime as dt

import pytest

from hub.archive.domain import moments
from hub.archive.domain.problems import SourceError

NEW_YORK = "America/New_York"


@pytest.mark.parametrize(
    ("typed", "instant", "zone"),
    [
        ("2019-03-13 15:00:00 -0500", "2019-03-13T20:00+00:00", NEW_YORK),
        ("2019-12-13 9:00:00 -0500", "2019-12-13T14:00+00:00", NEW_YORK),
        ("2019-07-13 15:00:00 -0400", "2019-07-13T19:00+00:00", NEW_YORK),
        ("2019-12-13 15:00:00 -0400", "2019-12-13T19:00+00:00", NEW_YORK),
        ("2019-07-13T15:00:00Z", "2019-07-13T15:00+00:00", "UTC"),
        ("2019-07-13 15:00 +02:00", "2019-07-13T13:00+00:00", "Etc/GMT-2"),
        ("2019-07-13 15:00 +0530", "2019-07-13T09:30+00:00", "UTC"),
        ("2019-07-13 15:00 -0700", "2019-07-13T22:00+00:00", "America/Denver"),
        ("2019-07-13 15:00", "2019-07-13T19:00+00:00", NEW_YORK),
        ("2019-07-13 3:00 PM", "2019-07-13T19:00+00:00", NEW_YORK),
        ("2019-01-13", "2019-01-13T05:00+00:00", NEW_YORK),
        ("May 31, 2019", "2019-05-31T04:00+00:00", NEW_YORK),
        ("2019-03-10 02:30", "2019-03-10T07:30+00:00", NEW_YORK),  # the hour that does not exist
    ],
)
def test_the_instant_is_the_one_typed(typed, instant, zone):
    moment = moments.parse(typed, zone=NEW_YORK, offset_zones={"-0700": "America/Denver"})
    assert moment.at == dt.datetime.fromisoformat(instant)
    assert moment.zone == zone
    assert moment.at.utcoffset() == moment.at.astimezone(moment.at.tzinfo).utcoffset()


@pytest.mark.parametrize(
    "typed", ["2019-02-30", "2019-13-01 10:00", "soon", "2019-01-01 25:00", "31/12/2019", "٢٠١٩-٠١-٠١", ""]
)
def test_what_is_no_date_says_so(typed):
    with pytest.raises(SourceError, match="is not a date") as problem:
        moments.parse(typed, zone=NEW_YORK, key="end_date", line=7)
    assert problem.value.line == 7
    assert "end_date" in problem.value.reason


@pytest.mark.parametrize(
    ("typed", "instant", "zone"),
    [
        ("2019-06-26 15:00:00 -0500", "2019-06-26T19:00+00:00", NEW_YORK),  # its agenda begins with “3:00pm”
        ("2018-01-10 10:00:00 -0400", "2018-01-10T15:00+00:00", NEW_YORK),  # “from 10:00 - 10:30 am, ET”
        ("2019-12-13 9:00:00 -0500", "2019-12-13T14:00+00:00", NEW_YORK),
        ("2019-07-13 15:00 -0700", "2019-07-13T22:00+00:00", "America/Denver"),  # not an offset of New York
        ("2019-07-13T15:00:00Z", "2019-07-13T15:00+00:00", "UTC"),
    ],
)
def test_by_the_clock_an_offset_out_of_season_is_a_habit(typed, instant, zone):
    denver = {"-0700": "America/Denver"}
    moment = moments.parse(typed, zone=NEW_YORK, offset_zones=denver, by_the_clock=True)
    assert (moment.at, moment.zone) == (dt.datetime.fromisoformat(instant), zone)
    later = moments.parse("2019-12-31 23:59", zone=NEW_YORK, offset_zones=denver, by_the_clock=True, like=moment)
    assert later.at.strftime("%H:%M") == "23:59" and later.zone == zone


def test_an_end_without_offset_follows_its_start():
    start = moments.parse("2019-07-13 15:00:00 -0500", zone=NEW_YORK)
    end = moments.parse("2019-07-13 16:00:00", zone=NEW_YORK, like=start)
    assert end.at - start.at == dt.timedelta(hours=1)


def test_the_day_its_author_typed():
    moment = moments.parse("2019-07-13 23:30:00 -0500", zone=NEW_YORK)
    assert (moment.date.day, moment.typed_date.day) == (14, 13)
