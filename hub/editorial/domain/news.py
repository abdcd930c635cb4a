"""Tells everybody named on a page what happens to it: each person once, never whoever did it.

A title is told to those only who may open the page or read it. Whoever is named on a page but may not
see it (yet) learns that a page naming them moved on, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone
from wagtail.models import COMMENTS_RELATION_NAME, PageSubscription, TaskState, WorkflowState

from hub.accounts.models import User
from hub.editorial import kinds
from hub.editorial.domain.mentions import can_be_mentioned, mentioned
from hub.editorial.domain.people import asked_to_review, name_for, named_on, seat_holders
from hub.editorial.enums import Decision
from hub.editorial.models import PeerReviewState, ReviewVote
from hub.editorial.quorum import Standing
from hub.editorial.registry import writing_place
from hub.notifications.domain.news import tell, unique_people
from hub.notifications.enums import Needs
from hub.notifications.models import Notification
from hub.notifications.registry import Kind
from hub.pages.enums import PageSeatRole
from hub.pages.models import BasePage

REMARKS_APART = timedelta(minutes=15)  # the editor saves every few seconds; remarks come in one piece of news


def opens(page: BasePage, user: User) -> bool:
    """Whether the editor opens the page for `user`."""
    return page.permissions_for_user(user).can_edit()


def _tell(user: User, page: BasePage, kind: Kind, sentence: str, *, actor: User | str | None, detail: str = "") -> None:
    """`sentence` has {title} and may have {actor} (a name, if outside). Detail is for those who work on the page."""
    name = actor if isinstance(actor, str) else name_for(actor, user)
    if opens(page, user):
        text = page.latest_revision.object_str if page.latest_revision else page.title
        url = writing_place(page, user)
        words = _filled(sentence, f"“{text}”", name)
        tell(user, kind=kind, text=words, url=url, detail=detail, page=page, needs=Needs.OPEN)
    elif page.is_visible_to(user):
        words = _filled(sentence, f"“{page.title}”", name)
        tell(user, kind=kind, text=words, url=urlsplit(page.url or "").path, page=page)
    else:
        tell(user, kind=kind, text=_filled(sentence, "a page that names you", name))


def _filled(sentence: str, title: str, actor: str) -> str:
    text = sentence.replace("{title}", title).replace("{actor}", actor)
    return text[:1].upper() + text[1:]


def _tell_named(
    page: BasePage,
    kind: Kind,
    sentence: str,
    *,
    actor: User | str | None,
    detail: str = "",
    besides: Iterable[User] = (),
) -> None:
    skip = {user.pk for user in besides}
    for user in unique_people(named_on(page), without=None if isinstance(actor, str) else actor):
        if user.pk not in skip:
            _tell(user, page, kind, sentence, actor=actor, detail=detail)


def _page_of(workflow_state: WorkflowState) -> BasePage | None:
    page = BasePage.objects.filter(pk=workflow_state.object_id).select_related("owner", "latest_revision").first()
    return page if isinstance(workflow_state.content_object, BasePage) else None


@transaction.atomic
def handed_in(task_state: TaskState, *, actor: User | None) -> None:
    """A page waits for review: its reviewers are asked, with the day and with what its authors answered to an earlier
    request for changes; everybody else named on it is told."""
    page = _page_of(task_state.workflow_state)
    before = task_state.workflow_state.task_states.exclude(pk=task_state.pk).order_by("-pk").first()
    if page is None or (before is not None and before.status == TaskState.STATUS_CANCELLED):
        return  # the review goes on with a newer text
    reviewers = unique_people(asked_to_review(page, task_state.task.specific), without=actor)
    due_on = getattr(task_state, "due_on", None)
    answer = getattr(before.specific, "answer", "") if before is not None else ""
    words = [f"Please decide by {due_on:%-d %B %Y}." if due_on else "", f"What was changed: {answer}" if answer else ""]
    detail = "\n\n".join(filter(None, words))
    for user in reviewers:
        _tell(user, page, kinds.REVIEW_ASKED, "{actor} asks you to review {title}", actor=actor, detail=detail)
    if before is None or before.status == TaskState.STATUS_REJECTED:
        _tell_named(page, kinds.HANDED_IN, "{title} was handed in for review", actor=actor, besides=reviewers)


@transaction.atomic
def voted(state: PeerReviewState, *, vote: ReviewVote, standing: Standing) -> None:
    """Somebody approved, and it takes more: those who write the page are told what is missing."""
    page = _page_of(state.workflow_state)
    if page is not None and vote.decision == Decision.APPROVE:
        writers = [page.owner, *seat_holders(page, PageSeatRole.CO_AUTHOR)]
        words = "\n\n".join(filter(None, [vote.comment, standing.sentence]))
        for user in unique_people(writers, without=vote.user):
            _tell(user, page, kinds.VOTED, "{actor} approves {title}", actor=_voter(vote), detail=words)


@transaction.atomic
def approval_voided(vote: ReviewVote, *, actor: User | None) -> None:
    """A text was changed after somebody approved it; they are asked to read it again."""
    page = _page_of(vote.task_state.workflow_state)
    for user in unique_people([vote.user], without=actor):
        if page is not None:
            sentence = "{title} was changed after you approved it: please read it again"
            _tell(user, page, kinds.APPROVAL_VOIDED, sentence, actor=actor)


@transaction.atomic
def handed_over(state: PeerReviewState, *, actor: User, to: User, note: str) -> None:
    """Somebody is asked to review in somebody else's place."""
    page = _page_of(state.workflow_state)
    for user in unique_people([to], without=actor):
        if page is not None:
            sentence = "{actor} asks you to review {title} in their place"
            _tell(user, page, kinds.HANDED_OVER, sentence, actor=actor, detail=note)


@transaction.atomic
def due(state: PeerReviewState, people: Iterable[User], *, when: str) -> None:
    """A review that waits for these people is due."""
    page = _page_of(state.workflow_state)
    for user in unique_people(people):
        if page is not None:
            _tell(user, page, kinds.REVIEW_DUE, f"Your review of {{title}} {when}", actor=None)


@transaction.atomic
def overdue(state: PeerReviewState, staff: Iterable[User], *, waiting_for: Iterable[User]) -> None:
    """Nobody answered in time: staff are asked to see to it."""
    page = _page_of(state.workflow_state)
    waiting = list(waiting_for)
    for user in unique_people(staff):
        if page is not None:
            names = ", ".join(name_for(other, user) for other in waiting if other.pk != user.pk)
            words = f"It waits for {names}." if names else ""
            _tell(user, page, kinds.REVIEW_OVERDUE, "The review of {title} is overdue", actor=None, detail=words)


@transaction.atomic
def changes_requested(workflow_state: WorkflowState, *, actor: User | None) -> None:
    """A reviewer asked for changes; those who work on the page read the comment."""
    page = _page_of(workflow_state)
    if page is not None:
        vote = _last_vote(workflow_state)
        sentence = "{actor} asks for changes to {title}"
        comment = vote.comment if vote else _comment(workflow_state)
        who = _voter(vote) if vote else actor
        _tell_named(page, kinds.CHANGES_REQUESTED, sentence, actor=who, detail=comment)


@transaction.atomic
def published(workflow_state: WorkflowState, *, actor: User | None) -> None:
    """A page passed its review: it is published, or goes live on its day."""
    page = _page_of(workflow_state)
    if page is not None:
        vote = _last_vote(workflow_state)
        then = "is published"
        if (revision := page.scheduled_revision) is not None:
            day = timezone.localtime(revision.approved_go_live_at)
            then = f"goes live on {day:%-d %B %Y at %H:%M}"
        who = _voter(vote) if vote else actor
        sentence = f"{{title}} was approved by {{actor}} and {then}"
        _tell_named(page, kinds.PUBLISHED, sentence, actor=who, detail=_comment(workflow_state))


def _comment(workflow_state: WorkflowState) -> str:
    return workflow_state.current_task_state.comment if workflow_state.current_task_state else ""


def _last_vote(workflow_state: WorkflowState) -> ReviewVote | None:
    """The vote that decided a review; None where it was decided by a task of another kind."""
    state = workflow_state.current_task_state
    votes = ReviewVote.objects.standing().filter(task_state_id=state.pk if state else None)
    return votes.select_related("user", "external").last()


def _voter(vote: ReviewVote) -> User | str:
    return vote.user or vote.voter_name


@transaction.atomic
def review_ended(workflow_state: WorkflowState, *, actor: User | None) -> None:
    """A review was taken back, or overtaken by somebody who published by hand."""
    page = _page_of(workflow_state)
    if page is not None:
        _tell_named(page, kinds.REVIEW_ENDED, "The review of {title} ended without a decision", actor=actor)


@transaction.atomic
def remarked(page: BasePage, *, texts: list[str], threads: Iterable[int], actor: User) -> None:
    """Somebody remarked on the text: told to those who write it, who take part in the thread, or who asked for it.

    Whom a remark mentions is told that, always and at once, and not the other thing as well.
    """
    page = BasePage.objects.select_related("latest_revision").get(pk=page.pk)
    people = seat_holders(page, PageSeatRole.CO_AUTHOR)
    asked = PageSubscription.objects.filter(page_id=page.pk, comment_notifications=True)
    people += [subscription.user for subscription in asked.select_related("user")]
    for thread in getattr(page, COMMENTS_RELATION_NAME).filter(pk__in=list(threads)).select_related("user"):
        people += [thread.user, *(reply.user for reply in thread.replies.select_related("user"))]
    recent = Notification.objects.unread().filter(
        kind=kinds.REMARKED.key, page_id=page.pk, created_at__gt=timezone.now() - REMARKS_APART
    )
    told = set(recent.values_list("user_id", flat=True))
    holders = can_be_mentioned(page, actor)
    for user in [holder for _, holder in holders]:
        calling = [text for text in texts if user in mentioned(text, holders)]
        if calling and opens(page, user):
            sentence = "{actor} mentions you in a remark on {title}"
            _tell(user, page, kinds.MENTIONED, sentence, actor=actor, detail="\n\n".join(calling))
            told.add(user.pk)
    for user in unique_people(people, without=actor):
        if user.pk not in told and opens(page, user):
            sentence = "{actor} remarked on {title}"
            _tell(user, page, kinds.REMARKED, sentence, actor=actor, detail="\n\n".join(filter(None, texts)))
