"""What a whole request may cost in queries: literals, so that a query more is a decision and not an accident.

A request of a visitor counts everything from the site to the last picture; a member's has up to three more, for
their session, account and groups. Every page is asked for twice and counted the second time: the first one fills
the caches that a running hub has full.
"""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.images.tests.utils import get_test_image_file

from hub.editorial.models import Byline, RelatedPage
from hub.media.models import HubImage
from hub.members.enums import ShownTo
from roundtables.domain import feeds
from roundtables.enums import Attribution, AttributionMode, SeatRole, TakeawayState
from roundtables.models import PracticeOrigin, SessionPage, Takeaway
from search.domain import queue
from tests.factories import (
    FunctionFactory,
    IndustryFactory,
    MemberProfileFactory,
    PracticePageFactory,
    ReportPageFactory,
    SeriesPageFactory,
    SessionPageFactory,
    SessionSeatFactory,
    StandardPageFactory,
    TopicFactory,
)

pytestmark = pytest.mark.django_db

DETAIL, LIST, SEARCH = 10, 12, 10
MEMBER = 3  # the session, the account, its groups
AGO = timedelta(days=9)


@pytest.fixture
def as_member(client, member):
    """A browser in which a member is logged in."""
    client.force_login(member)
    return client


def picture():
    return HubImage.objects.create(title="A table", file=get_test_image_file(size=(1400, 800)))


def terms(number=3):
    makers = {"topics": TopicFactory, "functions": FunctionFactory, "industries": IndustryFactory}
    return {name: [make() for _ in range(number)] for name, make in makers.items()}


def verified():
    return {
        "verified_on": timezone.localdate(),
        "verified_by": MemberProfileFactory(name_shown_to=ShownTo.PUBLIC),
    }


def pictured():
    """Verified by somebody, with a picture above the text."""
    return {"image": picture(), **verified()}


def text():
    """A text as people write it, with headings and a quotation."""
    return [
        ("heading", {"text": "What we saw", "level": "h2"}),
        ("text", "<p>It was <b>quiet</b>.</p>"),
        ("quote", {"text": "We were thanked.", "attribution": ""}),
        ("table", {"data": [["A", "B"], ["1", "2"]], "first_row_is_table_header": True, "first_col_is_header": False}),
        ("notice", {"kind": "mind", "text": "<p>Small numbers.</p>"}),
        ("steps", [("step", {"title": "Ask them", "text": "<p>Everybody.</p>"}), ("step", {"title": "Wait"})]),
        ("takeaways", [("takeaway", "Ask first."), ("takeaway", "Then wait.")]),
        ("figure", {"title": "Who answered", "table": {"data": [["Who", "How many"], ["Old", "3"], ["New", "9"]]}}),
    ]


def surrounded(page):
    """`page` with four people named on it, one of them from outside, and a page of each kind beside it."""
    for number, role in enumerate(("author", "author", "editor")):
        person = MemberProfileFactory(name_shown_to=ShownTo.PUBLIC)
        Byline.objects.create(page=page, person=person, role=role, sort_order=number)
    Byline.objects.create(page=page, external_name="Ola Outside", sort_order=3)
    beside = (PracticePageFactory, ReportPageFactory, SessionPageFactory, SeriesPageFactory, StandardPageFactory)
    for number, make in enumerate(beside):
        RelatedPage.objects.create(page=page, target=make(verified_on=timezone.localdate()), sort_order=number)
    return page


def sitting(**fields):
    """A session of a series that met before, with a host and six people at the table."""
    series = SeriesPageFactory()
    past = timezone.now() - 9 * AGO
    SessionPageFactory(parent=series, starts_at=past, ends_at=past + timedelta(hours=1))
    session = SessionPageFactory(parent=series, body=text(), many=terms(), **pictured(), **fields)
    for number in range(7):
        role = SeatRole.MEMBER if number else SeatRole.HOST
        SessionSeatFactory(session=session, is_shown=number % 2 == 0, role=role, attended=True)
    return surrounded(session)


def held(**fields):
    return sitting(starts_at=timezone.now() - AGO, ends_at=timezone.now() - AGO + timedelta(hours=1), **fields)


def whole_series():
    series = surrounded(SeriesPageFactory(body=text(), many=terms(), **pictured()))
    for weeks in (-3, -2, 1, 2):
        start = timezone.now() + timedelta(weeks=weeks)
        session = SessionPageFactory(parent=series, starts_at=start, ends_at=start + timedelta(hours=1))
        SessionSeatFactory(session=session, is_shown=True)
    return series


def whole_page():
    page = surrounded(StandardPageFactory(body=text(), many=terms(), **pictured()))
    StandardPageFactory(parent=page)
    return page


DETAILS = {
    "practice": lambda: surrounded(PracticePageFactory(problem=text(), context=text(), many=terms(), **pictured())),
    "report": lambda: surrounded(ReportPageFactory(body=text(), method="We asked.", many=terms(), **pictured())),
    "session to come": sitting,
    "session held": lambda: held(notes=text()),
    "session under the Chatham House rule": lambda: held(attribution_mode=AttributionMode.CHATHAM_HOUSE, notes=text()),
    "series": whole_series,
    "plain page": whole_page,
}
# What each costs a visitor today; a member three more.
# At a table that is to come a member is told who invites them, and in a series whether they have a seat in all of it.
MORE = {"session to come": 1, "series": 1}
COST = {
    "practice": 6,
    "report": 5,
    "session to come": 7,
    "session held": 8,
    "session under the Chatham House rule": 8,
    "series": 8,
    "plain page": 6,
}


def queries(client, path):
    """How many queries the second request of `path` takes."""
    assert client.get(path).status_code == 200
    with CaptureQueriesContext(connection) as caught:
        assert client.get(path).status_code == 200
    return len(caught), "\n".join(query["sql"][:300] for query in caught)


@pytest.mark.parametrize("kind", DETAILS)
def test_a_detail_page_costs_what_it_is_said_to(kind, as_member):
    path = DETAILS[kind]().get_url()
    number, sql = queries(Client(), path)
    assert number == COST[kind] <= DETAIL, sql
    number, sql = queries(as_member, path)
    asked = kind.startswith("session")  # members read what the table is asked
    assert number == COST[kind] + MEMBER + asked + MORE.get(kind, 0), sql


def test_links_and_pictures_in_a_text_cost_one_query_each_kind(as_member):
    targets = [make() for make in (PracticePageFactory, ReportPageFactory, SessionPageFactory, StandardPageFactory)]
    linked = [("text", f'<p><a linktype="page" id="{page.pk}">{page.title}</a></p>') for page in targets]
    noticed = [("notice", {"kind": "note", "text": linked[0][1]})]
    pictures = [("image", {"image": picture(), "alt": "A table", "caption": "", "decorative": False})] * 2
    plain = ReportPageFactory(body=text(), image=picture())
    rich = ReportPageFactory(body=text() + linked + noticed + pictures, image=picture())
    before, _ = queries(Client(), plain.get_url())
    after, sql = queries(Client(), rich.get_url())
    assert after == before + 2, sql
    body = Client().get(rich.get_url()).content.decode()
    assert all(f'<a href="{page.url}">{page.title}</a>' in body for page in targets)
    assert body.count(f'<a href="{targets[0].url}">') == 2  # in the notice as well


# Of a member's list more: their profile; of sessions also what they share with each, and whom they have met.
MORE_OF_LIST = {"/": 1, "/practices/": 1, "/roundtables/": 3}
LISTS = {"/": 7, "/practices/": 5, "/research/": 5, "/roundtables/": 7}


def fill(number):
    for place in range(number):
        PracticePageFactory(many=terms(1), **verified())
        ReportPageFactory(many=terms(1), **verified())
        SessionSeatFactory(session=SessionPageFactory(many=terms(1)), is_shown=True)
        SeriesPageFactory()
        start = timezone.now() - timedelta(days=place + 2)
        SessionPageFactory(many=terms(1), starts_at=start, ends_at=start + timedelta(hours=1))


@pytest.mark.parametrize("number", [5, 50])
def test_a_list_costs_the_same_for_five_things_and_for_fifty(number, as_member, django_assert_num_queries):
    fill(number)
    for path, cost in LISTS.items():
        for visitor, more in ((Client(), 0), (as_member, MEMBER + MORE_OF_LIST.get(path, 0))):
            visitor.get(path)
            with django_assert_num_queries(cost + more):
                assert visitor.get(path).status_code == 200
            assert cost <= LIST
            assert more <= MEMBER + 3 and cost + more <= LIST + MEMBER


@pytest.mark.parametrize("number", [4, 20])
def test_the_calendar_and_its_files_cost_the_same_for_few_sessions_and_for_many(number, as_member, member):
    fill(number)
    session = SessionPage.objects.upcoming().first()
    SessionSeatFactory(session=session, profile=member.profile)
    month = f"/roundtables/calendar/?month={session.starts_at:%Y-%m}"
    # what the month has, its facets, the page of it, its seats, its series, the site; a member's profile
    for path, cost in ((month, 6), (f"{month}&only=left", 6), ("/roundtables/by-topic/", 2)):
        found, sql = queries(Client(), path)
        assert found == cost <= LIST, sql
        found, sql = queries(as_member, path)
        assert found == cost + MEMBER + ("calendar" in path), sql
    topic = session.topics.first().slug
    found, sql = queries(Client(), f"{month}&topic={topic}")
    assert found == 8 <= LIST, sql  # which topics are asked for, and which sessions fit
    found, sql = queries(Client(), f"/roundtables/{session.pk}.ics")
    assert found == 2, sql
    feed = f"/calendar/{feeds.make(member, name='Telephone', has_open_sessions=True)[1]}.ics"
    found, sql = queries(Client(), feed)
    assert found == 4, sql  # the address, its owner's groups, their seats, the sessions


@pytest.mark.parametrize("number", [2, 15])
def test_takeaways_cost_the_same_for_few_and_for_many(number, as_member):
    for _ in range(number):
        session = held(attribution_mode=AttributionMode.OPEN)
        speaker = session.seats.first().profile
        said = {"attribution": Attribution.NAMED, "speaker": speaker, "speaker_agreed": True}
        takeaway = Takeaway.objects.create(
            session=session, statement="Ask first.", state=TakeawayState.PUBLISHED, **said
        )
    PracticeOrigin.objects.create(takeaway=takeaway, practice=PracticePageFactory())
    # of a takeaway also what it corrects, its topics, what became of it; a member may make something of it
    for path, cost, more in (("/roundtables/takeaways/", 3, 0), (takeaway.get_absolute_url(), 6, 1)):
        found, sql = queries(Client(), path)
        assert found == cost <= LIST, sql
        found, sql = queries(as_member, path)
        assert found == cost + MEMBER + more, sql


def test_a_list_that_is_narrowed_down_costs_one_more():
    fill(3)
    practice = PracticePageFactory(many=terms(2))
    chosen = "&".join(f"topic={topic.slug}" for topic in practice.topics.all())
    path = f"/practices/?{chosen}&function={practice.functions.first().slug}"
    number, sql = queries(Client(), path)
    assert number == LISTS["/practices/"] + 1, sql


def test_the_last_page_and_a_page_beyond_it():
    fill(3)
    for number in range(22):
        PracticePageFactory(title=f"Older {number}")
    for asked, shown in (("2", 2), ("9", 2), ("-1", 1), ("x", 1), ("0", 1)):
        page = Client().get(f"/practices/?page={asked}").context["page_obj"]
        assert (page.number, page.paginator.count, page.paginator.num_pages) == (shown, 25, 2)
        assert len(page.object_list) == (20 if shown == 1 else 5)


@pytest.mark.parametrize("number", [5, 30])
def test_directory_and_search_cost_the_same_for_few_and_many(number, as_member):
    for _ in range(number):
        MemberProfileFactory(name_shown_to=ShownTo.PUBLIC).topics.add(TopicFactory())
        PracticePageFactory(title=f"Table {number}", many=terms(1))
    # while the index owes something, or is lost, the database answers
    assert queries(Client(), "/search/?q=table")[0] == 10 <= SEARCH
    assert not queue.drain().error
    for path, cost, budget in (("/people/", 6, LIST), ("/search/?q=table", 6, SEARCH), ("/search/", 1, SEARCH)):
        found, sql = queries(Client(), path)
        assert found == cost <= budget, sql
        found, sql = queries(as_member, path)
        place = 1 if path.startswith("/search/") and "q=" in path else 0  # where the member stands, for "like us"
        assert found == cost + MEMBER + place, sql


def test_the_page_of_a_person(as_member):
    person = MemberProfileFactory(name_shown_to=ShownTo.PUBLIC, picture=picture())
    person.topics.add(TopicFactory(), TopicFactory())
    for make in (PracticePageFactory, ReportPageFactory, StandardPageFactory, SeriesPageFactory):
        Byline.objects.create(page=make(), person=person)
    number, sql = queries(Client(), person.get_absolute_url())
    assert number == 4 <= DETAIL, sql
    number, sql = queries(as_member, person.get_absolute_url())
    assert number == 4 + MEMBER, sql


def test_my_hub(as_member, member):
    SessionSeatFactory(session=SessionPageFactory(), profile=member.profile)
    number, sql = queries(as_member, "/my-hub/")
    # More: the searches they saved, what they are to keep true, what they proposed, edits around them, what they will
    # try, whom by name or group each of two reviews asks; sessions to recommend, their seats, topics, people met.
    assert number <= LIST + MEMBER + 12, sql
