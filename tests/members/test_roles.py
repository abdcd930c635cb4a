"""Groups of the roles: what they may do, that nobody climbs, and the commands for operators."""

from io import StringIO

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import CommandError, call_command
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission

from hub.accounts.enums import Role
from hub.accounts.models import User
from hub.members import registry
from hub.members.domain import roles
from hub.members.enums import ShownTo
from hub.members.models import MemberProfile
from hub.pages.models import BasePage, PageSeat
from search.models import Entry
from tests.factories import MemberProfileFactory, PracticePageFactory, UserFactory

pytestmark = pytest.mark.django_db


def granted(role):
    group = Group.objects.get(name=role.group_name)
    return (
        set(group.permissions.values_list("content_type__app_label", "codename")),
        set(GroupPagePermission.objects.filter(group=group).values_list("permission__codename", "page__depth")),
        set(
            GroupCollectionPermission.objects.filter(group=group).values_list(
                "permission__codename", "collection__name"
            )
        ),
    )


def test_a_fresh_database_has_the_groups():
    staff, pages, collections = granted(Role.STAFF)
    assert ("wagtailadmin", "access_admin") in staff
    assert {name.removesuffix("_basepage") for name, _ in pages} == {
        "add",
        "change",
        "publish",
        "lock",
        "unlock",
        "bulk_delete",
    }
    assert {depth for _, depth in pages} == {1}
    assert ("add_image", "Root") in collections and ("choose_document", "Root") in collections
    assert granted(Role.MEMBER) == (set(), set(), set())
    assert granted(Role.LEADER) == (
        set(), set(),
        {(name, roles.SHARED) for name in ("add_image", "choose_image", "add_document", "choose_document")},
    )  # fmt: skip


def test_running_it_again_changes_nothing_and_puts_right_what_was_changed():
    assert roles.sync_roles() is False
    before = {role: granted(role) for role in (Role.MEMBER, Role.LEADER, Role.STAFF)}
    group = Group.objects.get(name="Members")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    GroupPagePermission.objects.create(group=group, page=BasePage.get_first_root_node(), permission_type="publish")
    Group.objects.get(name="Member-leaders").delete()
    out = StringIO()
    call_command("sync_roles", stdout=out)
    assert "brought up to date" in out.getvalue()
    assert {role: granted(role) for role in before} == before
    call_command("sync_roles", stdout=out)
    assert "are up to date" in out.getvalue()
    assert Collection.objects.filter(name=roles.SHARED).count() == 1


def test_apps_above_grant_permissions(monkeypatch):
    monkeypatch.setattr(registry, "_permissions", {})
    registry.grant(Role.STAFF, "members.delete_memberprofile")
    roles.sync_roles()
    assert ("members", "delete_memberprofile") in granted(Role.STAFF)[0]


@pytest.mark.parametrize(
    ("who", "enters"), [("visitor", False), ("member", False), ("leader", False), ("seat", True), ("staff", True)]
)
def test_who_enters_the_editor(client, request, who, enters):
    if who in ("member", "leader", "staff"):
        user = request.getfixturevalue(who)
    else:
        user = UserFactory(role=Role.MEMBER if who == "seat" else None)
    if who == "seat":
        PageSeat.objects.create(page=PracticePageFactory(), user=user, role="reviewer")
    client.force_login(user)
    assert client.get("/admin/").status_code == (200 if enters else 403)


CLOSED_TO_STAFF = [
    "/admin/users/", "/admin/users/new/", "/admin/users/{admin}/", "/admin/users/{me}/", "/admin/users/delete/{admin}/",
    "/admin/groups/", "/admin/groups/new/", "/admin/groups/{group}/", "/admin/sites/", "/admin/settings/",
]  # fmt: skip


@pytest.mark.parametrize("path", CLOSED_TO_STAFF)
def test_staff_cannot_make_themselves_administrators(client, staff, path):
    admin = UserFactory(is_superuser=True)
    group = Group.objects.get(name="Staff")
    client.force_login(staff)
    path = path.format(admin=admin.pk, me=staff.pk, group=group.pk)
    for method in ("get", "post"):
        response = getattr(client, method)(
            path, {"is_superuser": "on", "email": staff.email} if method == "post" else {}
        )
        assert response.status_code in (302, 403, 404), path
        if response.status_code == 302:
            assert response["Location"] == "/admin/"
    staff.refresh_from_db()
    admin.refresh_from_db()
    assert not staff.is_superuser and admin.is_superuser and admin.is_active


@pytest.mark.parametrize("action", ["assign_role", "set_active_state", "delete"])
def test_staff_cannot_do_it_in_bulk_either(client, staff, action):
    admin = UserFactory(is_superuser=True)
    operators = Group.objects.create(name="Operators")
    client.force_login(staff)
    url = f"/admin/bulk/accounts/user/{action}/?id={staff.pk}&id={admin.pk}"
    client.post(url, {"role": operators.pk, "mark_as_active": ""})
    assert not User.objects.filter(groups=operators).exists()
    assert User.objects.filter(pk=admin.pk, is_active=True).exists()


# --- commands


def test_an_operator_opens_an_account(client):
    out = StringIO()
    call_command("create_account", "Ola@Example.org", "--role", "staff", "--name", "Ola Operator", stdout=out)
    user = User.objects.get(email="ola@example.org")
    assert user.role == Role.STAFF and user.profile.name == "Ola Operator"
    assert "http://testserver/accounts/password/reset/key/" in out.getvalue()
    with pytest.raises(CommandError, match="has an account already"):
        call_command("create_account", "ola@example.org")
    with pytest.raises(CommandError, match="valid"):
        call_command("create_account", "nonsense")


def test_an_operator_changes_a_role(member):
    call_command("set_role", "MEMBER@example.org", "leader", stdout=StringIO())
    assert User.objects.get(pk=member.pk).role == Role.LEADER
    call_command("set_role", "member@example.org", "visitor", stdout=StringIO())
    assert User.objects.get(pk=member.pk).role == Role.VISITOR
    with pytest.raises(CommandError, match="no account"):
        call_command("set_role", "nobody@example.org", "staff")


def test_changing_a_role_leaves_other_groups_alone(member):
    book_club = Group.objects.create(name="Book club")
    member.groups.add(book_club)
    call_command("set_role", member.email, "staff", stdout=StringIO())
    assert set(member.groups.values_list("name", flat=True)) == {"Book club", "Staff"}
    profile = MemberProfileFactory(user=UserFactory())
    call_command("set_role", profile.user.email, "member", stdout=StringIO())
    assert MemberProfile.objects.filter(user=profile.user).count() == 1


def test_an_account_without_a_name_is_called_by_more_than_its_address():
    call_command("create_account", "ola@example.org", stdout=StringIO())
    user = User.objects.get(email="ola@example.org")
    assert (user.get_full_name(), user.profile.name) == ("ola", "ola")


@pytest.mark.parametrize("was_open", [True, False])
def test_whose_account_is_deleted_is_not_found_any_more(client, was_open):
    profile = MemberProfileFactory(name="Gone Example", name_shown_to=ShownTo.PUBLIC)
    profile.user.is_active = was_open
    profile.user.save()
    profile.user.delete()
    assert "Gone Example" not in client.get("/people/").content.decode()
    assert client.get(profile.get_absolute_url()).status_code == 404
    assert not Entry.objects.findable().filter(title="Gone Example").exists()
