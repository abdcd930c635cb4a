"""Links inside texts lead to pages that are for the reader, and name no other."""

import pytest

from hub.editorial import links
from hub.pages.enums import Audience
from tests.factories import PracticePageFactory

pytestmark = pytest.mark.django_db


def linking_to(target, **page):
    text = f'<p>Read <a linktype="page" id="{target.pk}">what we decided</a>.</p>'
    return PracticePageFactory(title="Open", problem=[("text", text)], **page)


@pytest.mark.parametrize("target", [{"audience": Audience.STAFF}, {"audience": Audience.MEMBERS}, {"live": False}])
def test_the_address_of_a_hidden_page_is_not_in_the_text(client, target):
    page = linking_to(PracticePageFactory(title="Secret merger", slug="secret-merger", **target))
    html = client.get(page.get_url()).content.decode()
    assert "what we decided" in html
    assert "secret-merger" not in html


def test_a_page_that_is_for_the_same_readers_is_led_to(client, member):
    target = PracticePageFactory(slug="for-members", audience=Audience.MEMBERS)
    page = linking_to(target, audience=Audience.MEMBERS)
    client.force_login(member)
    assert f'href="{target.get_url()}"' in client.get(page.get_url()).content.decode()


@pytest.mark.parametrize(("who", "led"), [("member", True), ("leader", True), ("nobody", False)])
def test_whoever_reads_is_led_as_far_as_they_may_go(member, leader, who, led):
    from django.contrib.auth.models import AnonymousUser

    target = PracticePageFactory(slug="for-members", audience=Audience.MEMBERS)
    page = linking_to(target)
    links.resolve(page, {"member": member, "leader": leader, "nobody": AnonymousUser()}[who])
    assert (target.get_url() in page.problem[0].value.source) is led
