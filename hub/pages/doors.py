"""The addresses of the editor that are open to people who are not staff; every other one is closed to them.

Wagtail's editor was made for an editorial office: reports, bulk actions, usage lists and error
messages name pages to anybody who may log in to it. The hub lets members in for single pages, so it
turns the rule round: what is not listed here does not open, also what a new release adds. Where an
address carries a page's number, the door checks that the page is theirs before Wagtail looks at it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from wagtail.admin.auth import permission_denied
from wagtail.permissions import policy_registry

from hub.accounts.enums import Role
from hub.accounts.rules import role_of
from hub.pages.models import BasePage

Check = Callable[[HttpRequest, dict[str, Any]], bool]


def always(request: HttpRequest, kwargs: dict[str, Any]) -> bool:
    """A door without a lock: the view behind it shows nothing of any page, or filters by itself."""
    return True


def opens_page(request: HttpRequest, kwargs: dict[str, Any]) -> bool:
    """The page in the address is one that this person may open in the editor."""
    page = BasePage.objects.filter(pk=kwargs.get("page_id", kwargs.get("pk"))).first()
    return page is not None and page.permissions_for_user(request.user).can_edit()


def explores_page(request: HttpRequest, kwargs: dict[str, Any]) -> bool:
    """The section in the address is on the way to a page of theirs."""
    explorable = policy_registry.get_by_type(BasePage).explorable_instances(request.user)
    return explorable.filter(pk=kwargs.get("parent_page_id")).exists()


def adds_below_page(request: HttpRequest, kwargs: dict[str, Any]) -> bool:
    """The section in the address is one that a group of theirs may add pages to."""
    page = BasePage.objects.filter(pk=kwargs.get("parent_page_id")).first()
    return page is not None and page.permissions_for_user(request.user).can_add_subpage()


def chooses_below_page(request: HttpRequest, kwargs: dict[str, Any]) -> bool:
    """The section in the address is one they may read, or on the way to a page of theirs.

    Without one Wagtail begins at the section that all pages of the wanted type share, whoever may
    know it; for them the chooser begins at the top.
    """
    if not kwargs.get("parent_page_id"):
        kwargs["parent_page_id"] = BasePage.get_first_root_node().pk
        return True
    page = BasePage.objects.filter(pk=kwargs["parent_page_id"]).first()
    return page is not None and (page.depth == 1 or page.is_visible_to(request.user) or explores_page(request, kwargs))


DOORS: dict[str, Check] = {
    "wagtailadmin_home": always,
    "wagtailadmin_account": always,
    "wagtailadmin_logout": always,
    "wagtailadmin_dismissibles": always,
    "wagtailadmin_sprite": always,
    "wagtailadmin_javascript_catalog": always,
    "wagtailadmin_block_preview": always,
    "wagtailadmin_editing_sessions:ping": always,
    "wagtailadmin_editing_sessions:release": always,
    "wagtailadmin_explore_root": always,
    "wagtailadmin_explore": explores_page,
    "wagtailadmin_explore_results": explores_page,
    "wagtailadmin_pages:search": always,
    "wagtailadmin_pages:search_results": always,
    "wagtailadmin_pages:add_subpage": adds_below_page,
    "wagtailadmin_pages:add": adds_below_page,
    "wagtailadmin_pages:preview_on_add": adds_below_page,
    "wagtailadmin_choose_page": chooses_below_page,
    "wagtailadmin_choose_page_child": chooses_below_page,
    "wagtailadmin_choose_page_search": always,
    "wagtailadmin_choose_page_external_link": always,
    "wagtailadmin_choose_page_email_link": always,
    "wagtailadmin_choose_page_phone_link": always,
    "wagtailadmin_choose_page_anchor_link": always,
    **{
        f"wagtailadmin_pages:{name}": opens_page
        for name in (
            "edit", "preview_on_edit", "view_draft", "unlock",
            "history", "history_results", "workflow_history", "workflow_history_detail",
            "revisions_index", "revisions_view", "revisions_revert", "revisions_compare",
            "workflow_action", "collect_workflow_action_data", "workflow_preview",
        )
    },
}  # fmt: skip


def open_door(view_name: str, check: Check = always) -> None:
    """Let people who are not staff through to `view_name` when `check(request, kwargs)` says so."""
    DOORS[view_name] = check


class EditorDoorsMiddleware:
    """Holds everybody below staff to `DOORS`, before Wagtail's own view runs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if not request.path_info.startswith("/admin/") or not request.user.is_authenticated:
            return None
        if role_of(request.user) >= Role.STAFF or not request.user.has_perm("wagtailadmin.access_admin"):
            return None  # staff go everywhere; whoever may not enter at all is told so elsewhere
        if is_open(request, kwargs):
            return None
        if request.headers.get("x-requested-with") == "XMLHttpRequest":
            raise PermissionDenied
        return permission_denied(request)  # type: ignore[no-any-return]


def is_open(request: HttpRequest, kwargs: dict[str, Any], doors: Mapping[str, Check] = DOORS) -> bool:
    """Whether the door at the address of `request` opens for the person who asks."""
    match = request.resolver_match
    check = doors.get(match.view_name) if match is not None else None
    return check is not None and check(request, kwargs)
