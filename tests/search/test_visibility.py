"""Whatever happens to a tree of pages, everybody finds exactly what they may read, and counts say no more."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import PageViewRestriction

from hub.accounts.enums import Role
from hub.accounts.rules import role_of
from hub.home.models import HomePage, StandardPage
from hub.pages.enums import Audience
from hub.pages.models import BasePage
from hub.taxonomy.models import Topic
from search.domain import queue
from search.domain.query import find
from tests.factories import TopicFactory, UserFactory

pytestmark = pytest.mark.django_db

WORDS = ["heron", "crane", "egret"]
WHAT_EDITORS_DO = ["audience", "move", "unpublish", "publish", "restrict", "free", "slug", "topics"]


def strictest(page):
    """The audience by a walk up the tree: the slow, plain truth."""
    above = list(page.get_ancestors(inclusive=True))
    restricted = PageViewRestriction.objects.filter(page_id__in=[one.pk for one in above])
    return max([one.audience for one in above] + [Audience.MEMBERS for _ in restricted])


def brute_force(word, viewer):
    """Titles and facets as the database has them, page by page."""
    pages = [
        page
        for page in StandardPage.objects.filter(live=True)
        if word in page.title.split() and strictest(page) <= role_of(viewer)
    ]
    topics = Counter(topic.pk for page in pages for topic in page.topics.all())
    return sorted(page.title for page in pages), dict(topics)


def compare(viewers):
    for viewer in viewers:
        for word in WORDS:
            expected, topics = brute_force(word, viewer)
            answer = find(word, viewer=viewer, kind=["page"], per_page=50)
            assert sorted(hit.entry.title for hit in answer.hits) == expected
            assert answer.total == len(expected)
            assert answer.facets["topic"] == topics
            assert answer.facets["kind"].get("page", 0) == len(expected)


def change(data, pks):
    """One random thing that editors do."""
    page = BasePage.objects.get(pk=data.draw(st.sampled_from(pks)))
    what = data.draw(
        st.sampled_from(["audience", "move", "unpublish", "publish", "restrict", "free", "slug", "topics"])
    )
    if what == "audience":
        page.audience = data.draw(st.sampled_from(Audience.values))
        page.save()
    elif what == "move":
        target = BasePage.objects.get(pk=data.draw(st.sampled_from([HomePage.objects.get().pk, *pks])))
        if target.pk != page.pk and not target.is_descendant_of(page):
            page.move(target, pos="last-child")
    elif what == "unpublish":
        page.specific.unpublish()
    elif what == "publish":
        page.specific.save_revision().publish()
    elif what == "restrict":
        PageViewRestriction.objects.create(page_id=page.pk, restriction_type="login")
    elif what == "free":
        for restriction in PageViewRestriction.objects.filter(page_id=page.pk):
            restriction.delete()
    elif what == "slug":
        page.slug = f"renamed-{page.pk}-{data.draw(st.integers(0, 99))}"
        page.save()
    else:
        specific = page.specific
        specific.topics.set(data.draw(st.sets(st.sampled_from(list(Topic.objects.all())), max_size=2)))
        specific.save()


@pytest.mark.slow
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_results_totals_and_facets_equal_a_walk_through_the_database(db, data):
    """Asked while the index owes the changes, when it has some of them, and when it has them all."""
    home = HomePage.objects.get()
    for page in StandardPage.objects.filter(depth=home.depth + 1):
        BasePage.objects.get(pk=page.pk).delete()
    PageViewRestriction.objects.all().delete()
    topics = list(Topic.objects.all()) or [TopicFactory() for _ in range(3)]
    viewers = [None, *(UserFactory(role=role) for role in (Role.MEMBER, Role.LEADER, Role.STAFF))]
    pks = []
    for number in range(5):
        parent = BasePage.objects.get(pk=data.draw(st.sampled_from([home.pk, *pks])))
        page = StandardPage(
            title=f"{data.draw(st.sampled_from(WORDS))} {number}",
            audience=data.draw(st.sampled_from(Audience.values)),
            live=data.draw(st.booleans()),
        )
        parent.add_child(instance=page)
        page.topics.set(data.draw(st.sets(st.sampled_from(topics), max_size=2)))
        page.save()
        pks.append(page.pk)
    for _ in range(4):
        change(data, pks)
        if data.draw(st.booleans()):
            assert not queue.drain().error
        compare(viewers)
    assert not queue.drain().error
    compare(viewers)
