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

from hub.editorial.domain.work import waiting_for, work_of

SHOWN = 30
# These name pages by what somebody once did on them, also when they may not open them any more.
BY_PAST_DEEDS = (UserObjectsInWorkflowModerationPanel, RecentEditsPanel, LockedPagesPanel)


class SeatsPanel(Component):
    """The pages on which the person holds a seat, with where each stands, those first that wait for them."""

    name = "page_seats"
    order = 225  # after what waits for a decision
    template_name = "editorial/seats_panel.html"

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        user = parent_context["request"].user
        return {"work": work_of(user, most=SHOWN, reviews=waiting_for(user))}
