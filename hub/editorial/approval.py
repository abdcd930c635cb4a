"""What happens when a review is passed.

Imported by Wagtail while its own models load (`WAGTAIL_FINISH_WORKFLOW_ACTION`), so it imports nothing.
"""

from __future__ import annotations

from typing import Any


def publish_on_approval(workflow_state: Any, user: Any = None) -> None:
    """Publish the text that was approved, and no other. Passing the review *is* the authority to publish.

    Wagtail's own action asks whether the approver may publish by hand, and silently does nothing
    when they may not (docs/deviations.md). The rule that nobody approves their own text and the quorum are asked
    once more here, so that they also hold for workflows that staff put together, and for code that goes round a task.
    """
    from hub.editorial import quorum, reviews, rules  # not before Wagtail's models are there

    page = workflow_state.content_object
    task_state = workflow_state.current_task_state
    revision = task_state.revision if task_state is not None else page.get_latest_revision()
    if revision.pk != page.latest_revision_id:
        raise reviews.TextChanged
    approver = task_state.finished_by if task_state is not None else user
    for person in {user, approver} - {None}:
        if reason := rules.why_not_approve(page.pk, revision, person):
            raise reviews.MayNotReview(reason)
    for task in reviews.PeerReviewTask.objects.filter(workflow_tasks__workflow=workflow_state.workflow_id, active=True):
        state = workflow_state.task_states.filter(task_id=task.pk).order_by("-pk").first()
        if state is None or not quorum.standing_of(state.specific).reached:
            raise reviews.MayNotReview("Not everybody who has to has approved this text, so it is not published.")
    revision.publish(user=user, skip_permission_checks=True)
