"""Asking somebody outside to read one text, and what they say about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Revision

from hub.accounts.enums import Role
from hub.accounts.models import User
from hub.accounts.rules import role_of
from hub.editorial import kinds, rules, tasks
from hub.editorial.domain import votes
from hub.editorial.domain.people import seat_holders
from hub.editorial.enums import Decision
from hub.editorial.models import ExternalRemark, ExternalReview, PeerReviewState
from hub.kernel.errors import HubError
from hub.notifications.domain.news import tell, unique_people
from hub.notifications.enums import Needs
from hub.pages.enums import PageSeatRole
from hub.pages.locks import lock_tree
from hub.pages.models import BasePage

OPEN_FOR = timedelta(days=14)
LONGEST = timedelta(days=90)
MOST_OPEN = 10  # per page: each link is a draft in somebody's mailbox
MOST_REMARKS = 100  # per link


class ExternalError(HubError):
    """Somebody outside cannot be asked, or cannot say something, like this; the message says why."""


@transaction.atomic
def ask(
    *, page: BasePage, email: str, name: str, invited_by: User, may_approve: bool = False, until: datetime | None = None
) -> ExternalReview:
    """Send `email` a link to the newest text of the page, and to nothing else. An open link to that address ends.

    `may_approve` is for those to give who might approve the text themselves: nobody lets their own text
    through by naming somebody who does. Side effects: an entry in the page's history; a mail after commit.
    """
    if not page.permissions_for_user(invited_by).can_manage_seats():
        raise PermissionDenied
    page = BasePage.objects.select_for_update().select_related("latest_revision").get(pk=page.pk)
    if page.latest_revision is None:
        raise ExternalError("There is no text to send yet. Open the page in the editor and save it once.")
    now = timezone.now()
    until = until or now + OPEN_FOR
    if not now < until <= now + LONGEST:
        raise ExternalError(f"A link opens for {LONGEST.days} days at most. Choose a day between now and then.")
    email = User.objects.normalize_email(email)
    account = User.objects.filter(email=email).first()
    if account is not None and rules.is_author(page.pk, account):
        raise ExternalError("This person writes the page. Ask somebody who does not.")
    if may_approve and (reason := why_not_let_approve(page, page.latest_revision, invited_by)):
        raise ExternalError(reason)
    earlier = page.external_reviews.open().filter(email=email)
    if page.external_reviews.open().exclude(email=email).count() >= MOST_OPEN:
        raise ExternalError(f"{MOST_OPEN} links to this page are open. Take one of them back first.")
    earlier.update(revoked_at=now)
    review = ExternalReview.objects.create(
        page=page,
        revision=page.latest_revision,
        email=email,
        name=" ".join(name.split()),
        may_approve=may_approve,
        invited_by=invited_by,
        expires_at=until,
    )
    log(instance=page.specific, action="hub.external.offered", user=invited_by, data={"name": review.name})
    transaction.on_commit(lambda: tasks.mail_external_review.enqueue(review.pk))
    return review


def why_not_let_approve(page: BasePage, revision: Revision, user: User) -> str:
    """Why `user` may not let somebody outside approve this text; empty when they may."""
    if role_of(user) < Role.STAFF:
        return "Only staff can let somebody outside approve a page. They can read, remark and ask for changes."
    if rules.why_not_approve(page.pk, revision, user):
        return "The text is your own, so somebody else on the staff has to name who approves it."
    return ""


@transaction.atomic
def send_newest(review: ExternalReview, *, by: User) -> ExternalReview:
    """Take the link back and send one to the newest text, with the same rights and for as long as the first was for."""
    lasting = max(review.expires_at - review.created_at, timedelta(days=1))
    page = review.page
    newest = page.latest_revision or review.revision
    may_approve = review.may_approve and not why_not_let_approve(page, newest, by)
    return ask(
        page=page,
        email=review.email,
        name=review.name,
        invited_by=by,
        may_approve=may_approve,
        until=timezone.now() + min(lasting, LONGEST),
    )


@transaction.atomic
def revoke(review: ExternalReview, *, by: User) -> None:
    """Take the link back; it opens nothing from this moment on. What was said through it stays."""
    if not review.page.permissions_for_user(by).can_manage_seats():
        raise PermissionDenied
    if review.is_open:
        review.revoked_at = timezone.now()
        review.save(update_fields=["revoked_at"])
        log(instance=review.page.specific, action="hub.external.revoked", user=by, data={"name": review.name})


@transaction.atomic
def remark(review: ExternalReview, *, text: str, passage: str = "") -> ExternalRemark:
    """Say something about the text. Told to those who write the page and to whoever asked, after commit."""
    review = _held(review)
    if review.remarks.count() >= MOST_REMARKS:
        raise ExternalError(f"{MOST_REMARKS} remarks are as many as one link holds. Write the rest by mail.")
    said = ExternalRemark.objects.create(review=review, text=text, passage=passage)
    page = review.page
    log(instance=page.specific, action="hub.external.remarked", data={"name": review.name})
    for user in unique_people([*seat_holders(page, PageSeatRole.CO_AUTHOR), review.invited_by]):
        if page.permissions_for_user(user).can_edit():
            tell(
                user,
                kind=kinds.EXTERNAL_SAID,
                text=f"{review.name} remarked on “{page.draft_title or page.title}” from outside",
                url=reverse("page_people", args=[page.pk]),
                detail=f"“{passage}”\n\n{text}" if passage else text,
                page=page,
                needs=Needs.OPEN,
            )
    return said


@dataclass(frozen=True)
class Standing:
    """Where an external review stands: what its reader may do now, and if not, why."""

    has_newer: bool
    task_state: Any = None  # the review that waits for a decision
    may_approve: bool = False
    why_not: str = ""

    @property
    def may_decide(self) -> bool:
        """Whether there is anything to decide, and it is this reader's to decide."""
        return self.task_state is not None and not self.why_not


def standing(review: ExternalReview) -> Standing:
    """What the reader of `review` may do at this moment.

    Deciding is about the very text they see: it has to be the newest one, and under review.
    """
    page = BasePage.objects.get(pk=review.page_id)
    if page.latest_revision_id != review.revision_id:
        return Standing(has_newer=True, why_not="A newer draft exists, so this text can no longer be decided on.")
    state = page.current_workflow_task_state and page.current_workflow_task_state.specific
    if not isinstance(state, PeerReviewState):
        return Standing(has_newer=False, why_not="The text is not in review, so there is nothing to decide now.")
    if reason := rules.why_not_external(page.pk, review.revision, review, approve=False):
        return Standing(has_newer=False, why_not=reason)
    approves = not rules.why_not_external(page.pk, review.revision, review, approve=True)
    return Standing(has_newer=False, task_state=state, may_approve=approves and state.peer_task.external_approvals)


def opened(review: ExternalReview) -> None:
    """Take down that the link was followed, the first time."""
    if review.opened_at is None:
        ExternalReview.objects.filter(pk=review.pk, opened_at=None).update(opened_at=timezone.now())


@transaction.atomic
def decide(review: ExternalReview, decision: str, *, comment: str = "") -> None:
    """Cast this reader's vote on the text they were shown. Raises HubError when it is not theirs to cast now."""
    review = _held(review)
    now = standing(review)
    if not now.may_decide:
        raise ExternalError(now.why_not)
    state = now.task_state
    if state.revision_id != review.revision_id:  # they read the newest text, the review was about the one before
        state = state.peer_task.catch_up(state).specific
    votes.cast(state, by=review, decision=Decision(decision), comment=comment, revision_id=review.revision_id)


def _held(review: ExternalReview) -> ExternalReview:
    """The review as it is now, held until the transaction ends; ExternalError if its link has ended.

    After the lock of the pages, as in the editor, where the link may be taken back at this very moment.
    """
    lock_tree()
    held = ExternalReview.objects.select_for_update(of=("self",)).select_related("page", "revision")
    found = held.get(pk=review.pk)
    if not found.is_open:
        raise ExternalError("This link has ended, so nothing was saved. Ask whoever sent it for a new one.")
    return found
