"""Giving somebody a section to lead: a series, a kind of pages, a topic whose pages lie together.

A leader adds pages below the section's page, edits them, hands them in, and decides who else works on
them. They publish nothing by hand, and approve nothing they wrote: that is the review's. All of it
is a Wagtail group with `add` and `change` on one page, so staff can widen it where Wagtail shows groups.
"""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from wagtail.log_actions import log
from wagtail.models import GroupPagePermission

from hub.accounts.enums import Role
from hub.accounts.models import User
from hub.accounts.rules import role_of
from hub.editorial import kinds
from hub.editorial.domain.people import name_for
from hub.editorial.domain.seats import SeatError
from hub.editorial.models import SectionLeadership
from hub.notifications.domain.news import tell
from hub.notifications.enums import Needs
from hub.pages.models import BasePage

ON_PAGES = ("add", "change")


def is_section(page: BasePage) -> bool:
    """Whether there can be pages below it."""
    return bool(page.specific_class and page.specific_class.allowed_subpage_models())


def leaders_of(page: BasePage) -> list[User]:
    """Who leads the section below `page`."""
    led = SectionLeadership.objects.filter(page_id=page.pk).first()
    return list(User.objects.filter(groups=led.group_id, is_active=True).order_by("pk")) if led else []


@transaction.atomic
def appoint(page: BasePage, user: User, *, by: User) -> None:
    """Let `user` lead the section below `page`. Side effects: the group, if this is the first leader; news for them."""
    _check(by)
    if not is_section(page):
        raise SeatError("No pages can lie below this one, so there is nothing to lead. Give them a seat on it.")
    group = _group_of(page)
    if user.groups.filter(pk=group.pk).exists():
        return
    user.groups.add(group)
    log(instance=page.specific, action="hub.section.led", user=by, data={"count": group.user_set.count()})
    text = f"{name_for(by, user)} made you leader of “{page.title}” and what lies below it"
    url = reverse("wagtailadmin_explore", args=[page.pk])
    tell(user, kind=kinds.LEADS, text=text, url=url, page=page, needs=Needs.OPEN)


@transaction.atomic
def dismiss(page: BasePage, user: User, *, by: User) -> None:
    """End it; counts at once. Pages they hold a seat on stay theirs to write: end those seats one by one."""
    _check(by)
    led = SectionLeadership.objects.filter(page_id=page.pk).first()
    if led is not None and user.groups.filter(pk=led.group_id).exists():
        user.groups.remove(led.group_id)
        log(instance=page.specific, action="hub.section.led", user=by, data={"count": led.group.user_set.count()})


def _check(by: User) -> None:
    if role_of(by) < Role.STAFF:
        raise PermissionDenied


def _group_of(page: BasePage) -> Group:
    found = SectionLeadership.objects.select_related("group").filter(page_id=page.pk).first()
    if found is not None:
        return found.group
    group = Group.objects.create(name=f"Lead {page.title[:100]} ({page.pk})")
    group.permissions.add(Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"))
    for action in ON_PAGES:
        codename = f"{action}_{BasePage._meta.model_name}"
        permission = Permission.objects.get(content_type__app_label=BasePage._meta.app_label, codename=codename)
        GroupPagePermission.objects.create(group=group, page_id=page.pk, permission=permission)
    SectionLeadership.objects.create(page_id=page.pk, group=group)
    return group
