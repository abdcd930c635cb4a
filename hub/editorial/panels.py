"""The dashboard of the editor: what waits for me, the pages I work on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wagtail.admin.ui.components import Component
from wagtail.admin.views.home import (
    LockedPagesPanel,
    RecentEditsPanel,
    UserObjectsInWorkflowModerationPanel,
)

from hub.pages.models import BasePage, PageSeat

SHOWN = 30
# These name pages by what somebody once did on them, also when they may not open them any more.
BY_PAST_DEEDS = (UserObjectsInWorkflowModerationPanel, RecentEditsPanel, LockedPagesPanel)


class SeatsPanel(Component):
    """The pages on which the person holds a seat, with where each stands."""

    name = "page_seats"
    order = 225  # after what waits for a decision
    template_name = "editorial/seats_panel.html"

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        user = parent_context["request"].user
        seats = (
            PageSeat.objects.filter(user_id=user.pk)
            .select_related("page", "page__content_type")
            .order_by("-page__latest_revision_created_at")[:SHOWN]
        )
        return {"rows": [{"seat": seat, "page": seat.page, "state": state_of(seat.page)} for seat in seats]}


def state_of(page: BasePage) -> str:
    """Where a page stands, in the words of those who write it."""
    review = page.current_workflow_state
    if review is not None and review.status == review.STATUS_NEEDS_CHANGES:
        return "Changes asked for"
    if review is not None:
        return "In review"
    if page.live:
        return "Published, with newer edits" if page.has_unpublished_changes else "Published"
    return "Draft"
