"""The desk: answering applications and running the membership."""

import re

import pytest
from django.core import mail
from wagtail.models import ModelLogEntry

from hub.accounts.enums import ApplicationState, Role
from hub.accounts.models import Application, User
from hub.kernel.errors import HubError
from hub.members.domain import membership
from hub.members.enums import ShownTo
from hub.members.models import MemberProfile
from hub.pages.models import PageSeat
from tests.factories import FunctionFactory, MemberProfileFactory, PracticePageFactory, UserFactory
from tests.members.world import TRACES, canary, traces

pytestmark = pytest.mark.django_db

MEMBERS = "/admin/members/memberprofile/"
APPLICATIONS = "/admin/accounts/application/"


@pytest.fixture
def application():
    return Application.objects.create(
        name="Ada Example", email="ada@example.org", organisation="Example Trust", function="research",
        industry="Something new", reason="To compare notes.",
    )  # fmt: skip


@pytest.fixture
def desk(client, staff):
    client.force_login(staff)
    return client


def test_staff_accept_and_the_new_member_chooses_a_password(
    desk, staff, application, django_capture_on_commit_callbacks
):
    function = FunctionFactory(name="Research")
    assert "Applications (1)" in desk.get("/admin/").content.decode()
    html = desk.get(f"{APPLICATIONS}inspect/{application.pk}/").content.decode()
    assert "To compare notes." in html and "Accept" in html and "Decline" in html
    with django_capture_on_commit_callbacks(execute=True):
        response = desk.post(f"{APPLICATIONS}{application.pk}/accept/", follow=True)
    assert "is a member now" in response.content.decode()
    application.refresh_from_db()
    assert (application.state, application.decided_by) == (ApplicationState.ACCEPTED, staff)
    user = User.objects.get(email="ada@example.org")
    assert user == application.user and user.role == Role.MEMBER and not user.has_usable_password()
    assert (user.profile.name, user.profile.organisation, user.profile.function) == (
        "Ada Example",
        "Example Trust",
        function,
    )
    assert user.profile.industry is None and user.profile.name_shown_to == ShownTo.MEMBERS
    assert [(message.to, message.subject) for message in mail.outbox] == [
        (["ada@example.org"], "Welcome to The Linden Table")
    ]
    assert re.search(r"http://testserver/accounts/password/reset/key/\S+", mail.outbox[0].body)
    assert "Your answer" not in desk.get(f"{APPLICATIONS}inspect/{application.pk}/").content.decode()
    assert "Applications (" not in desk.get("/admin/").content.decode()


def test_staff_decline_politely_and_the_note_stays_with_them(desk, application, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(f"{APPLICATIONS}{application.pk}/decline/", {"note": "A competitor, keep out."})
    application.refresh_from_db()
    assert (application.state, application.note) == (ApplicationState.DECLINED, "A competitor, keep out.")
    assert not User.objects.filter(email="ada@example.org").exists()
    letter = mail.outbox[0]
    assert letter.to == ["ada@example.org"]
    assert "competitor" not in letter.body + letter.alternatives[0][0]


def test_an_application_is_decided_once(desk, staff, application):
    desk.post(f"{APPLICATIONS}{application.pk}/decline/")
    response = desk.post(f"{APPLICATIONS}{application.pk}/accept/", follow=True)
    assert "was declined already" in response.content.decode()
    with pytest.raises(HubError):
        membership.accept_application(application, by=staff)
    assert not User.objects.filter(email="ada@example.org").exists()


def test_accepting_somebody_who_has_an_account_by_now_says_so_and_changes_nothing(desk, application):
    UserFactory(email="ada@example.org")
    response = desk.post(f"{APPLICATIONS}{application.pk}/accept/", follow=True)
    assert "has an account already" in response.content.decode()
    application.refresh_from_db()
    assert application.state == ApplicationState.PENDING


@pytest.mark.parametrize("who", ["visitor", "member", "leader with a seat"])
def test_only_staff_decide(client, request, application, who):
    if who != "visitor":
        user = request.getfixturevalue(who.split()[0])
        client.force_login(user)
        if "seat" in who:
            PageSeat.objects.create(page=PracticePageFactory(), user=user, role="co_author")
    for path in ("accept", "decline"):
        client.post(f"{APPLICATIONS}{application.pk}/{path}/")
    for path in (APPLICATIONS, f"{APPLICATIONS}inspect/{application.pk}/", MEMBERS, f"{MEMBERS}?export=csv"):
        assert client.get(path).status_code in (302, 403), path
    application.refresh_from_db()
    assert application.state == ApplicationState.PENDING


def test_a_get_decides_nothing(desk, application):
    assert desk.get(f"{APPLICATIONS}{application.pk}/accept/").status_code == 405


# --- members


@pytest.mark.parametrize("level", [ShownTo.CONNECTED, ShownTo.ONLY_ME])
def test_the_desk_shows_searches_sorts_and_exports_nothing_that_is_hidden(desk, level):
    person = canary(**dict.fromkeys(TRACES, level))
    pages = [MEMBERS, f"{MEMBERS}?o=0", f"{MEMBERS}?o=3", f"{MEMBERS}inspect/{person.pk}/",
             f"{MEMBERS}edit/{person.pk}/", f"{MEMBERS}history/{person.pk}/",
             "/admin/reports/site-history/"]  # fmt: skip
    desk.post(f"{MEMBERS}edit/{person.pk}/", {"role": Role.LEADER.value, "is_open": "on", "is_listed": "on"})
    for path in pages:
        response = desk.get(path)
        assert response.status_code in (200, 302), path
        assert traces(response.content.decode()) == set(), path
    for word in ("Canaryname", "Canaryorganisation"):
        assert person.user.email not in desk.get(f"{MEMBERS}?q={word}").content.decode()
    text = b"".join(desk.get(f"{MEMBERS}?export=csv").streaming_content).decode()
    assert person.user.email in text and traces(text) == set()
    assert not [entry for entry in ModelLogEntry.objects.all() if "Canary" in entry.label]


def test_the_desk_shows_what_members_may_see(desk):
    person = canary()
    html = desk.get(MEMBERS).content.decode()
    assert {"name", "organisation"} <= traces(html) and person.user.email in html
    assert person.user.email in desk.get(f"{MEMBERS}?q=Canaryorganisation").content.decode()


@pytest.mark.parametrize("count", [1, 12])
def test_the_list_costs_the_same_however_many_members(desk, count, django_assert_max_num_queries):
    MemberProfileFactory.create_batch(count)
    desk.get(MEMBERS)
    with django_assert_max_num_queries(30):
        desk.get(MEMBERS)


def test_staff_add_a_member(desk, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        response = desk.post(
            f"{MEMBERS}create/", {"name": "Nia New", "email": "Nia@Example.org", "role": Role.LEADER.value}
        )
    assert response.status_code == 302
    profile = MemberProfile.objects.get(name="Nia New")
    assert profile.user.email == "nia@example.org" and profile.user.role == Role.LEADER
    assert mail.outbox[0].to == ["nia@example.org"]
    html = desk.post(
        f"{MEMBERS}create/", {"name": "Nia Again", "email": "nia@example.org", "role": 10}
    ).content.decode()
    assert "has an account already" in html


def test_staff_change_a_role_and_close_an_account(desk, member):
    url = f"{MEMBERS}edit/{member.profile.pk}/"
    desk.post(url, {"role": Role.STAFF.value, "is_open": "on", "is_listed": "on"})
    assert User.objects.get(pk=member.pk).role == Role.STAFF
    desk.post(url, {"role": Role.MEMBER.value, "is_listed": "on"})
    assert not User.objects.get(pk=member.pk).is_active
    assert desk.get("/people/mona-member/").status_code == 404
    assert 'value="10" selected' in desk.get(url).content.decode()  # the role is kept for the day it opens again


def test_nobody_changes_their_own_account_or_an_administrators(desk, staff):
    admin = MemberProfileFactory(user=UserFactory(is_superuser=True), name="Ada Admin")
    unclaimed = MemberProfileFactory(user=None, name="Archie")
    for profile in (staff.profile, admin, unclaimed):
        response = desk.post(f"{MEMBERS}edit/{profile.pk}/", {"role": 10})
        assert response.status_code == 302 and response["Location"] == "/admin/"
    assert User.objects.get(pk=staff.pk).role == Role.STAFF
    assert User.objects.get(pk=admin.user.pk).is_active


def test_profiles_are_not_deleted_here(desk, member):
    desk.post(f"{MEMBERS}delete/{member.profile.pk}/")
    assert MemberProfile.objects.filter(pk=member.profile.pk).exists()
