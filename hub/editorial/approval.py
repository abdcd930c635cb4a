"""What happens when a review is passed.

Imported by Wagtail while its own models load (`WAGTAIL_FINISH_WORKFLOW_ACTION`), so it imports nothing.
"""

from __future__ import annotations

from typing import Any


def publish_on_approval(workflow_state: Any, user: Any = None) -> None:
    """Publish the approved text. Passing the review *is* the authority to publish.

    Wagtail's own action asks whether the approver may publish by hand, and silently does nothing
    when they may not (docs/deviations.md).
    """
    revision = workflow_state.content_object.get_latest_revision()
    revision.publish(user=user, skip_permission_checks=True)
