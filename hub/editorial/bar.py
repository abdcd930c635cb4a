"""The line above a text in the editor: how it differs from what is live, and what is new in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wagtail.admin.panels import Panel


class TextsPanel(Panel):
    """Links to the comparisons of a text, one click each, and to its milestones."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "editorial/texts_bar.html"

        def is_shown(self) -> bool:
            return bool(self.instance.pk and self.instance.latest_revision_id and self.request)

        def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
            return {**super().get_context_data(parent_context), "page": self.instance, "user": self.request.user}
