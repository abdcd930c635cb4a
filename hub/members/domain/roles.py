"""What the groups of the roles may do in the editor. `docs/roles.md` says it in words."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission

from hub.accounts.enums import Role
from hub.members import registry
from hub.pages.models import BasePage

SHARED = "Shared by member-leaders"  # what leaders upload and choose from while they hold a seat

VOCABULARIES = ("topic", "function", "industry")
STEERING = ("synonym", "promotedresult")  # of the search

# Django permissions. Accounts are looked after in the desk of members; Wagtail's own screens for users
# and groups stay with administrators, so that nobody on the staff can make themselves one.
PERMISSIONS = {
    Role.MEMBER: (),
    Role.LEADER: (),
    Role.STAFF: (
        "wagtailadmin.access_admin",
        "accounts.view_application", "accounts.change_application",
        "members.view_memberprofile", "members.add_memberprofile", "members.change_memberprofile",
        *(f"taxonomy.{do}_{what}" for what in VOCABULARIES for do in ("add", "change", "delete", "view")),
        "search.view_asking",
        *(f"search.{do}_{what}" for what in STEERING for do in ("add", "change", "delete", "view")),
        *(f"wagtailredirects.{do}_redirect" for do in ("add", "change", "delete")),
        *(f"wagtailcore.{do}_{what}" for what in ("workflow", "task") for do in ("add", "change", "delete")),
    ),
}  # fmt: skip
STAFF_ON_PAGES = ("add", "change", "publish", "lock", "unlock", "bulk_delete")
STAFF_ON_COLLECTIONS = (
    "wagtailimages.add_image", "wagtailimages.change_image", "wagtailimages.choose_image",
    "wagtaildocs.add_document", "wagtaildocs.change_document", "wagtaildocs.choose_document",
    "wagtailcore.add_collection", "wagtailcore.change_collection", "wagtailcore.delete_collection",
)  # fmt: skip
LEADERS_ON_SHARED = (
    "wagtailimages.add_image", "wagtailimages.choose_image",
    "wagtaildocs.add_document", "wagtaildocs.choose_document",
)  # fmt: skip


@transaction.atomic
def sync_roles() -> bool:
    """Make the three groups exist and hold exactly what their role may do. Gives whether anything changed.

    Rights beyond a role belong into a group of their own: what is added to these three goes at the next run.
    """
    changed = False
    groups = {}
    for role, permissions in PERMISSIONS.items():
        group, created = Group.objects.get_or_create(name=role.group_name)
        groups[role] = group
        wanted = set(_permissions([*permissions, *registry.permissions_of(role)]))
        if set(group.permissions.all()) != wanted:
            group.permissions.set(wanted)
            changed = True
        changed = changed or created
    root = BasePage.get_first_root_node()
    tree = {(root, permission) for permission in _page_permissions()} if root else set()
    changed |= _sync_pages(groups, tree)
    library = Collection.get_first_root_node()
    if library:
        shared = _shared(library)
        changed |= _sync_collections(groups[Role.MEMBER], library, ())
        changed |= _sync_collections(groups[Role.LEADER], shared, LEADERS_ON_SHARED)
        changed |= _sync_collections(groups[Role.STAFF], library, STAFF_ON_COLLECTIONS)
    return changed


def _permissions(names: Iterable[str]) -> Iterable[Permission]:
    wanted = Q(pk__in=[])
    for name in names:
        app_label, _, codename = name.partition(".")
        wanted |= Q(content_type__app_label=app_label, codename=codename)
    return Permission.objects.filter(wanted)


def _page_permissions() -> Iterable[Permission]:
    names = [f"{action}_{BasePage._meta.model_name}" for action in STAFF_ON_PAGES]
    return Permission.objects.filter(content_type__app_label=BasePage._meta.app_label, codename__in=names)


def _sync_pages(groups: dict[Role, Group], staff_wanted: set[tuple[BasePage, Permission]]) -> bool:
    changed = False
    for role, group in groups.items():
        wanted = {(page.pk, permission.pk) for page, permission in staff_wanted} if role == Role.STAFF else set()
        held = GroupPagePermission.objects.filter(group=group)
        for grant in held:
            if (grant.page_id, grant.permission_id) not in wanted:
                grant.delete()
                changed = True
        for page_id, permission_id in wanted - set(held.values_list("page_id", "permission_id")):
            GroupPagePermission.objects.create(group=group, page_id=page_id, permission_id=permission_id)
            changed = True
    return changed


def _sync_collections(group: Group, collection: Collection, names: Iterable[str]) -> bool:
    changed = False
    wanted = {(collection.pk, permission.pk) for permission in _permissions(names)}
    held = GroupCollectionPermission.objects.filter(group=group)
    for grant in held:
        if (grant.collection_id, grant.permission_id) not in wanted:
            grant.delete()
            changed = True
    for collection_id, permission_id in wanted - set(held.values_list("collection_id", "permission_id")):
        GroupCollectionPermission.objects.create(group=group, collection_id=collection_id, permission_id=permission_id)
        changed = True
    return changed


def _shared(library: Collection) -> Collection:
    found = Collection.objects.filter(name=SHARED, depth=library.depth + 1).first()
    return found or library.add_child(name=SHARED)
