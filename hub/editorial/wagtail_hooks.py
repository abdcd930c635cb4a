"""What the hub adds to Wagtail's editor."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from wagtail import hooks
from wagtail.admin.action_menu import (
    ActionMenuItem,
    CancelWorkflowMenuItem,
    RestartWorkflowMenuItem,
    SaveDraftMenuItem,
)
from wagtail.admin.userbar import ContentCheckerItem
from wagtail.admin.widgets import Button
from wagtail.log_actions import LogFormatter
from wagtail_modeladmin.options import modeladmin_register

from hub.accounts.enums import Role
from hub.accounts.rules import role_of
from hub.editorial import references
from hub.editorial.desk import UpkeepDesk
from hub.editorial.links import OneQueryPageLinks, OpenDocumentLinks
from hub.editorial.panels import BY_PAST_DEEDS, SeatsPanel
from hub.editorial.views.checks import PageChecksView
from hub.editorial.views.editor import SeatPageViewSet
from hub.editorial.views.milestones import page_milestones
from hub.editorial.views.seats import people_on_page

modeladmin_register(UpkeepDesk)


@hooks.register("register_admin_viewset")
def page_views() -> SeatPageViewSet:
    return SeatPageViewSet()


@hooks.register("register_rich_text_features", order=10)  # after Wagtail's own
def discreet_links(features: Any) -> None:
    features.register_link_type(OneQueryPageLinks)
    features.register_link_type(OpenDocumentLinks)


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


# --- content checks ---------------------------------------------------------------------------------


class HubContentChecker(ContentCheckerItem):
    """Wagtail's checker, which looks at the page as readers get it, with one more rule of ours."""

    axe_run_only = [*ContentCheckerItem.axe_run_only, "hub-picture-without-words"]
    axe_custom_rules = [
        *ContentCheckerItem.axe_custom_rules,
        {
            "id": "hub-picture-without-words",
            "impact": "serious",
            "selector": 'main .figure img[alt=""]:not([role="presentation"])',
            "tags": ["best-practice"],
            "none": ["hub-is-there"],
            "enabled": True,
        },
    ]
    # What the selector of a rule finds is what is wrong: a check of axe's own that says yes to everything.
    axe_custom_checks = [
        *ContentCheckerItem.axe_custom_checks,
        {"id": "hub-is-there", "evaluate": "matches-definition-evaluate", "options": {"matcher": {}}},
    ]
    axe_messages = {
        **ContentCheckerItem.axe_messages,
        "hub-picture-without-words": {
            "error_name": "A picture without words",
            "help_text": "Say what it shows, or tick that it only decorates",
        },
    }


@hooks.register("construct_wagtail_userbar")
def hub_checker(request: HttpRequest, items: list[Any], page: Any) -> None:
    for place, item in enumerate(items):
        if isinstance(item, ContentCheckerItem):
            items[place] = HubContentChecker(in_editor=item.in_editor)


# --- people on this page ----------------------------------------------------------------------------


@hooks.register("register_admin_urls")
def seat_urls() -> list[Any]:
    return [
        path("page-people/<int:page_id>/", people_on_page, name="page_people"),
        path("page-milestones/<int:page_id>/", page_milestones, name="page_milestones"),
        path("page-checks/<int:page_id>/", PageChecksView.as_view(), name="page_checks"),
    ]


@hooks.register("register_page_header_buttons")
def people_button(page: Any, user: Any, next_url: str | None = None, view_name: str = "", **kwargs: Any) -> Any:
    """ "People on this page" in the menu of the editor's header."""
    permissions = page.permissions_for_user(user)
    if page.pk and page.depth > 1 and (permissions.can_edit() or permissions.can_manage_seats()):
        yield Button("People on this page", reverse("page_people", args=[page.pk]), icon_name="group", priority=5)


@hooks.register("register_log_actions")
def seat_log_actions(actions: Any) -> None:
    """Seats and votes are part of a page's history."""
    actions.register_action("hub.seat.offered", "Offer a seat", "Offered a seat on the page")
    actions.register_action("hub.seat.taken", "Take a seat", "Took a seat on the page")
    actions.register_action("hub.text.kept", "Keep a text", "Typed this while somebody else saved")

    @actions.register_action("hub.text.named")
    class NamedText(LogFormatter):
        label = "Name a text"

        def format_message(self, log_entry: Any) -> str:
            return f"Named the text “{log_entry.data.get('name', '')}”"

    actions.register_action("hub.seat.ended", "End a seat", "Ended a seat on the page")
    actions.register_action("hub.upkeep.still_true", "Still true", "Said that the page is still true")
    actions.register_action("hub.upkeep.needs_edit", "Needs an edit", "Said that the page needs an edit")
    actions.register_action("hub.upkeep.obsolete", "Obsolete", "Said that the page does not hold any more")
    actions.register_action("hub.seat.dated", "Date a seat", "Set when a seat on the page ends")
    actions.register_action("hub.page.handed_over", "Hand over", "Made somebody else responsible for the page")
    actions.register_action("hub.section.led", "Change leaders", "Changed who leads the section")
    actions.register_action("hub.external.offered", "Ask an external reviewer", "Asked an external reviewer")
    actions.register_action("hub.external.revoked", "Take a link back", "Took back the link of an external reviewer")
    actions.register_action("hub.external.remarked", "External remark", "An external reviewer remarked on the text")
    actions.register_action("hub.review.voted", "Vote in the review", "Said what they think of the text under review")
    actions.register_action("hub.review.taken_back", "Take a vote back", "Took back what they said in the review")


# --- the dashboard, and how the editor looks ---------------------------------------------------------


@hooks.register("construct_homepage_panels")
def arrange_dashboard(request: HttpRequest, panels: list[Any]) -> None:
    """Seats first. Panels that name pages by past deeds are for staff, who may open every page."""
    panels.append(SeatsPanel())
    if role_of(request.user) < Role.STAFF:
        panels[:] = [panel for panel in panels if not isinstance(panel, BY_PAST_DEEDS)]


@hooks.register("construct_homepage_summary_items", order=1000)
def hide_counts(request: HttpRequest, items: list[Any]) -> None:
    """Counts of everything there is are for staff."""
    if role_of(request.user) < Role.STAFF:
        items.clear()


@hooks.register("construct_main_menu", order=1000)
def show_open_doors(request: HttpRequest, menu_items: list[Any]) -> None:
    """People with a seat see the pages in the menu, and no item that leads to a closed door."""
    if role_of(request.user) < Role.STAFF:
        menu_items[:] = [item for item in menu_items if item.name == "explorer"]


@hooks.register("insert_editor_js")
def editor_js() -> str:
    scripts = ((static(f"js/{name}.js"),) for name in ("editor", "checks", "autosave", "mentions"))
    return format_html_join("\n", '<script type="module" src="{}"></script>', scripts)


@hooks.register("insert_global_admin_css")
def admin_css() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("css/admin.css"))
