"""A practice that a member brings: begun, saved while it is written, handed in, answered, withdrawn.

The draft is the page itself, the one that leaders and staff open in the editor; what is said here is only
how the site's form reads and writes it. Its review is Wagtail's workflow.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.utils.text import slugify
from wagtail.actions.delete_page import DeletePageAction
from wagtail.models import Revision, WorkflowState

from hub.accounts.models import User
from hub.editorial.domain import votes
from hub.editorial.enums import BylineRole
from hub.editorial.models import Byline
from hub.kernel.errors import HubError
from hub.media.domain.uses import discard_unused
from hub.members.domain.profiles import profile_of
from hub.pages.enums import Audience
from hub.pages.locks import lock_tree
from hub.pages.models import BasePage
from hub.practices import rules
from hub.practices.domain import answers
from hub.practices.domain.answers import Answers
from hub.practices.models import PracticePage, PracticesIndexPage
from hub.practices.standing import drafts_of

MOST_DRAFTS = 20  # of one person that were never handed in
NEEDED = ("title", "gist", "problem", "what_we_did", "what_came_of_it", "functions", "industries")
AUDIENCES = (Audience.MEMBERS, Audience.PUBLIC)


class ProposalRefused(HubError):
    """The practice cannot be saved, handed in or withdrawn like this; the message says why and what to do."""


class NotComplete(HubError):
    """Something is missing that readers need. `missing` are the names of the answers."""

    def __init__(self, missing: list[str]) -> None:
        self.missing = missing
        super().__init__("It is saved, but not handed in yet: some answers that readers need are still missing.")


@dataclass
class Saved:
    """What a save came to. `others` are answers somebody else changed since the form was opened and that are taken
    over; `conflicts` those that both changed: they are not saved, and these are the other texts."""

    page: PracticePage
    said: Answers
    others: Answers = field(default_factory=dict)
    conflicts: Answers = field(default_factory=dict)
    is_changed: bool = False


def draft_of(page_id: int) -> PracticePage:
    """The newest text of a practice, as an object in memory."""
    return PracticePage.objects.get(pk=page_id).get_latest_revision_as_object()  # type: ignore[no-any-return]


@transaction.atomic
def begin(*, user: User, key: UUID, typed: Mapping[str, str], audience: int = Audience.MEMBERS) -> Saved:
    """Make the draft of a practice with the first answers. `key` comes with the form: sent twice, it makes one draft.

    Side effects: a page below the list of practices, whose creator takes a co-author's seat and is named as author.
    """
    if not rules.may_propose(user):
        raise ProposalRefused("Only members bring practices. Apply for membership, or log in with your account.")
    lock_tree()
    existing = PracticePage.objects.filter(translation_key=key, owner=user).first()
    if existing is not None:
        return _again(existing, user=user, typed=typed, audience=audience)
    if drafts_of(user).count() >= MOST_DRAFTS:
        raise ProposalRefused(
            f"You have {MOST_DRAFTS} drafts that were never handed in. Hand one in or delete one in my hub, then go on."
        )
    section = PracticesIndexPage.objects.first()
    if section is None:
        raise ProposalRefused("This hub has no list of practices yet. Please tell its staff.")
    page = PracticePage(
        title=answers.UNTITLED, live=False, has_unpublished_changes=True, owner=user, translation_key=key, gist="",
        audience=audience if audience in AUDIENCES else Audience.MEMBERS,
    )  # fmt: skip
    answers.write(page, {name: typed[name] for name in ("title", "gist") if name in typed}, writer=user)
    page.slug = _free_slug(page, section)
    section.add_child(instance=page)
    page.bylines = [Byline(person=profile_of(user), role=BylineRole.AUTHOR)]
    answers.write(page, typed, writer=user)
    page.save()
    page.save_revision(user=user, log_action="wagtail.create")
    return Saved(page, answers.read(page), is_changed=True)


def _again(page: PracticePage, *, user: User, typed: Mapping[str, str], audience: int) -> Saved:
    """The form that made a draft, sent once more: it knows of no other version, so long as nobody else wrote one."""
    newest = page.get_latest_revision()
    own = newest is not None and newest.user_id == user.pk
    base = json.loads(answers.version(answers.read(draft_of(page.pk)))) if own else {}
    return save(page.pk, user=user, typed=typed, base=base, audience=audience)


@transaction.atomic
def save(
    page_id: int,
    *,
    user: User,
    typed: Mapping[str, str],
    base: Mapping[str, str],
    audience: int | None = None,
    by_itself: bool = False,
) -> Saved:
    """Keep answers. `base` holds the marks of the answers that the form was opened with.

    What only this person changed is saved, what only somebody else changed is handed back, and what both
    changed is neither saved nor lost: it comes back as a conflict. `by_itself`: the form saved without
    being asked, and goes on in the revision of this person that is there.
    """
    lock_tree()
    stored = BasePage.objects.select_for_update(no_key=True).filter(pk=page_id).first()
    if stored is None:
        raise ProposalRefused("This draft is not there any more. Copy what you wrote, and begin a new one.")
    page = draft_of(page_id)
    check_writer(page, user)
    theirs = answers.read(page)
    mine = answers.canonical(page, typed, writer=user)
    saved = Saved(page, theirs)
    changes: dict[str, str] = {}
    for name, text in mine.items():
        was = base.get(name, answers.mark(""))
        is_changed_by_others = answers.mark(theirs[name]) != was
        if text == theirs[name]:
            continue
        if answers.mark(text) == was:
            saved.others[name] = theirs[name]
        elif is_changed_by_others:
            saved.conflicts[name] = theirs[name]
        else:
            changes[name] = typed[name]
    wants_audience = audience in AUDIENCES and audience != page.audience and may_choose_audience(page)
    if changes or wants_audience:
        answers.write(page, changes, writer=user)
        if wants_audience:
            page.audience = Audience(audience)  # type: ignore[arg-type]
        keep(page, user, by_itself=by_itself)
        saved.said, saved.is_changed = answers.read(page), True
    return saved


def may_choose_audience(page: PracticePage) -> bool:
    """Whether its author still decides who will read it: until it was published for the first time."""
    return page.first_published_at is None


@transaction.atomic
def answer(page_id: int, *, user: User, text: str) -> None:
    """Keep what its author answers to a request for changes; nothing, if there is none. Reviewers read it with the
    text that is handed in again."""
    page = draft_of(page_id)
    check_writer(page, user)
    review = page.current_workflow_state
    if review is not None:
        votes.answer(review, by=user, text=text)


@transaction.atomic
def submit(page_id: int, *, user: User) -> None:
    """Hand the newest text in, to the review that every page goes through.

    Side effects: those who review are told after the commit, with the answer to what one of them asked for.
    """
    lock_tree()
    page = draft_of(page_id)
    check_writer(page, user)
    missing = missing_in(answers.read(page))
    if missing:
        raise NotComplete(missing)
    review = page.current_workflow_state
    if review is not None and review.status == WorkflowState.STATUS_IN_PROGRESS:
        raise ProposalRefused("It waits for review already. Whoever reads it reads the newest text.")
    if page.live and not page.has_unpublished_changes:
        raise ProposalRefused("It is published as it is. Change something first, then hand it in again.")
    workflow = page.get_workflow()
    if review is None and workflow is None:
        raise ProposalRefused("Nobody reviews practices at the moment, so it was not handed in. Please tell the staff.")
    if review is not None:
        review.resume(user=user)
    else:
        workflow.start(page, user)


@transaction.atomic
def withdraw(page_id: int, *, user: User) -> None:
    """Take it back from review. The draft stays; it can be changed and handed in again."""
    lock_tree()
    page = draft_of(page_id)
    check_writer(page, user)
    review = page.current_workflow_state
    if review is None:
        raise ProposalRefused("It is not in review, so there is nothing to take back.")
    review.cancel(user=user)


@transaction.atomic
def discard(page_id: int, *, user: User) -> None:
    """Delete a draft that was never published, with the files that nothing else shows."""
    lock_tree()
    page = draft_of(page_id)
    check_writer(page, user)
    if page.owner_id != user.pk:
        raise ProposalRefused("Only whoever proposed it can delete this draft.")
    if page.first_published_at is not None or page.current_workflow_state is not None:
        raise ProposalRefused("It was handed in or published, so it cannot be deleted here. Withdraw it, or ask staff.")
    files = [block.value.pk for block in page.attachments if block.value is not None]
    # Wagtail's own check asks for a right over the section; that a draft is its author's to delete is checked above.
    DeletePageAction(PracticePage.objects.get(pk=page_id), user=user).execute(skip_permission_checks=True)
    discard_unused(files, uploaded_by=user)


def missing_in(said: Answers) -> list[str]:
    """The answers that readers need and that are empty."""
    return [name for name in NEEDED if not said.get(name)]


# --- how it is written -----------------------------------------------------------------------------


def check_writer(page: PracticePage, user: User) -> None:
    """Raises ProposalRefused for everybody who may not write `page` through the form."""
    if not rules.may_write(page, user):
        raise ProposalRefused("This draft is not yours to write any more. Copy what you wrote, and ask its authors.")


def keep(page: PracticePage, user: User, *, by_itself: bool = False) -> Revision:
    """Save the draft as the editor does: what is not live yet is the page itself as well."""
    latest = page.get_latest_revision()
    own = latest if by_itself and latest is not None and latest.user_id == user.pk else None
    if not page.live:
        if page.first_published_at is None and not _was_chosen(page):
            page.slug = _free_slug(page, page.get_parent())
        page.save()
    return page.save_revision(user=user, log_action=True, overwrite_revision=own)  # type: ignore[no-any-return]


def _was_chosen(page: PracticePage) -> bool:
    """Whether somebody gave the draft an address by hand: then it does not follow the title any more."""
    stored = BasePage.objects.get(pk=page.pk)
    made = slugify(stored.title)[:150] or "practice"
    return stored.slug != made and not stored.slug.removeprefix(f"{made}-").isdigit()


def _free_slug(page: PracticePage, section: BasePage) -> str:
    stem = slugify(page.title)[:150] or "practice"
    slugs = (stem if number == 1 else f"{stem}-{number}" for number in itertools.count(1))
    return next(slug for slug in slugs if PracticePage._slug_is_available(slug, section, page))
