"""Page seats in Wagtail's permission system: a policy for "which pages", a tester for "may I, here".

A seat is a right to exactly one page and to nothing below it. A co-author may change the text, a
reviewer may open it; both may see drafts, previews and history. Neither may create, copy, move,
delete, lock, publish or unpublish: only what a group was given counts for that. Having made a page
counts for nothing by itself (Wagtail would let its creator edit it for ever), so a seat that is
taken away ends every right at once. See docs/deviations.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from wagtail.models import PagePermissionTester
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.permissions import policy_registry

from hub.pages.enums import PageSeatRole
from hub.pages.models import BasePage, PageSeat

# What a seat stands for among Wagtail's actions. "review" is none of them, so it opens nothing of Wagtail's own.
ACTION_OF_SEAT = {PageSeatRole.CO_AUTHOR: "change", PageSeatRole.REVIEWER: "review"}


class SeatGrant:
    """Stands beside GroupPagePermission rows in Wagtail's permission cache, for exactly one page."""

    def __init__(self, seat: PageSeat, codename: str) -> None:
        self.seat = seat
        self.page = seat.page
        self.page_id = seat.page_id
        self.permission = SimpleNamespace(codename=codename)


class PageSeatPermissionPolicy(PagePermissionPolicy):
    """Wagtail's page policy, plus the pages a person holds a seat on, minus the rights of a page's creator."""

    def get_all_permissions_for_user(self, user: Any) -> Any:
        granted = super().get_all_permissions_for_user(user)
        if not user.is_active or user.is_anonymous or user.is_superuser:
            return granted
        seats = PageSeat.objects.filter(user_id=user.pk).select_related("page")
        codename = {role: self._get_permission_codename(action) for role, action in ACTION_OF_SEAT.items()}
        return [*granted, *(SeatGrant(seat, codename[PageSeatRole(seat.role)]) for seat in seats)]

    def seats_of(self, user: Any) -> list[SeatGrant]:
        """The seats `user` holds, as grants, from the cache of the request."""
        return [perm for perm in self.get_cached_permissions_for_user(user) if isinstance(perm, SeatGrant)]

    def user_has_any_permission(self, user: Any, actions: Iterable[str]) -> bool:
        """A coarse gate in front of lists that are filtered page by page: any seat opens those for "change"."""
        actions = set(actions)
        if super().user_has_any_permission(user, actions):
            return True
        return "change" in actions and user.is_active and bool(self.seats_of(user))

    def user_has_any_permission_for_instance(self, user: Any, actions: Iterable[str], instance: Any) -> bool:
        base = self._base_user_has_permission(user)
        if base is not None:
            return base
        wanted = self._get_permission_codenames(actions)
        return any(
            perm.permission.codename in wanted
            and (
                perm.page_id == instance.pk
                if isinstance(perm, SeatGrant)
                else perm.page_id == instance.pk or instance.is_descendant_of(perm.page)
            )
            for perm in self.get_cached_permissions_for_user(user)
        )

    def instances_user_has_any_permission_for(self, user: Any, actions: Iterable[str]) -> Any:
        base = self._base_queryset_for_user(user)
        if base is not None:
            return base
        wanted = self._get_permission_codenames(actions)
        pages = self.model._default_manager.all()
        condition = Q(pk__in=[])
        for perm in self.get_cached_permissions_for_user(user):
            if perm.permission.codename in wanted:
                condition |= _exactly(perm) if isinstance(perm, SeatGrant) else Q(path__startswith=perm.page.path)
        return pages.filter(condition)

    def users_with_any_permission(self, actions: Iterable[str], include_superusers: bool = True) -> Any:
        found = super().users_with_any_permission(actions, include_superusers)
        return self._with_co_authors(found, actions, PageSeat.objects.all())

    def users_with_any_permission_for_instance(
        self, actions: Iterable[str], instance: Any, include_superusers: bool = True
    ) -> Any:
        given = Q(
            groups__page_permissions__permission__codename__in=self._get_permission_codenames(actions),
            groups__page_permissions__page__in=instance.get_ancestors(inclusive=True),
        )
        if include_superusers:
            given |= Q(is_superuser=True)
        found = get_user_model()._default_manager.filter(is_active=True).filter(given).distinct()
        return self._with_co_authors(found, actions, PageSeat.objects.filter(page_id=instance.pk))

    def explorable_instances(self, user: Any) -> Any:
        pages = super().explorable_instances(user)
        grants = [] if user.is_superuser or not user.is_active else self.seats_of(user)
        if not grants:
            return pages
        return pages | self.model._default_manager.filter(pk__in=[grant.page_id for grant in grants])

    def instances_with_direct_explore_permission(self, user: Any) -> Any:
        pages = super().instances_with_direct_explore_permission(user)
        if user.is_superuser:
            return pages
        known = {page.pk for page in pages}
        return [*pages, *(grant.page for grant in self.seats_of(user) if grant.page_id not in known)]

    def explorable_root_instance(self, user: Any) -> Any:
        """Where the explorer begins: for a single seat, in the section where its page is listed."""
        name = self._explorable_root_instance_cache_name
        if hasattr(user, name):
            return getattr(user, name)
        root = super().explorable_root_instance(user)
        if root is not None and not user.is_superuser:
            perms = self.get_cached_permissions_for_user(user)
            by_group = {perm.page_id for perm in perms if not isinstance(perm, SeatGrant)}
            if root.pk not in by_group and any(grant.page_id == root.pk for grant in self.seats_of(user)):
                root = root.get_parent()
                setattr(user, name, root)
        return root

    def _with_co_authors(self, found: Any, actions: Iterable[str], seats: QuerySet[PageSeat]) -> Any:
        if "change" not in set(actions):
            return found
        holders = seats.filter(role=PageSeatRole.CO_AUTHOR).values("user_id")
        return (
            get_user_model()
            ._default_manager.filter(is_active=True)
            .filter(Q(pk__in=found.values("pk")) | Q(pk__in=holders))
        )


def pages_known_to(user: Any) -> Any:
    """Every page whose title `user` may know: what they may read, and what they may open in the editor (or pass
    on the way to it). The choosers offer these and no others."""
    explorable = policy_registry.get_by_type(BasePage).explorable_instances(user)
    return BasePage.objects.filter(
        Q(pk__in=BasePage.objects.visible_to(user).values("pk")) | Q(pk__in=explorable.values("pk"))
    )


def _exactly(grant: SeatGrant) -> Q:
    return Q(pk=grant.page_id)


class PageSeatPermissionTester(PagePermissionTester):
    """Wagtail's tester, plus the seat on this exact page, minus the rights of its creator."""

    def __init__(self, user: Any, page: BasePage) -> None:
        super().__init__(user, page)
        self.seat_role: str | None = None
        self.may_invite = False
        self.granted: set[str] = set()  # by groups, on this page or above it
        if user.is_active and not user.is_anonymous and not user.is_superuser:
            for perm in self.permission_policy.get_cached_permissions_for_user(user):
                if isinstance(perm, SeatGrant):
                    if perm.page_id == page.pk:
                        self.seat_role, self.may_invite = perm.seat.role, perm.seat.may_invite
                elif page.path.startswith(perm.page.path):
                    self.granted.add(perm.permission.codename.rsplit("_", maxsplit=1)[0])
        self.permissions = set(self.granted)
        if self.seat_role == PageSeatRole.CO_AUTHOR:
            self.permissions.add("change")

    def can_edit(self) -> bool:
        """Whether the editor opens for this person; whether its text is theirs to change is `can_change_text`."""
        if not self.user.is_active or self.page_is_root:
            return False
        if self.can_change_text() or self.seat_role is not None:
            return True
        task = self.page.current_workflow_task
        return bool(task and task.user_can_access_editor(self.page, self.user))

    def can_change_text(self) -> bool:
        """Whether this person writes the page: a co-author, or somebody whose group may edit here."""
        if not self.user.is_active or self.page_is_root:
            return False
        return bool(self.user.is_superuser or "change" in self.permissions)

    def can_manage_seats(self) -> bool:
        """Whether this person decides who works on the page: staff, whoever leads the section it lies in, and
        co-authors who were given that right."""
        if not self.user.is_active or self.page_is_root:
            return False
        return self.can_publish() or "change" in self.granted or (self.can_change_text() and self.may_invite)

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return self._by_group("change") and super().can_delete(ignore_bulk)

    def can_copy(self) -> bool:
        return self._by_group("change") and super().can_copy()

    def can_submit_for_moderation(self) -> bool:
        return self.can_change_text() and super().can_submit_for_moderation()

    def can_unlock(self) -> bool:
        return self.can_edit() and super().can_unlock()

    def can_view_revisions(self) -> bool:
        return super().can_view_revisions() and (self.can_edit() or self.can_publish())

    def _by_group(self, action: str) -> bool:
        return bool(self.user.is_superuser or action in self.granted)
