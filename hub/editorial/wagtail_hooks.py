"""What the hub adds to Wagtail's editor."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.action_menu import (
    ActionMenuItem,
    CancelWorkflowMenuItem,
    RestartWorkflowMenuItem,
    SaveDraftMenuItem,
)

from hub.accounts.enums import Role
from hub.accounts.rules import role_of
from hub.editorial import references
from hub.editorial.views.editor import SeatPageViewSet


@hooks.register("register_admin_viewset")
def page_views() -> SeatPageViewSet:
    return SeatPageViewSet()


class SaveRemarksMenuItem(ActionMenuItem):
    """Keeps a reviewer's remarks; stands where authors have "Save draft"."""

    name = "action-save-remarks"
    label = "Save remarks"
    template_name = "editorial/save_remarks.html"


@hooks.register("construct_page_action_menu")
def offer_what_is_theirs(menu_items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """People who may not write the page get no buttons that write it; the decision comes before the remarks."""
    page = context.get("page")
    if page is None or not page.pk or page.permissions_for_user(request.user).can_change_text():
        return
    not_theirs = (SaveDraftMenuItem, CancelWorkflowMenuItem, RestartWorkflowMenuItem)
    menu_items[:] = [item for item in menu_items if not isinstance(item, not_theirs)]
    if not context.get("locked_for_user"):
        menu_items.append(SaveRemarksMenuItem(order=0))
        menu_items.sort(key=lambda item: item.order)


@hooks.register("construct_image_chooser_queryset")
@hooks.register("construct_document_chooser_queryset")
def offer_known_media(media: Any, request: HttpRequest) -> Any:
    """Offer what the person uploaded, and what is on pages they may know. (A title can be as telling as a page.)"""
    if role_of(request.user) >= Role.STAFF:
        return media
    return references.media_known_to(request.user, media)
