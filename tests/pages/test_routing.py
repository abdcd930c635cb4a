"""The page of an address: found by its address, and only where Wagtail would find it too."""

import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hub.pages.models import BasePage
from search.models import Entry
from tests.factories import PracticePageFactory, StandardPageFactory

pytestmark = pytest.mark.django_db


def test_every_page_answers_at_its_own_address_and_drafts_do_not(client):
    section = StandardPageFactory(title="Section")
    page = StandardPageFactory(title="Deep", parent=StandardPageFactory(title="Middle", parent=section))
    draft = PracticePageFactory(title="Not yet", slug="not-yet", live=False)
    assert client.get("/section/middle/deep/").context["page"].pk == page.pk
    assert client.get("/").context["page"].depth == 2
    assert client.get("/practices/not-yet/").status_code == 404
    assert client.get("/section/deep/").status_code == 404
    assert draft.pk


def test_an_address_follows_a_rename_and_a_move(client):
    section, page = StandardPageFactory(title="Old"), StandardPageFactory(title="Page")
    BasePage.objects.get(pk=page.pk).move(BasePage.objects.get(pk=section.pk), pos="last-child")
    assert client.get("/old/page/").status_code == 200
    section.refresh_from_db()
    section.slug = "new"
    section.save()
    assert client.get("/new/page/").status_code == 200
    assert client.get("/old/page/").status_code == 404


def test_depth_costs_nothing(client):
    page = StandardPageFactory(title="a")
    counts = []
    for name in "bcd":
        page = StandardPageFactory(title=name, parent=page)
    for address in ("/a/b/", "/a/b/c/d/"):
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_an_address_may_be_as_long_as_sections_make_it(client):
    """Longer than PostgreSQL's b-tree takes, compressed."""
    letters, pages = random.Random(1), []
    for number in range(16):
        slug = f"s{number}" + "".join(letters.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=240))
        below = {"parent": pages[-1]} if pages else {}
        pages.append(StandardPageFactory(title=f"Section {number}", slug=slug, **below))
    assert len(pages[-1].url_path) > 3_800
    assert client.get(pages[-1].url).context["page"].pk == pages[-1].pk
    pages[0].slug = "short"
    pages[0].save_revision().publish()
    page = BasePage.objects.get(pk=pages[-1].pk)
    assert page.url.startswith("/short/") and client.get(page.url).status_code == 200
    assert Entry.objects.get(source_id=page.pk).url == page.url
