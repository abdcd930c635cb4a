"""What members' contributions write into the history of a page."""

from __future__ import annotations

from typing import Any

from wagtail import hooks

from hub.practices.domain.suggestions import TAKEN


@hooks.register("register_log_actions")
def contribution_log_actions(actions: Any) -> None:
    actions.register_action(TAKEN, "Take over an edit", "Took over a suggested edit")
