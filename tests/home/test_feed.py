"""The feed of what is new for everybody: valid Atom, public pages only, no names, cheap to ask again."""

from __future__ import annotations

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone

from hub.editorial.models import Byline
from hub.home import feeds
from hub.pages.enums import Audience
from roundtables.models import SessionPage
from tests.factories import (
    PracticePageFactory,
    ReportPageFactory,
    SeriesPageFactory,
    SessionPageFactory,
    StandardPageFactory,
)

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def entries(client=None):
    answer = (client or Client()).get("/feed.atom")
    assert answer.status_code == 200 and answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(answer.content)  # noqa: S314  it is our own
    for needed in ("id", "title", "updated"):
        assert feed.find(ATOM + needed).text, "RFC 4287, 4.1.1"
    found = feed.findall(f"{ATOM}entry")
    assert all(entry.find(ATOM + needed).text for entry in found for needed in ("id", "title", "updated"))
    assert feed.find(f"{ATOM}author/{ATOM}name").text
    return found


def titles(client=None):
    return [entry.find(f"{ATOM}title").text for entry in entries(client)]


def test_it_has_the_three_kinds_the_newest_first_and_says_where_they_are(settings):
    made = [
        PracticePageFactory(title="A practice"),
        ReportPageFactory(title="A report"),
        SessionPageFactory(title="Now"),
    ]
    SeriesPageFactory(), StandardPageFactory()
    for days, page in enumerate(reversed(made)):
        type(page).objects.filter(pk=page.pk).update(first_published_at=timezone.now() - timedelta(days=days))
    found = entries()
    assert [entry.find(f"{ATOM}title").text for entry in found] == ["Now", "A report", "A practice"]
    assert [entry.find(f"{ATOM}link").get("href") for entry in found] == [
        f"{settings.HUB_BASE_URL}{page.get_url()}" for page in reversed(made)
    ]
    assert [entry.find(f"{ATOM}category").get("term") for entry in found] == ["session", "report", "practice"]
    assert found[0].find(f"{ATOM}summary").text == made[2].gist
    assert len({entry.find(f"{ATOM}id").text for entry in found}) == 3


def test_it_is_the_same_for_everybody_and_has_public_pages_only(staff):
    PracticePageFactory(title="Public")
    PracticePageFactory(title="Members", audience=Audience.MEMBERS)
    PracticePageFactory(title="Draft", live=False)
    client = Client()
    client.force_login(staff)
    assert titles() == titles(client) == ["Public"]
    answer = client.get("/feed.atom")
    assert "Cookie" not in answer.get("Vary", "") and not answer.cookies


def test_nobody_is_named_and_odd_letters_do_not_break_it():
    page = SessionPageFactory(title="Odd \x0b letters & <tags>", cancelled=True)
    Byline.objects.create(page=page, external_name="Greta Guest", role="guest")
    assert titles() == ["Cancelled: Odd  letters & <tags>"]
    assert b"Greta" not in Client().get("/feed.atom").content


def test_asking_again_costs_no_bytes_until_something_changes():
    page = SessionPageFactory()
    first = Client().get("/feed.atom")
    again = Client().get("/feed.atom", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    SessionPage.objects.filter(pk=page.pk).update(effective_audience=Audience.STAFF)
    assert Client().get("/feed.atom", headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_it_stays_short_and_costs_the_same_however_much_there_is(django_assert_num_queries, monkeypatch):
    monkeypatch.setattr(feeds, "MOST", 4)
    for _ in range(3):
        PracticePageFactory(), SessionPageFactory(), ReportPageFactory()
    assert len(titles()) == 4
    with django_assert_num_queries(3):
        Client().get("/feed.atom")


def test_every_page_leads_to_it():
    assert 'type="application/atom+xml"' in Client().get("/").content.decode()
