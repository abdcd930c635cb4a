"""The calendar of sessions: the right days on the reader's clock, only what they may see, and no dead ends."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from hub.pages.enums import Audience
from roundtables import months
from roundtables.enums import SeatState
from roundtables.models import SessionPage
from tests.factories import SeriesPageFactory, SessionPageFactory, SessionSeatFactory, TopicFactory

pytestmark = pytest.mark.django_db
PAGE = "/roundtables/calendar/"
NOW = datetime(2026, 12, 2, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def early_in_december():
    with time_machine.travel(NOW, tick=False):
        yield


def at(day, hour=15, minute=0, *, month=12, hours=1.0, zone="Europe/London", **fields):
    """A session in 2026, by the clock of `zone`."""
    start = datetime(2026, month, day, hour, minute, tzinfo=ZoneInfo(zone))
    return SessionPageFactory(starts_at=start, ends_at=start + timedelta(hours=hours), time_zone=zone, **fields)


def as_(user):
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def listed(client, query=""):
    """Day → (time, title) of each of its lines, as the page shows them."""
    answer = client.get(PAGE + query)
    assert answer.status_code == 200
    return {day.day.day: [(line.time_text, line.card.title) for line in day.lines] for day in answer.context["days"]}


def ringed(client, query=""):
    """Number of the day → the words a screen reader says before it."""
    html = client.get(PAGE + query).content.decode()
    grid = html[html.index('<table class="month"') : html.index("</table>")]
    return {
        int(day): words.strip()
        for words, day in re.findall(r'<a href="[^"]*"><span class="visually-hidden">([^<]*)</span>(\d+)</a>', grid)
    }


def in_zone(user, zone):
    user.profile.time_zone = zone
    user.profile.save()


def test_days_and_times_are_the_readers(member):
    at(3, 23, 30, title="Late", zone="America/New_York")
    assert listed(Client()) == {4: [("04:30 to 05:30", "Late")]}  # London, the hub's own zone
    for zone, day, words in (
        ("America/New_York", 3, "23:30 to 00:30 the next day"),
        ("Asia/Kolkata", 4, "10:00 to 11:00"),
        ("Pacific/Auckland", 4, "17:30 to 18:30"),
        ("America/Los_Angeles", 3, "20:30 to 21:30"),
    ):
        in_zone(member, zone)
        shown = listed(as_(member))
        assert shown[day][0] == (words, "Late"), zone
    in_zone(member, "Europe/Lisbon")
    assert "All times are yours: <strong>Lisbon</strong>" in as_(member).get(PAGE).content.decode()


def test_a_session_across_midnight_stands_on_both_days_and_one_until_midnight_on_one():
    at(9, 23, hours=2.5, title="Across")
    at(11, 22, hours=2, title="Until midnight")
    at(14, 9, hours=51, title="Three days")
    assert listed(Client()) == {
        9: [("23:00 to 01:30 the next day", "Across")],
        10: [("Since Wed 9 December, 23:00, until 01:30", "Across")],
        11: [("22:00 to midnight", "Until midnight")],
        14: [("09:00 to Wed 16 December, 12:00", "Three days")],
        15: [("Since Mon 14 December, 09:00, all day", "Three days")],
        16: [("Since Mon 14 December, 09:00, until 12:00", "Three days")],
    }
    assert sorted(ringed(Client())) == [9, 10, 11, 14, 15, 16]


def test_a_session_across_the_end_of_a_month_is_in_both(member):
    at(31, 23, hours=2, title="New year")
    assert listed(Client()) == {31: [("23:00 to 01:00 the next day", "New year")]}
    assert listed(Client(), "?month=2027-01") == {1: [("Since Thu 31 December, 23:00, until 01:00", "New year")]}
    in_zone(member, "Asia/Kolkata")
    assert listed(as_(member)) == {}
    assert listed(as_(member), "?month=2027-01") == {1: [("04:30 to 06:30", "New year")]}


@given(
    zone=st.sampled_from(
        ["Europe/Lisbon", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu"]
    ),
    starts=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),
    minutes=st.integers(0, 4 * 24 * 60),
)
def test_every_day_of_a_session_is_in_exactly_one_month(zone, starts, minutes):
    place = ZoneInfo(zone)
    ends = (starts + timedelta(minutes=minutes)).astimezone(place)
    sitting = months.Sitting(1, starts.astimezone(place), ends, None, False, False, False)
    month, days = months.Month.asked(f"{sitting.starts:%Y-%m}", place), []
    assert month.begins <= sitting.starts < month.ends
    while month.first <= sitting.last_day:
        days += [day for day, _ in months._lines([sitting], month)]
        month = month.after()
    assert days[0] == sitting.starts.date() and days[-1] == sitting.last_day
    assert days == [days[0] + timedelta(days=number) for number in range(len(days))]
    assert sitting.ends <= datetime.combine(days[-1] + timedelta(days=1), datetime.min.time(), place)


def test_a_month_can_be_left_both_ways_and_keeps_what_was_chosen():
    trust = [TopicFactory(slug="trust", name="Trust")]
    at(3, title="Now", many={"topics": trust})
    at(3, month=11, title="Before", many={"topics": trust})
    html = Client().get(PAGE + "?topic=trust").content.decode()
    assert 'rel="prev" href="?topic=trust&amp;month=2026-11"' in html
    assert 'rel="next" href="?topic=trust&amp;month=2027-01"' in html
    assert (
        '<input type="hidden" name="month" value="2026-11">' in Client().get(PAGE + "?month=2026-11").content.decode()
    )


@pytest.mark.parametrize(
    "text", ["", "2026-13", "soon", "0000-01", "9999-12", "1999-12", "2101-01", "2026-12-03", "-1"]
)
def test_a_month_that_is_none_is_this_one(text):
    answer = Client().get(PAGE, {"month": text})
    assert (answer.status_code, answer.context["month"].first) == (200, date(2026, 12, 1))


@pytest.mark.parametrize(("text", "steps"), [("2000-01", ["next"]), ("2100-12", ["prev"])])
def test_the_calendar_ends_somewhere(text, steps):
    assert re.findall(r'rel="(prev|next)"', Client().get(PAGE, {"month": text}).content.decode()) == steps


def test_an_empty_month_leads_to_the_nearest_that_is_not():
    at(3, month=3, title="Spring")
    at(3, month=12, title="Hidden", audience=Audience.STAFF)
    html = Client().get(PAGE + "?month=2026-07").content.decode()
    assert "No session in this month" in html and "Back to March 2026" in html and "On to" not in html


def test_a_month_shows_only_what_its_reader_may_see(member, leader):
    at(3, title="For all")
    at(4, title="For members", audience=Audience.MEMBERS)
    at(5, title="For leaders", audience=Audience.LEADERS)
    at(6, title="Draft", live=False)
    at(7, title="No date yet", live=True)
    SessionPage.objects.filter(title="No date yet").update(starts_at=None, ends_at=None)
    assert sorted(listed(Client())) == [3] == sorted(ringed(Client()))
    assert sorted(listed(as_(member))) == [3, 4] == sorted(ringed(as_(member)))
    assert sorted(listed(as_(leader))) == [3, 4, 5] == sorted(ringed(as_(leader)))
    assert "3 sessions in December 2026" in as_(leader).get(PAGE).content.decode()
    assert "1 session in December 2026" in Client().get(PAGE).content.decode()


def test_own_seats_are_filled_and_those_of_others_are_not(member):
    mine, waiting, others = at(3, title="Mine"), at(4, title="Waiting"), at(5, title="Others")
    SessionSeatFactory(session=mine, profile=member.profile)
    SessionSeatFactory(session=waiting, profile=member.profile, state=SeatState.WAITLISTED)
    SessionSeatFactory(session=others)
    SessionSeatFactory(session=others, profile__user=None)  # somebody who has no account
    at(5, title="Beside")
    assert ringed(as_(member)) == {3: "You have a seat on", 4: "Session on", 5: "2 sessions on"}
    assert ringed(Client()) == {3: "Session on", 4: "Session on", 5: "2 sessions on"}
    assert sorted(listed(as_(member), "?only=mine")) == [3, 4]
    assert listed(Client(), "?only=mine") == {}
    html = as_(member).get(PAGE + "?only=mine").content.decode()
    assert '?only=mine" aria-current="page">Mine' in html


def test_only_tables_with_seats_left():
    full, over = at(3, title="Full", capacity=1), at(1, title="Over", capacity=9)
    SessionSeatFactory(session=full)
    SessionSeatFactory(session=at(4, title="One left", capacity=2))
    SessionSeatFactory(session=at(7, title="Held for somebody", capacity=1), state=SeatState.OFFERED)
    at(5, title="Off", cancelled=True)
    assert over.ends_at < NOW
    assert sorted(listed(Client(), "?only=left")) == [4]
    assert "1 session in December 2026 fits, 1 seat left" in Client().get(PAGE + "?only=left").content.decode()


def test_a_cancelled_session_is_shown_as_such(member):
    session = at(3, title="Fair rules", cancelled=True)
    SessionSeatFactory(session=session, profile=member.profile)
    html = as_(member).get(PAGE).content.decode()
    assert "<strong>Cancelled</strong>" in html and "seats left" not in html
    assert ringed(as_(member)) == {3: "Cancelled session on"}
    assert "You have a seat" not in html[html.index("<main") : html.index("</main>")]


def test_a_month_is_narrowed_down_like_other_lists(member):
    trust, words = TopicFactory(name="Trust", slug="trust"), TopicFactory(name="Words", slug="words")
    both = at(3, title="Both", many={"topics": [trust, words]})
    at(4, title="Words", many={"topics": [words]})
    at(5, title="Neither")
    at(6, month=11, title="Trust, before", many={"topics": [trust]})
    assert sorted(listed(Client(), "?topic=trust")) == [3]
    assert sorted(listed(Client(), "?topic=trust&topic=words")) == [3, 4]
    SessionSeatFactory(session=both, profile=member.profile)
    answer = as_(member).get(PAGE + "?topic=words&only=mine")
    counts = {facet.name: {o.value: o.count for o in facet.options} for facet in answer.context["facets"]}
    assert counts["only"] == {"left": 1, "mine": 1} and counts["topic"] == {"trust": 1, "words": 1}
    hrefs = [chosen.url for chosen in answer.context["chosen"]]
    assert hrefs == ["?topic=words", "?only=mine"]


def test_a_session_of_a_series_says_so_and_of_one_that_is_hidden_does_not():
    at(3, title="One", parent=SeriesPageFactory(title="Reporting up"))
    assert "Reporting up" in Client().get(PAGE).content.decode()


def test_a_long_month_has_pages_and_the_grid_leads_to_them(monkeypatch):
    monkeypatch.setattr(months, "ON_A_PAGE", 3)
    for day in (3, 4, 5, 6, 6):
        at(day)
    html = Client().get(PAGE).content.decode()
    assert 'href="#day-5"' in html and 'href="?page=2#day-6"' in html
    assert sorted(listed(Client(), "?page=2")) == [6]
    second = Client().get(PAGE + "?page=2").content.decode()
    assert 'href="?page=1#day-3"' in second and 'href="#day-6"' in second


# --- held, by topic ---------------------------------------------------------------------------------


def test_what_was_held_stands_under_each_of_its_topics_the_latest_first():
    trust, words = TopicFactory(name="Trust", slug="trust"), TopicFactory(name="Words", slug="words")
    for month in range(1, 6):
        at(3, month=month, title=f"Trust {month}", many={"topics": [trust] + [words] * (month == 2)})
    at(3, month=6, title="Cancelled", cancelled=True, many={"topics": [trust]})
    at(3, month=7, title="Hidden", audience=Audience.MEMBERS, many={"topics": [trust, TopicFactory(name="Secret")]})
    at(20, title="To come", many={"topics": [trust]})
    answer = Client().get("/roundtables/by-topic/")
    found = {t.name: (t.number, [link.title for link, _ in t.latest]) for t in answer.context["topics"]}
    assert found == {"Trust": (5, ["Trust 5", "Trust 4", "Trust 3"]), "Words": (1, ["Trust 2"])}
    html = answer.content.decode()
    assert 'href="/roundtables/?topic=trust#held">All 5' in html and "All 1" not in html
    assert Client().get("/roundtables/?topic=trust").context["page_obj"].paginator.count == 6  # the cancelled one too


def test_nothing_held_leads_on():
    assert "No session that was held has a topic yet" in Client().get("/roundtables/by-topic/").content.decode()
