"""The review of a page by peers: Wagtail's workflow task in which nobody approves their own text."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Exists, IntegerField, OuterRef, Q
from django.db.models.functions import Cast
from django.utils import timezone
from wagtail.models import Task, TaskState

from hub.accounts.enums import Role
from hub.accounts.rules import role_of
from hub.editorial import rules
from hub.editorial.enums import BylineRole
from hub.kernel.errors import HubError
from hub.pages.enums import PageSeatRole
from hub.pages.models import BasePage, PageSeat


class MayNotReview(HubError, PermissionDenied):
    """This person may not do this in the review of this page. Wagtail's own views know it as a denied permission."""


class TextChanged(HubError, PermissionDenied):
    """The text under review is not the text that lies there now: it has to be read again first."""

    def __init__(self) -> None:
        super().__init__("The text was changed after it was handed in. Read it as it is now, then decide.")


class PeerReviewState(TaskState):
    """One text of one page waiting for, or decided by, a peer. It holds its own rules, whichever door is used."""

    class Meta:
        verbose_name = "peer review"
        verbose_name_plural = "peer reviews"

    @property
    def page_id(self) -> int:
        """The page under review, whatever page the address of a request names."""
        return int(self.workflow_state.object_id)

    @transaction.atomic
    def approve(self, user: Any = None, update: bool = True, comment: str = "") -> Any:
        """Approve exactly the text handed in, as somebody who did not write it. The last step publishes it."""
        page = BasePage.objects.select_for_update().get(pk=self.page_id)
        self._check_reviewer(user)
        if reason := rules.why_not_approve(page.pk, self.revision, user):
            raise MayNotReview(reason)
        if page.latest_revision_id != self.revision_id:
            raise TextChanged
        return super().approve(user=user, update=update, comment=comment)

    @transaction.atomic
    def reject(self, user: Any = None, update: bool = True, comment: str = "") -> Any:
        """Ask the authors for changes, and say which."""
        self._check_reviewer(user)
        return super().reject(user=user, update=update, comment=comment)

    def _check_reviewer(self, user: Any) -> None:
        if self.status != self.STATUS_IN_PROGRESS:
            raise TextChanged if self.status == self.STATUS_CANCELLED else MayNotReview("This review is over already.")
        if user is None:
            return  # the system itself, in a command
        task = self.task.specific
        groups = task.groups.all() if isinstance(task, PeerReviewTask) else ()
        if not rules.may_review(self.page_id, user, groups):
            raise MayNotReview(
                rules.why_not_approve(self.page_id, self.revision, user)
                or "You are not asked to review this page. Its authors can give you a reviewer’s seat."
            )


class PeerReviewTask(Task):
    """Peers read a page before it is published: those with a reviewer's seat on it, staff, and chosen groups."""

    groups = models.ManyToManyField(
        Group, blank=True, verbose_name="also these groups",
        help_text="People in these groups may review every page, beside staff and those with a reviewer’s seat on it.",
    )  # fmt: skip

    admin_form_fields = [*Task.admin_form_fields, "groups"]
    admin_form_widgets = {"groups": forms.CheckboxSelectMultiple}
    task_state_class = PeerReviewState

    class Meta:
        verbose_name = "peer review task"
        verbose_name_plural = "peer review tasks"

    @classmethod
    def get_description(cls) -> str:
        return "Staff, people with a reviewer’s seat and chosen groups can approve; nobody their own text"

    def user_can_access_editor(self, obj: Any, user: Any) -> bool:
        return rules.may_review(obj.pk, user, self.groups.all())

    def locked_for_user(self, obj: Any, user: Any) -> bool:
        """Nobody is locked out: authors may go on writing, and what they change has to be read again.

        Reviewers write remarks, not text; the editor itself sees to that (`editorial.views.editor`).
        """
        return False

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, str, bool]]:
        if not rules.may_review(obj.pk, user, self.groups.all()):
            return []
        actions = [("reject", "Request changes", True)]
        page = BasePage.objects.filter(pk=obj.pk).select_related("latest_revision").first()
        if page is not None and not rules.changed_last(page.latest_revision, user):
            actions += [("approve", "Approve", False), ("approve", "Approve with comment", True)]
        return actions

    @transaction.atomic
    def on_action(self, task_state: TaskState, user: Any, action_name: str, **kwargs: Any) -> Any:
        """Carry out "approve" or "reject". Raises MayNotReview or TextChanged; then nothing has happened."""
        return super().on_action(task_state.specific, user, action_name, **kwargs)

    @transaction.atomic
    def catch_up(self, task_state: TaskState, user: Any = None) -> TaskState:
        """Put the newest text of the page under review instead of the one that was handed in.

        Side effects: the old task state is cancelled, a new one takes its place; nobody is told, for
        the review goes on. Links to the old one no longer approve anything.
        """
        task_state.status = TaskState.STATUS_CANCELLED
        task_state.finished_at = timezone.now()
        task_state.finished_by = user
        task_state.save()
        workflow_state = task_state.workflow_state
        newest = super().start(workflow_state, user=user)
        workflow_state.current_task_state = newest
        workflow_state.save()
        return newest  # type: ignore[no-any-return]

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> Any:
        """What waits for this person: reviews they were asked for, without their own pages and their own last words."""
        waiting = TaskState.objects.filter(task_id=self.pk, status=TaskState.STATUS_IN_PROGRESS)
        page_id = Cast(OuterRef("workflow_state__object_id"), IntegerField())
        seats = PageSeat.objects.filter(page_id=page_id, user_id=user.pk)
        own = BasePage.objects.filter(pk=page_id).filter(
            Q(owner_id=user.pk)
            | Q(latest_revision__user_id=user.pk)
            | Q(bylines__role=BylineRole.AUTHOR, bylines__person__user_id=user.pk)
        )
        waiting = waiting.exclude(Exists(own)).exclude(Exists(seats.filter(role=PageSeatRole.CO_AUTHOR)))
        if role_of(user) < Role.STAFF and not user.groups.filter(pk__in=self.groups.all()).exists():
            waiting = waiting.filter(Exists(seats.filter(role=PageSeatRole.REVIEWER)))
        return waiting
