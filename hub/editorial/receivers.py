"""Sets up the review after `migrate`, and tells people what happens in one."""

from __future__ import annotations

from typing import Any

from django.apps import apps as django_apps
from django.contrib.auth.models import Group
from django.db.models.signals import post_delete, post_migrate, post_save
from django.dispatch import receiver
from wagtail.models import Revision, TaskState, WorkflowState
from wagtail.signals import (
    page_published,
    task_submitted,
    workflow_approved,
    workflow_cancelled,
    workflow_rejected,
    workflow_submitted,
)

from hub.editorial import signals
from hub.editorial.domain import news, upkeep, votes
from hub.editorial.domain.workflows import sync_workflows
from hub.editorial.models import SectionLeadership
from hub.editorial.strictness import stricter

# Wagtail mails from inside the transaction, before it is known to hold, and never to co-authors. Ours
# take the very places of its four receivers: a signal knows a receiver by sender and dispatch_uid, so it
# does not matter whether Wagtail's are connected before or after ours.
TASK_SUBMITTED = "group_approval_task_submitted_email_notification"
SUBMITTED = "workflow_state_submitted_email_notification"
REJECTED = "workflow_state_rejected_email_notification"
APPROVED = "workflow_state_approved_email_notification"


def take_over_wagtails_mail() -> None:
    """Put ours in the places of Wagtail's four e-mail notifiers."""
    for signal, sender, uid, ours in (
        (task_submitted, TaskState, TASK_SUBMITTED, on_handed_in),
        (workflow_submitted, WorkflowState, SUBMITTED, on_workflow_submitted),
        (workflow_rejected, WorkflowState, REJECTED, on_changes_requested),
        (workflow_approved, WorkflowState, APPROVED, on_published),
    ):
        signal.disconnect(sender=sender, dispatch_uid=uid)
        signal.connect(ours, sender=sender, dispatch_uid=uid)
    task_submitted.connect(on_peer_review, dispatch_uid="hub_peer_review_submitted")
    page_published.connect(on_live, dispatch_uid="hub_upkeep_published")
    workflow_cancelled.connect(on_review_ended, sender=WorkflowState, dispatch_uid="hub_review_ended")


def on_handed_in(instance: TaskState, user: Any = None, **kwargs: Any) -> None:
    """One of Wagtail's own tasks waits for somebody."""
    news.handed_in(instance, actor=user)


def on_peer_review(sender: type, instance: TaskState, user: Any = None, **kwargs: Any) -> None:
    """A task of another kind than Wagtail's own waits for somebody."""
    if sender is not TaskState:
        news.handed_in(instance, actor=user)


def on_workflow_submitted(**kwargs: Any) -> None:
    """Nothing to tell: the first task of the workflow has told everybody."""


def on_changes_requested(instance: WorkflowState, user: Any = None, **kwargs: Any) -> None:
    news.changes_requested(instance, actor=user)


def on_published(instance: WorkflowState, user: Any = None, **kwargs: Any) -> None:
    news.published(instance, actor=user)


def on_live(instance: Any, **kwargs: Any) -> None:
    """A text went live, by whichever way."""
    upkeep.published(instance)


def on_review_ended(instance: WorkflowState, user: Any = None, **kwargs: Any) -> None:
    news.review_ended(instance, actor=user)


@receiver(post_delete, sender=SectionLeadership)
def dissolve_group(instance: SectionLeadership, **kwargs: Any) -> None:
    """A section is gone, and with it the group of those who led it: it opens the editor for nothing any more."""
    Group.objects.filter(pk=instance.group_id).delete()


@receiver(signals.vote_cast, dispatch_uid="editorial_vote_cast")
def on_vote(state: Any, vote: Any, standing: Any, **kwargs: Any) -> None:
    news.voted(state, vote=vote, standing=standing)


@receiver(signals.handed_over, dispatch_uid="editorial_handed_over")
def on_handed_over(state: Any, user: Any, to: Any, note: str, **kwargs: Any) -> None:
    news.handed_over(state, actor=user, to=to, note=note)


@receiver(post_save, sender=Revision, dispatch_uid="editorial_text_changed")
def on_new_text(instance: Revision, created: bool, raw: bool = False, **kwargs: Any) -> None:
    """What was approved is not what lies there now."""
    if created and not raw:
        votes.void_overtaken(instance)


@receiver(post_migrate, dispatch_uid="editorial_sync_workflows")
def set_up_review(sender: Any, apps: Any = django_apps, using: str = "default", **kwargs: Any) -> None:
    """A hub that was just migrated reviews its pages; not while it is migrated back to a time before reviews."""
    if sender.label != "editorial" or using != "default":
        return
    needed = ["pages.basepage", "editorial.reviewvote", *(wanted.section.lower() for wanted in stricter())]
    if all(name in apps.all_models.get(app, {}) for app, _, name in (model.partition(".") for model in needed)):
        sync_workflows()
