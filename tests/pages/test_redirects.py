"""A redirect tells the address of its target, which is made of the title: only to those who may read that page."""

import pytest
from wagtail.contrib.redirects.models import Redirect

from hub.pages.enums import Audience
from tests.factories import PracticePageFactory

pytestmark = pytest.mark.django_db


def redirect_to(**page):
    target = PracticePageFactory(**page)
    Redirect.objects.create(old_path="/old", redirect_page=target)
    return target


def test_everybody_is_led_to_a_public_page(client):
    target = redirect_to(slug="for-all")
    response = client.get("/old/")
    assert (response.status_code, response["Location"]) == (301, target.get_url())


def test_a_visitor_logs_in_before_learning_the_address_of_a_page_for_members(client, member):
    target = redirect_to(slug="for-members", audience=Audience.MEMBERS)
    response = client.get("/old/")
    assert response.status_code == 302
    assert response["Location"].endswith("?next=/old/")
    assert "for-members" not in response["Location"]
    client.force_login(member)
    assert client.get("/old/")["Location"] == target.get_url()


@pytest.mark.parametrize("page", [{"audience": Audience.STAFF}, {"live": False}])
def test_nobody_is_led_to_what_is_not_there_for_them(client, member, page):
    redirect_to(slug="hidden", **page)
    assert client.get("/old/").status_code == 404
    client.force_login(member)
    assert client.get("/old/").status_code == 404


def test_an_address_elsewhere_is_followed_whatever_page_has_its_path(client):
    hidden = PracticePageFactory(slug="hidden", audience=Audience.STAFF)
    Redirect.objects.create(old_path="/old", redirect_link=f"https://example.org{hidden.get_url()}")
    assert client.get("/old/")["Location"] == f"https://example.org{hidden.get_url()}"
