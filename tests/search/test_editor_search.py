"""The editor's own search runs on the same engine, and finds for each person what they may edit."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from hub.pages.models import BasePage, PageSeat
from tests.factories import PracticePageFactory
from tests.search.asking import titles

pytestmark = pytest.mark.django_db


def test_a_seat_holder_finds_the_page_of_the_seat_and_no_other_title(client, index, leader, staff):
    call_command("sync_roles", verbosity=0)
    mine = PracticePageFactory(title="Heron mine", live=False)
    PracticePageFactory(title="Heron of others", live=False)
    PageSeat.objects.create(page_id=mine.pk, user=leader, role="co_author")
    index()
    client.force_login(leader)
    content = client.get("/admin/pages/search/", {"q": "heron"}).content.decode()
    assert "Heron mine" in content
    assert "Heron of others" not in content
    client.force_login(staff)
    content = client.get("/admin/pages/search/", {"q": "heron"}).content.decode()
    assert "Heron mine" in content
    assert "Heron of others" in content


def test_a_page_that_expires_is_gone_when_it_does(index):
    page = PracticePageFactory(title="Heron")
    index()
    BasePage.objects.filter(pk=page.pk).update(expire_at=timezone.now() - timedelta(minutes=1))
    call_command("publish_scheduled", verbosity=0)
    assert titles("heron") == []
    index()
    assert titles("heron") == []


def test_pictures_are_found_by_their_titles(index, client, staff):
    from wagtail.images.tests.utils import get_test_image_file

    from hub.media.models import HubImage
    from search.domain import engine

    picture = HubImage.objects.create(title="Heron at dawn", file=get_test_image_file())
    index()
    assert list(engine.backend().search("heron", HubImage)) == [picture]
    picture.delete()
    index()
    assert engine.backend().search("heron", HubImage).count() == 0
