"""What is shown as close to a page: what is, nothing else, and never what the viewer may not read."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hub.accounts.enums import Role
from hub.editorial.models import RelatedPage
from hub.members.enums import ShownTo
from hub.members.models import MemberProfile
from hub.pages.enums import Audience
from search.domain import engine, similar
from search.models import Entry
from tests.factories import (
    FunctionFactory,
    MemberProfileFactory,
    PracticePageFactory,
    ReportPageFactory,
    SeriesPageFactory,
    SessionPageFactory,
    StandardPageFactory,
    TopicFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

SPONSOR = "When the sponsor of a community leaves, nobody defends its budget any more."
PIECE = {"X-Requested-With": "fetch"}


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


@pytest.fixture
def crowd():
    """Pages about other things, so that words have something to be rare among."""
    about = ["beehives and honey", "train timetables", "bread with caraway", "choirs in winter", "wells and pumps"]
    for number, thing in enumerate(about):
        PracticePageFactory(title=f"How we learned {thing}", gist=f"All about {thing}, in steps of {number + 2} days.")


def close(page, client=None, **headers):
    answer = (client or Client()).get(f"/search/close/{page.pk}/", headers=headers or PIECE)
    assert answer.status_code == 200
    return answer.content.decode()


def test_what_says_the_same_is_found_whatever_its_kind_and_nothing_else(index, crowd):
    page = PracticePageFactory(title="Our sponsor left and the budget went", gist=SPONSOR)
    others = [
        make(title=f"Sponsor and budget: {make.__name__}", gist="A sponsor leaves, a community loses its budget.")
        for make in (PracticePageFactory, ReportPageFactory, SessionPageFactory, SeriesPageFactory)
    ]
    index()
    text = close(page)
    assert all(other.title in text for other in others)
    assert "How we learned" not in text and page.title not in text
    assert text.count("<article") == len(others) == similar.SHOWN


@pytest.mark.parametrize("make", [PracticePageFactory, ReportPageFactory, SessionPageFactory, StandardPageFactory])
def test_every_page_leads_there_also_without_a_script(make, index, client):
    page = make(title="Our sponsor left", gist=SPONSOR)
    index()
    assert f'href="/search/close/{page.pk}/"' in client.get(page.get_url()).content.decode()
    text = close(page, Accept="text/html")
    assert f"Close to “{page.title}”" in text and "Nothing else is like it yet" in text
    assert close(page).strip() == ""


def test_what_editors_put_beside_it_is_not_shown_twice(index, crowd):
    page, beside, other = (PracticePageFactory(title=f"Sponsor {n}", gist=SPONSOR) for n in range(3))
    RelatedPage.objects.create(page=page, target=beside)
    index()
    text = close(page)
    assert other.title in text and beside.title not in text


def test_nobody_is_led_to_what_they_may_not_read(index, crowd):
    page = PracticePageFactory(title="Our sponsor left", gist=SPONSOR)
    titles = {}
    for audience in Audience:
        titles[audience] = PracticePageFactory(title=f"For {audience.name}", gist=SPONSOR, audience=audience).title
    index()
    for role in Role:
        client = Client()
        if role > Role.VISITOR:
            client.force_login(UserFactory(role=role))
        text = close(page, client)
        assert {audience for audience, title in titles.items() if title in text} == {
            audience for audience in Audience if audience <= role
        }


def test_what_was_hidden_a_moment_ago_is_gone_from_what_is_kept(index, crowd):
    page, other, third = (PracticePageFactory(title=f"Sponsor {n}", gist=SPONSOR) for n in range(3))
    index()
    assert other.title in close(page)
    other.audience = Audience.STAFF
    other.save_revision().publish()  # the index does not know yet, and the list is kept
    third.unpublish()
    assert other.title not in close(page) and third.title not in close(page)


def test_a_page_that_the_viewer_may_not_read_has_nothing_close_to_it(index):
    hidden = PracticePageFactory(title="SECRET sponsor", gist=SPONSOR, audience=Audience.STAFF)
    index()
    for pk in (hidden.pk, 999_999, 2**63 - 1, 10**30):
        answer = Client().get(f"/search/close/{pk}/")
        assert answer.status_code == 404 and b"SECRET" not in answer.content


@pytest.mark.parametrize("how", ["other engine", "ill", "not yet indexed"])
def test_topics_in_common_decide_where_the_index_cannot(how, index, crowd, monkeypatch):
    topic, function = TopicFactory(), FunctionFactory()
    near = {"topics": [topic], "functions": [function]}
    page = PracticePageFactory(title="Our sponsor left", many=near)
    same = PracticePageFactory(title="Something quite different", many=near)
    less = PracticePageFactory(title="Another matter", many={"functions": [function]})
    hidden = PracticePageFactory(title="Hidden matter", many=near, audience=Audience.STAFF)
    if how == "other engine":
        index()
        monkeypatch.setattr(engine, "backend", object)
    if how == "ill":
        index()
        monkeypatch.setattr(engine, "backend", lambda: 1 / 0)
    text = close(page)
    assert same.title in text and less.title not in text and hidden.title not in text


def test_who_has_much_in_common_with_a_person_as_far_as_one_may_know(index, crowd, client, member):
    topic, function = TopicFactory(name="Budgets"), FunctionFactory(name="Chairs")
    said = {"bio": "I look after budgets when sponsors leave.", "name_shown_to": ShownTo.PUBLIC}
    person = MemberProfileFactory(name="Ada Same", function=function, bio_shown_to=ShownTo.PUBLIC, **said)
    near = MemberProfileFactory(name="Bo Near", function=function, bio_shown_to=ShownTo.PUBLIC, **said)
    quiet = MemberProfileFactory(name="Cy Quiet", function=function, bio_shown_to=ShownTo.MEMBERS, **said)
    silent = MemberProfileFactory(name="Di Silent", bio_shown_to=ShownTo.ONLY_ME, **said)
    MemberProfileFactory(name="Ed Same", bio="I sing.", name_shown_to=ShownTo.PUBLIC, bio_shown_to=ShownTo.PUBLIC)
    for one in (person, near, quiet):
        one.topics.add(topic)
    PracticePageFactory(title="Budgets when sponsors leave", many={"topics": [topic]})
    index()
    path = f"/search/close/person/{person.pk}/"
    assert f'href="{path}"' in client.get(person.get_absolute_url()).content.decode()

    def names(asking, **headers):
        text = asking.get(path, headers=headers or PIECE).content.decode()
        everybody = MemberProfile.objects.values_list("name", flat=True)
        return {name for name in everybody if f"{name}</a>" in text}

    assert names(client) == {"Bo Near"}, "what the others say of it is for members"
    client.force_login(member)
    assert names(client) == {"Bo Near", "Cy Quiet"}
    assert "Much in common with Ada Same" in client.get(path).content.decode()
    client.force_login(near.user)
    assert names(client) == {"Cy Quiet"}, "nobody is led to themselves"
    own = client.get(near.get_absolute_url()).content.decode()
    assert "close/person" not in own
    client.force_login(member)
    quiet.bio_shown_to, near.is_listed = ShownTo.ONLY_ME, False
    quiet.save(), near.save()
    assert names(client) <= {"Cy Quiet"}, "not even for a moment"
    for pk in (near.pk, 999_999, 2**63 - 1, 10**30):
        assert client.get(f"/search/close/person/{pk}/").status_code == 404
    assert silent.name not in names(client)


def test_what_it_costs(index, crowd, member, client):
    pages = [PracticePageFactory(title=f"Sponsor {n}", gist=SPONSOR) for n in range(9)]
    index()
    client.force_login(member)
    for asking, cost in ((Client(), 4), (client, 7)):
        close(pages[0], asking)
        with CaptureQueriesContext(connection) as caught:
            assert close(pages[0], asking).count("<article") == similar.SHOWN
        assert len(caught) == cost, "\n".join(query["sql"][:200] for query in caught)


def test_the_same_whatever_the_words_of_the_page_are(index):
    odd = ["", "the of and", "Ω≈ç√ 你好 مرحبا", "AND OR NOT (*:*)", "x" * 255]
    for number, title in enumerate(odd):
        page = PracticePageFactory(title=title or "A", gist=title * 3, slug=f"odd-{number}")
        index()
        close(page)
    assert Entry.objects.filter(is_deleted=False).count() >= len(odd)
