"""Who opens a file: those who read a field that shows it, and those who look after it."""

from datetime import timedelta

import django
import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import ReferenceIndex

from hub.media.models import HubDocument, HubImage
from hub.media.rules import may_see, readers_of, uses_of, visible_among
from hub.pages.enums import Audience
from roundtables.enums import AttributionMode, SeatState
from roundtables.models import SessionSeat
from tests.factories import MemberProfileFactory, PracticePageFactory, SessionPageFactory, StandardPageFactory
from tests.media.making import document, link

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()


def held(mode, *, hours_ago=2, **fields):
    """A sitting that ended, or (`hours_ago` below nought) is to come."""
    end = timezone.now() - timedelta(hours=hours_ago)
    return SessionPageFactory(attribution_mode=mode, starts_at=end - timedelta(hours=1), ends_at=end, **fields)


@pytest.fixture
def viewers(member, leader, staff):
    return {"visitor": VISITOR, "member": member, "leader": leader, "staff": staff}


@pytest.mark.parametrize(
    ("audience", "openers"),
    [
        (Audience.PUBLIC, "visitor member leader staff"),
        (Audience.MEMBERS, "member leader staff"),
        (Audience.LEADERS, "leader staff"),
        (Audience.STAFF, "staff"),
        (None, "staff"),
    ],
)
def test_the_audience_of_the_page_opens_it(client, viewers, audience, openers):
    paper = document()
    if audience is not None:
        PracticePageFactory(problem=link(paper), audience=audience)
    for name, viewer in viewers.items():
        client.logout()
        if viewer.is_authenticated:
            client.force_login(viewer)
        assert client.get(paper.url).status_code == (200 if name in openers.split() else 404), name


def test_the_widest_of_several_pages_counts():
    paper = document()
    for audience in (Audience.STAFF, Audience.MEMBERS):
        PracticePageFactory(problem=link(paper), audience=audience)
    audience, pages = readers_of(uses_of([paper])[paper.pk])
    assert audience == Audience.MEMBERS
    assert [page.effective_audience for page in pages] == [Audience.MEMBERS]


@pytest.mark.parametrize(
    ("mode", "hours_ago", "everybody"),
    [
        (AttributionMode.OPEN, 2, True),
        (AttributionMode.CHATHAM_HOUSE, 2, True),
        (AttributionMode.PRIVATE, 2, False),
        (AttributionMode.OPEN, -2, False),
        (AttributionMode.CHATHAM_HOUSE, -2, False),
        (AttributionMode.PRIVATE, -2, False),
    ],
)
@pytest.mark.parametrize("make", ["document", "picture"])
def test_what_stands_in_the_notes_is_for_those_who_read_the_notes(client, mode, hours_ago, everybody, make, member):
    if make == "document":
        item = document()
        notes, address = link(item), item.url
    else:
        cache.clear()  # Wagtail remembers renditions of pictures that an earlier test rolled back
        item = HubImage.objects.create(title="The wall", file=get_test_image_file())
        notes = [("image", {"image": item, "alt": "Cards", "caption": "", "decorative": False})]
        address = item.get_rendition("width-20").url
    page = held(mode, hours_ago=hours_ago, notes=notes)
    assert client.get(page.get_url()).status_code == 200, "the page itself is public"
    assert client.get(address).status_code == (200 if everybody else 404)
    assert may_see(item, member) is everybody


def test_who_was_at_a_private_table_opens_what_was_noted_there(member, leader):
    paper = document()
    page = held(AttributionMode.PRIVATE, notes=link(paper), audience=Audience.MEMBERS)
    SessionSeat.objects.create(session=page, profile=member.profile, state=SeatState.GOING, attended=True)
    assert (may_see(paper, member), may_see(paper, leader), may_see(paper, VISITOR)) == (True, False, False)
    assert readers_of(uses_of([paper])[paper.pk])[0] == Audience.STAFF, "nobody's audience: found by staff alone"


def test_a_file_before_and_after_a_private_sitting_follows_both_fields(member):
    paper, slides = document(), document(title="Slides")
    held(AttributionMode.PRIVATE, body=link(slides), notes=link(paper, slides))
    assert (may_see(slides, VISITOR), may_see(paper, VISITOR)) == (True, False)


def test_uploader_and_editors_of_its_page_open_it(member, leader):
    from hub.pages.enums import PageSeatRole
    from hub.pages.models import PageSeat

    mine = document(uploaded_by_user=member)
    assert (may_see(mine, member), may_see(mine, leader)) == (True, False)
    page = PracticePageFactory(problem=link(mine), live=False)
    assert not may_see(mine, leader)
    PageSeat.objects.create(page_id=page.pk, user=leader, role=PageSeatRole.CO_AUTHOR)
    assert may_see(mine, type(leader).objects.get(pk=leader.pk))


def test_many_at_once_ask_as_often_as_one():
    papers = [document() for _ in range(6)]
    PracticePageFactory(problem=link(*papers[:4]))

    def cost(items):
        with CaptureQueriesContext(connection) as asked:
            assert len(visible_among(items, VISITOR)) == min(len(items), 4)
        return len(asked)

    cost(papers[:1])
    assert cost(papers) == cost(papers[:1])


@pytest.mark.xfail(
    django.VERSION >= (6,),
    reason="Wagtail 8.0 hands in tasks of django_tasks; on Django 6 the database queue takes django.tasks only.",
    strict=True,
)
def test_taking_a_file_off_a_page_closes_it_with_the_save_not_with_the_worker(settings):
    """In production Wagtail's index of references is written by the worker; who may open a file waits for nobody."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    paper = document(read=False)
    page = PracticePageFactory(problem=link(paper))
    assert may_see(paper, VISITOR), "nobody waits for a worker to see it, either"
    page.problem = [("text", "<p>Gone.</p>")]
    page.save_revision().publish()
    assert not may_see(paper, VISITOR)
    assert not ReferenceIndex.objects.filter(to_object_id=str(paper.pk), object_id=str(page.pk)).exists()


def test_a_link_keeps_its_words_and_loses_the_name_of_a_file_that_is_not_for_the_reader(client, member):
    """Such a text exists where a link to the file stands in what no reader's use covers: here, a reference unknown."""
    paper = document(name="the-merger-with-acme.pdf")
    page = StandardPageFactory(body=link(paper))
    assert "the-merger-with-acme" in client.get(page.get_url()).content.decode()
    ReferenceIndex.objects.filter(to_object_id=str(paper.pk)).delete()
    html = client.get(page.get_url()).content.decode()
    assert "the paper" in html
    assert "merger" not in html


def test_a_text_without_documents_asks_nothing_more(client, django_assert_num_queries):
    from hub.editorial import links

    page = PracticePageFactory(problem=[("text", "<p>Nothing linked.</p>")])
    with django_assert_num_queries(0):
        links.resolve(page, VISITOR)


def test_a_document_that_is_gone_leads_nowhere(client):
    paper = document()
    page = PracticePageFactory(problem=link(paper))
    HubDocument.objects.all().delete()
    assert "the paper" in client.get(page.get_url()).content.decode()


def test_the_profile_picture_of_a_person_stays_theirs(staff):
    from wagtail.models import Collection

    from hub.members.enums import ShownTo
    from hub.members.pictures import PICTURES

    collection = Collection.get_first_root_node().add_child(name=PICTURES)
    face = HubImage.objects.create(title="Face", file=get_test_image_file(), collection=collection)
    MemberProfileFactory(picture=face, picture_shown_to=ShownTo.ONLY_ME)
    assert not may_see(face, staff)
