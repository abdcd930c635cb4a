"""The review of a page by peers: Wagtail's workflow task in which several people read side by side.

Its buttons, dashboard and history are Wagtail's. What is added is that an approval is a vote: it is bound to
the text that was read, nobody gives it to their own, and the page is published when enough of them count.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.core.validators import MinValueValidator
from django.db import models, transaction
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.functional import cached_property
from wagtail.locks import WorkflowLock
from wagtail.log_actions import log
from wagtail.models import PageLogEntry, Task, TaskState

from hub.accounts.enums import Role
from hub.accounts.models import User
from hub.accounts.rules import role_of
from hub.editorial import quorum, rules, signals
from hub.editorial.enums import BylineRole, Decision, Reminded, VoidedBy
from hub.kernel.errors import HubError
from hub.pages.enums import PageSeatRole
from hub.pages.locks import lock_tree
from hub.pages.models import BasePage, PageSeat

REMIND_BEFORE = timedelta(days=3)


class MayNotReview(HubError, PermissionDenied):
    """This person may not do this in the review of this page. Wagtail's own views know it as a denied permission."""


class TextChanged(HubError, PermissionDenied):
    """The text under review is not the text that lies there now: it has to be read again first."""

    def __init__(self) -> None:
        super().__init__("The text was changed after it was handed in. Read it as it is now, then decide.")


class PeerReviewState(TaskState):
    """One text of one page waiting for, or decided by, its reviewers. It holds its own rules, whichever door is used.

    Every method that changes it takes the lock of the page first, so that two votes at once are two votes.
    """

    due_on = models.DateField(null=True, blank=True)
    reminded = models.PositiveSmallIntegerField(choices=Reminded.choices, default=Reminded.NOT_YET)
    answer = models.TextField("what its authors answered to a request for changes", blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = "peer review"
        verbose_name_plural = "peer reviews"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding and self.due_on is None and self.peer_task.days:
            self.due_on = timezone.localdate() + timedelta(days=self.peer_task.days)
            if self.due_on <= timezone.localdate() + REMIND_BEFORE:
                self.reminded = Reminded.SOON  # they are being asked just now
        super().save(*args, **kwargs)

    @property
    def page_id(self) -> int:
        """The page under review, whatever page the address of a request names."""
        return int(self.workflow_state.object_id)

    @cached_property
    def peer_task(self) -> PeerReviewTask:
        """The task with its own fields."""
        return PeerReviewTask.objects.get(pk=self.task_id)

    def approve(self, user: Any = None, update: bool = True, comment: str = "") -> Any:
        """Wagtail's way to approve: one vote for exactly the text handed in. The last one needed publishes it."""
        self.vote(by=user, decision=Decision.APPROVE, comment=comment, revision_id=self.revision_id)
        return self

    def reject(self, user: Any = None, update: bool = True, comment: str = "") -> Any:
        """Wagtail's way to ask for changes: one vote against the text, saying what is to change."""
        self.vote(by=user, decision=Decision.CHANGES, comment=comment, revision_id=self.revision_id)
        return self

    @transaction.atomic
    def vote(self, *, by: Any, decision: Decision, comment: str = "", revision_id: int) -> Any:
        """Count one person's word on the text `revision_id`: `by` is a User or an ExternalReview.

        Raises MayNotReview or TextChanged; then nothing has happened. Side effects: the person's earlier
        votes in this review are replaced; a request for changes hands the page back; the approval that
        completes the quorum publishes the page, or schedules it when it has a date.
        """
        page = self._lock()
        decision, comment = Decision(decision), comment.strip()
        member = by if isinstance(by, User) else None
        external = None if member else by
        self._check_open()
        if revision_id != self.revision_id:
            raise TextChanged
        self._check_voter(member, external, decision)
        if decision == Decision.APPROVE and page.latest_revision_id != self.revision_id:
            raise TextChanged
        if decision == Decision.CHANGES and not comment:
            raise MayNotReview("Say what has to change, so that the authors know what to do.")
        for earlier in [*self.votes.standing(), *quorum.open_requests(self)]:
            if earlier.email == by.email.lower():
                earlier.void(VoidedBy.NEWER_VOTE)
        vote = self.votes.create(
            revision_id=revision_id, user=member, external=external, decision=decision, comment=comment
        )
        log(instance=page.specific, action="hub.review.voted", user=member, data={"vote": str(vote)})
        if decision == Decision.CHANGES:
            super().reject(user=member, comment=comment if member else f"{vote.voter_name}: {comment}")
        else:
            self._settle(vote)
        return vote

    @transaction.atomic
    def take_back(self, user: User) -> None:
        """Take back one's own word. Without a request for changes that held it up, the page may be published."""
        page = self._lock()
        self._check_open()
        mine = [
            vote for vote in [*self.votes.standing(), *quorum.open_requests(self)] if vote.user_id == user.pk
        ]  # fmt: skip
        if not mine:
            raise MayNotReview("There is no decision of yours to take back in this review.")
        for vote in mine:
            vote.void(VoidedBy.VOTER)
        log(instance=page.specific, action="hub.review.taken_back", user=user)
        if page.latest_revision_id == self.revision_id:
            self._settle(None)

    @transaction.atomic
    def claim(self, user: User) -> None:
        """Say "I take this on": as long as enough people have, nobody else is asked again."""
        self._lock()
        self._check_open()
        self._check_voter(user, None, Decision.CHANGES)
        self.claims.get_or_create(user=user)

    @transaction.atomic
    def release(self, user: User) -> None:
        """Give the review back: those who were asked are asked again."""
        self._lock()
        self.claims.filter(user=user).delete()

    @transaction.atomic
    def hand_over(self, user: User, to: User | None, note: str = "") -> None:
        """Ask somebody else to review in one's place. They are told, and may give it back."""
        self._lock()
        self._check_open()
        self._check_voter(user, None, Decision.CHANGES)
        if to is None or to.pk == user.pk or not rules.may_review(self.page_id, to, self.peer_task):
            raise MayNotReview("This person cannot review this page. Choose somebody with a reviewer’s seat, or staff.")
        self.claims.filter(user=user).delete()
        self.claims.get_or_create(user=to)
        signals.handed_over.send(sender=type(self), state=self, user=user, to=to, note=note.strip())

    def take_over_from(self, earlier: PeerReviewState) -> None:
        """Go on where an earlier state of the same review ended: who took it on, and what still stands."""
        earlier.claims.update(task_state=self)
        earlier.votes.standing().filter(decision=Decision.APPROVE).update(task_state=self)

    def _lock(self) -> BasePage:
        """The page, locked until the transaction ends, and this state as it is now and not as it was loaded."""
        lock_tree()
        page: BasePage = BasePage.objects.select_for_update().get(pk=self.page_id)
        self.refresh_from_db()
        return page

    def _check_open(self) -> None:
        review = self.workflow_state
        if self.status == self.STATUS_CANCELLED and review.status == review.STATUS_IN_PROGRESS:
            raise TextChanged
        if self.status != self.STATUS_IN_PROGRESS or review.current_task_state_id != self.pk:
            raise MayNotReview("This review is over already. Look at the page to see what became of it.")

    def _check_voter(self, member: User | None, external: Any, decision: Decision) -> None:
        """Raise MayNotReview with the reason, unless this person may do this."""
        if member is None and external is None:
            raise MayNotReview("A review is decided by people, not by a program.")
        if external is not None:
            approves = decision == Decision.APPROVE
            reason = rules.why_not_external(self.page_id, self.revision, external, approve=approves)
            if approves and not self.peer_task.external_approvals:
                reason = reason or "Pages like this one are approved by people of the community only."
        elif not rules.may_review(self.page_id, member, self.peer_task):
            reason = rules.why_not_approve(self.page_id, self.revision, member) or (
                "You are not asked to review this page. Its authors can give you a reviewer’s seat."
            )
        elif decision == Decision.APPROVE:
            reason = rules.why_not_approve(self.page_id, self.revision, member)
        else:
            reason = ""
        if reason:
            raise MayNotReview(reason)

    def _settle(self, vote: Any) -> None:
        """Pass the review if nothing is missing; otherwise say, where Wagtail shows a task's comment, what is."""
        standing = quorum.standing_of(self)
        words = [f"{one}: {one.comment}" if one.comment else f"{one}." for one in standing.approvals]
        if standing.reached:
            last = standing.approvals[-1]
            alone = last.comment if len(standing.approvals) == 1 and last.user else "\n".join(words)
            super().approve(user=last.user, comment=alone)
            return
        self.comment = "\n".join([*words, standing.sentence])
        self.save(update_fields=["comment"])
        if vote is not None:
            signals.vote_cast.send(sender=type(self), state=self, vote=vote, standing=standing)


class OpenReview(WorkflowLock):
    """What the editor says about a page in review. It locks nobody out (`PeerReviewTask.locked_for_user`)."""

    def get_icon(self, user: Any, can_lock: bool = False) -> str:
        return "clipboard-list"

    def get_locked_by(self, user: Any, can_lock: bool = False) -> str:
        return "In review, and open"

    def get_description(self, user: Any, can_lock: bool = False) -> str:
        return "Its authors may go on writing. What they change has to be read again."


class PeerReviewTask(Task):
    """Peers read a page before it is published: those with a reviewer's seat on it, staff, chosen people and groups."""

    quorum = models.PositiveSmallIntegerField(
        "how many have to approve", default=1, validators=[MinValueValidator(1)],
        help_text="They read side by side. One person counts once, and nobody for their own text.",
    )  # fmt: skip
    staff_approve = models.BooleanField("one of them has to be staff", default=False)
    external_approvals = models.BooleanField(
        "external reviewers count, too", default=True,
        help_text="People outside who were sent a link. They never suffice: somebody of the community has to approve.",
    )  # fmt: skip
    days = models.PositiveSmallIntegerField(
        "days to review", default=14, help_text="Reminders go out three days before, on the day, and three days after."
    )
    groups = models.ManyToManyField(
        Group, blank=True, verbose_name="also these groups",
        help_text="People in these groups may review every page, beside staff and those with a reviewer’s seat on it.",
    )  # fmt: skip
    people = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, verbose_name="also these people", related_name="+",
        limit_choices_to=Q(is_active=True, groups__name__in=[Role.LEADER.group_name, Role.STAFF.group_name]),
        help_text="They may review every page, too.",
    )  # fmt: skip

    admin_form_fields = [
        *Task.admin_form_fields, "quorum", "staff_approve", "external_approvals", "days", "groups", "people",
    ]  # fmt: skip
    admin_form_widgets = {"groups": forms.CheckboxSelectMultiple, "people": forms.CheckboxSelectMultiple}
    task_state_class = PeerReviewState
    lock_class = OpenReview

    class Meta:
        verbose_name = "peer review task"
        verbose_name_plural = "peer review tasks"

    @classmethod
    def get_description(cls) -> str:
        return "Staff, people with a reviewer’s seat and those chosen here read side by side; nobody their own text"

    def start(self, workflow_state: Any, user: Any = None) -> Any:
        """Ask for the review; claims, and approvals that edits do not void, go on from the round before."""
        before = PeerReviewState.objects.filter(workflow_state=workflow_state, task_id=self.pk).order_by("-pk").first()
        state = super().start(workflow_state, user=user)
        if before is not None:
            state.take_over_from(before)
        return state

    def user_can_access_editor(self, obj: Any, user: Any) -> bool:
        return rules.may_review(obj.pk, user, self)

    def locked_for_user(self, obj: Any, user: Any) -> bool:
        """Nobody is locked out: authors may go on writing, and what they change has to be read again.

        Reviewers write remarks, not text; the editor itself sees to that (`editorial.views.editor`).
        """
        return False

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, str, bool]]:
        if not rules.may_review(obj.pk, user, self):
            return []
        page = BasePage.objects.filter(pk=obj.pk).select_related("latest_revision").first()
        state = page.current_workflow_task_state if page is not None else None
        if page is None or not isinstance(state, PeerReviewState) or state.task_id != self.pk:
            return []
        mine = [
            vote for vote in [*state.votes.standing(), *quorum.open_requests(state)] if vote.user_id == user.pk
        ]  # fmt: skip
        approved = any(
            vote.decision == Decision.APPROVE and vote.revision_id == page.latest_revision_id for vote in mine
        )
        actions = [("reject", "Request changes", True)]
        if not approved and not rules.changed_last(page.latest_revision, user):
            actions += [("approve", "Approve", False), ("approve", "Approve with comment", True)]
        if mine:
            actions.append(("take_back", "Take back my decision", False))
        if state.claims.filter(user=user).exists():
            actions.append(("release", "Give the review back", False))
        elif not approved:
            actions.append(("claim", "Take on the review", False))
        if not approved:
            actions.append(("hand_over", "Hand over the review", True))
        return actions

    @transaction.atomic
    def on_action(
        self, task_state: TaskState, user: Any, action_name: str, comment: str = "", to: str = "", **kwargs: Any
    ) -> None:
        """Carry out a button of `get_actions`. Raises MayNotReview or TextChanged; then nothing has happened."""
        state = task_state.specific
        match action_name:
            case "take_back":
                state.take_back(user)
            case "claim":
                state.claim(user)
            case "release":
                state.release(user)
            case "hand_over":
                state.hand_over(user, User.objects.filter(pk=to or None).first(), note=comment)
            case _:
                super().on_action(state, user, action_name, comment=comment, **kwargs)

    @transaction.atomic
    def catch_up(self, task_state: TaskState, user: Any = None) -> TaskState:
        """Put the newest text of the page under review instead of the one that was handed in.

        Side effects: the old task state is cancelled, a new one takes its place, due on the same day; nobody is
        told, for the review goes on. Links to the old one no longer approve anything.
        """
        old = task_state.specific
        old.status = TaskState.STATUS_CANCELLED
        old.finished_at = timezone.now()
        old.finished_by = user
        old.save()
        workflow_state = old.workflow_state
        newest = self.start(workflow_state, user=user)
        newest.due_on, newest.reminded = old.due_on, old.reminded
        newest.save()
        workflow_state.current_task_state = newest
        workflow_state.save()
        return newest  # type: ignore[no-any-return]

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> Any:
        """What waits for this person: reviews they were asked for, have not approved, and nobody took on for them.

        Their own pages and their own last words never wait for them.
        """
        waiting = TaskState.objects.filter(task_id=self.pk, status=TaskState.STATUS_IN_PROGRESS)
        page_id = Cast(OuterRef("workflow_state__object_id"), IntegerField())
        seats = PageSeat.objects.filter(page_id=page_id, user_id=user.pk)
        wrote = PageSeat.ever.filter(page_id=page_id, user_id=user.pk, role=PageSeatRole.CO_AUTHOR)
        gave_up = PageLogEntry.objects.filter(page_id=page_id, action__in=rules.GIVEN_UP, data__author=user.pk).filter(
            Q(page__last_published_at__isnull=True) | Q(timestamp__gt=F("page__last_published_at"))
        )
        own = BasePage.objects.filter(pk=page_id).filter(
            Q(owner_id=user.pk)
            | Q(latest_revision__user_id=user.pk)
            | Q(bylines__role=BylineRole.AUTHOR, bylines__person__user_id=user.pk)
        )
        waiting = waiting.exclude(Exists(own)).exclude(Exists(wrote)).exclude(Exists(gave_up))
        chosen = self.people.filter(pk=user.pk).exists() or self.groups.filter(user=user.pk).exists()
        if role_of(user) < Role.STAFF and not chosen:
            waiting = waiting.filter(Exists(seats.filter(role=PageSeatRole.REVIEWER)))
        this = PeerReviewState.objects.filter(pk=OuterRef("pk"))
        approved = this.filter(
            votes__user_id=user.pk, votes__decision=Decision.APPROVE, votes__voided_at__isnull=True
        )  # fmt: skip
        others = this.alias(others=Count("claims", filter=~Q(claims__user_id=user.pk))).filter(others__gte=self.quorum)
        mine = this.filter(claims__user_id=user.pk)
        return waiting.exclude(Exists(approved)).exclude(Exists(others) & ~Exists(mine))
