"""The five holes of modeladmin, each tried on the desks it would open."""

import pytest
from django.contrib.auth.models import Group, Permission

from hub.accounts.models import Application
from hub.kernel.modeladmin import HubModelAdmin, harmless
from hub.members.enums import ShownTo
from hub.practices.models import PracticePage
from tests.factories import MemberProfileFactory, TopicFactory, UserFactory

pytestmark = pytest.mark.django_db

MEMBERS = "/admin/members/memberprofile/"
TOPICS = "/admin/taxonomy/topic/"
APPLICATIONS = "/admin/accounts/application/"


@pytest.fixture
def guest_of_the_editor():
    """Somebody who may enter the editor and nothing else."""
    group = Group.objects.create(name="Guests of the editor")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    user = UserFactory()
    user.groups.add(group)
    return user


def test_history_is_for_those_who_may_see_the_object(client, staff, guest_of_the_editor):
    topic = TopicFactory(name="Secret topic")
    client.force_login(guest_of_the_editor)
    response = client.get(f"{TOPICS}history/{topic.pk}/")
    assert response.status_code == 302 and response["Location"] == "/admin/"
    client.force_login(staff)
    assert client.get(f"{TOPICS}history/{topic.pk}/").status_code == 200


@pytest.mark.parametrize("desk", [MEMBERS, TOPICS, APPLICATIONS])
@pytest.mark.parametrize(
    "query",
    ["?created_at__gte=garbage", "?no_such_field=1", "?e=1&id__in=x", "?p=999", "?p=-1", "?p=x", "?o=9.x", "?q=%00",
     "?state__exact=%00", "?role=nonsense", "?name__regex=(", "?export=nonsense"],
)  # fmt: skip
def test_nonsense_is_answered_with_a_list(client, staff, desk, query):
    client.force_login(staff)
    response = client.get(desk + query, follow=True)
    assert response.status_code == 200


@pytest.mark.parametrize("what", ["inspect", "edit", "history", "delete"])
def test_a_primary_key_that_is_none_is_not_found(client, staff, what):
    client.force_login(staff)
    assert client.get(f"{MEMBERS}{what}/abc/").status_code == 404
    assert client.get(f"{MEMBERS}{what}/99999999999999999999999/").status_code == 404


def test_values_no_list_shows_cannot_be_found_out_by_filtering(client, staff):
    MemberProfileFactory(name="Zelda", bio="canary-bio", bio_shown_to=ShownTo.ONLY_ME)
    client.force_login(staff)
    for query in ("bio__contains=canary", "bio__startswith=c", "user__password__startswith=md5", "bio_shown_to=30"):
        response = client.get(f"{MEMBERS}?{query}")
        assert (response.status_code, response["Location"]) == (302, MEMBERS), query


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_spreadsheets_carry_no_formulas(client, staff, start):
    Application.objects.create(name=f"{start}HYPERLINK(1)", email="a@example.org", organisation="x", reason="x")
    client.force_login(staff)
    response = client.get(f"{APPLICATIONS}?export=csv")
    text = b"".join(response.streaming_content).decode()
    assert f"'{start}HYPERLINK(1)" in text
    assert f",{start}HYPERLINK" not in text and f"\n{start}HYPERLINK" not in text


def test_numbers_and_dates_stay_what_they_are_in_spreadsheets():
    assert harmless(-5) == -5 and harmless(None) is None and harmless("plain") == "plain"


def test_page_types_have_no_desk():
    class PageDesk(HubModelAdmin):
        model = PracticePage

    with pytest.raises(TypeError, match="page explorer"):
        PageDesk()
