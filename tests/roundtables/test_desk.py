"""The desk of those who run sessions, and the files that staff take away."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from hub.members.domain.roles import sync_roles
from hub.members.enums import ShownTo
from hub.pages.enums import Audience, PageSeatRole
from hub.pages.models import PageSeat
from hub.practices.enums import Outcome
from hub.practices.models import UseRecord
from roundtables import registry
from roundtables.desk import LEFT_OUT
from roundtables.domain import questions
from roundtables.enums import AttributionMode, SeatRole, SeatState, TakeawayState
from roundtables.models import PracticeOrigin, SharedNotes, Takeaway
from tests.factories import (
    FunctionFactory,
    IndustryFactory,
    MemberProfileFactory,
    PracticePageFactory,
    SessionPageFactory,
    SessionSeatFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def roles(db):
    sync_roles()


def held(came=0, stayed_away=0, not_noted=0, **fields):
    """A session of this year that is over, with people of one function and one industry."""
    start = timezone.now() - timedelta(minutes=2)
    session = SessionPageFactory(starts_at=start, ends_at=start + timedelta(minutes=1), **fields)
    for attended, number in ((True, came), (False, stayed_away), (None, not_noted)):
        for _ in range(number):
            SessionSeatFactory(session=session, attended=attended)
    return session


def browse(client, user, **asked):
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.get(reverse("session_desk"), asked)


def rows_of(response):
    assert response.status_code == 200
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


def cells(html, title):
    """What stands in the row of `title`, without its tags."""
    row = html[html.index(f">{title}</a>") :].partition("</tr>")[0]
    return [cell.partition("</td>")[0].partition(">")[2].strip() for cell in row.split("<td")[1:]]


def test_a_host_sees_the_numbers_of_their_own_tables_only(client, leader, member):
    mine = held(came=3, stayed_away=1, title="Mine")
    held(title="Of somebody else")
    ahead = SessionPageFactory(title="I write it", starts_at=timezone.now() + timedelta(minutes=1))
    SessionSeatFactory(session=mine, profile=leader.profile, role=SeatRole.HOST, attended=True)
    PageSeat.objects.create(page_id=ahead.pk, user=leader, role=PageSeatRole.CO_AUTHOR)
    questions.ask(ahead, member.profile, text="Who decides?")
    html = browse(client, leader).content.decode()
    assert cells(html, "Mine")[:4] == ["5 of 12", "4", "1", "0"]
    assert cells(html, "I write it")[:4] == ["0 of 12", "To come", "", "1"]
    assert "Of somebody else" not in html and "export=" not in html
    for sheet in ("sessions", "mix"):
        assert browse(client, leader, sheet=sheet, export="csv").status_code in (302, 403)
    assert browse(client, member).status_code in (302, 403)


def test_staff_see_all_and_of_a_closed_table_no_small_number(client, staff):
    held(came=6, stayed_away=2, title="Closed", attribution_mode=AttributionMode.CHATHAM_HOUSE)
    held(came=6, stayed_away=2, title="Open")
    html = browse(client, staff).content.decode()
    assert cells(html, "Open")[:5] == ["8 of 12", "6", "2", "0", "8 × 8"]
    assert cells(html, "Closed")[:5] == ["8 of 12", LEFT_OUT, LEFT_OUT, "0", ""], "one alone would be the difference"


def test_how_long_notes_took_and_what_others_measure(client, staff, monkeypatch):
    monkeypatch.setattr(registry, "_measures", [])
    session = held(title="With notes")
    registry.register_measure(registry.Measure("Takeaways", lambda ids: {session.pk: 3}))
    registry.register_measure(registry.Measure("Takeaways", lambda ids: {}))
    session.notes = [("text", "<p>Ask first.</p>")]
    session.save_revision().publish()
    at = SharedNotes.objects.get(session=session).published_at
    session.save_revision().publish()
    assert SharedNotes.objects.get(session=session).published_at == at, "the first time counts"
    SharedNotes.objects.update(published_at=session.ends_at + timedelta(hours=47))
    html = browse(client, staff).content.decode()
    assert cells(html, "With notes")[6:8] == ["47", "3"] and html.count("Takeaways</th>") == 1
    archived = held(title="Archived", source_path="events/1.md", notes=[("text", "<p>Old.</p>")])
    assert not SharedNotes.objects.filter(session=archived).exists()


def test_what_a_session_led_to(client, staff):
    session = held(title="Led somewhere")
    lines = [
        Takeaway.objects.create(
            session=session, statement=f"Ask first. {number}", state=state, confirmed=yes, present=4
        )
        for number, (state, yes) in enumerate(
            [(TakeawayState.PUBLISHED, 3), (TakeawayState.PUBLISHED, 2), (TakeawayState.DRAFT, None)]
        )
    ]
    shared = PracticePageFactory(audience=Audience.MEMBERS)
    for practice in (shared, PracticePageFactory(audience=Audience.LEADERS), PracticePageFactory(live=False)):
        PracticeOrigin.objects.create(takeaway=lines[0], practice=practice)
        for is_signed in (True, True, False):
            UseRecord.objects.create(
                practice=practice, profile=MemberProfileFactory(), outcome=Outcome.WORKED, is_signed=is_signed
            )
    gone = MemberProfileFactory(user__is_active=False)
    UseRecord.objects.create(practice=shared, profile=gone, outcome=Outcome.WORKED, is_signed=True)
    led_to = ["2", "1", "0", "1", "2"]
    assert cells(browse(client, staff).content.decode(), "Led somewhere")[7:12] == led_to
    rows = rows_of(browse(client, staff, sheet="sessions", export="csv"))
    assert rows[0][-5:] == ["Takeaways", "Confirmed", "Follow-ups", "Practices", "Use"] and rows[1][-5:] == led_to


def test_a_file_has_no_small_number_and_no_formula(client, staff):
    held(came=11, stayed_away=1, not_noted=7, title='=HYPERLINK("https://example.org","x")')
    held(came=9, title="+1")
    rows = rows_of(browse(client, staff, sheet="sessions", export="csv"))
    first = next(row for row in rows if "HYPERLINK" in row[0])
    assert first[0].startswith("'=") and first[5:9] == ["19", "11", LEFT_OUT, LEFT_OUT]
    assert next(row for row in rows if row[0] == "'+1")[5:9] == ["9", "9", "0", "0"]
    book = load_workbook(io.BytesIO(browse(client, staff, sheet="sessions", export="xlsx").content))
    assert {cell.data_type for row in book.active for cell in row} <= {"s", "n", "d"}
    found = [[cell.value for cell in row] for row in book.active]
    assert next(row for row in found if "HYPERLINK" in row[0])[5:9] == [19, 11, LEFT_OUT, LEFT_OUT]


def seat_people(session, function, industry, number, **fields):
    for _ in range(number):
        person = MemberProfileFactory(function=function, industry=industry, **fields)
        SessionSeatFactory(session=session, profile=person, attended=True)


def test_the_mix_counts_everybody_once_and_nobody_out(client, staff):
    care, law = FunctionFactory(name="Care"), FunctionFactory(name="=Law")
    food, energy = IndustryFactory(name="Food"), IndustryFactory(name="Energy")
    session, again = held(), held()
    for function, industry, number in ((care, food, 6), (care, energy, 2), (law, food, 5), (law, energy, 9)):
        seat_people(session, function, industry, number)
    for seat in session.seats.all():
        SessionSeatFactory(session=again, profile=seat.profile, attended=True)
    seat_people(session, care, food, 5, function_shown_to=ShownTo.ONLY_ME)
    closed = held(attribution_mode=AttributionMode.CHATHAM_HOUSE)
    seat_people(closed, law, energy, 30)
    seat_people(again, law, food, 0)
    SessionSeatFactory(session=session, profile=MemberProfileFactory(function=law, industry=food), attended=False)
    SessionSeatFactory(
        session=session, profile=MemberProfileFactory(function=law, industry=food), state=SeatState.WAITLISTED
    )
    rows = rows_of(browse(client, staff, sheet="mix", export="csv"))
    assert rows[:5] == [
        ["Function", "Energy", "Food", "All"],
        ["'=Law", LEFT_OUT, LEFT_OUT, "14"],
        ["Care", LEFT_OUT, LEFT_OUT, "8"],
        ["Not shown", "0", "5", "5"],
        ["All", "11", "16", "27"],
    ]


def test_nonsense_is_answered_with_this_year(client, staff):
    held(title="Now")
    for asked in ({"year": "x"}, {"year": "99999999999"}, {"year": "²"}, {"p": "x"}, {"sheet": "all", "export": "csv"}):
        assert "Now" in browse(client, staff, **asked).content.decode()
    assert "Now" not in browse(client, staff, year="1999").content.decode()


def test_the_desk_costs_the_same_for_two_sessions_and_for_twenty(client, staff, django_assert_max_num_queries):
    held(came=2)
    browse(client, staff)
    for _ in range(20):
        held(came=1)
    with django_assert_max_num_queries(25):
        client.get(reverse("session_desk"))
