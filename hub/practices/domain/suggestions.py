"""Edits of practices that are not one's own: suggested, read as a difference, taken over or declined."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from wagtail.log_actions import log

from hub.accounts.models import User
from hub.editorial.enums import BylineRole
from hub.editorial.models import Byline
from hub.kernel.errors import HubError
from hub.members.domain.profiles import profile_of
from hub.pages.enums import PageSeatRole
from hub.pages.locks import lock_tree
from hub.pages.models import PageSeat
from hub.practices import rules
from hub.practices.domain import answers, news
from hub.practices.domain.answers import Answers
from hub.practices.domain.proposals import draft_of, keep
from hub.practices.enums import SuggestionState
from hub.practices.models import EditSuggestion, PracticePage

TAKEN = "hub.edit.taken_over"
MOST_OPEN = 20  # of one person, over all practices
AROUND = 160  # characters shown of what stays the same, before and after each change


class SuggestionRefused(HubError):
    """The edit cannot be suggested, taken over or declined like this; the message says why and what to do."""


@dataclass(frozen=True)
class Piece:
    """A run of words in a difference: the same in both texts, taken out, or put in."""

    change: str  # "same", "out" or "in"
    text: str


@dataclass(frozen=True)
class Part:
    """One part of a practice that an edit changes. `now` is what it is compared with."""

    name: str
    label: str
    before: str
    proposed: str
    now: str

    @property
    def has_moved(self) -> bool:
        """Whether somebody else changed this part since: taking it over would undo that."""
        return self.now not in (self.before, self.proposed)

    @property
    def pieces(self) -> list[Piece]:
        """What taking this part over would change in the text as it is now."""
        return difference(self.now, self.proposed)


def open_edit(page: PracticePage, user: User) -> EditSuggestion | None:
    """The edit of `page` that this person suggested and that nobody has answered yet."""
    return page.edit_suggestions.filter(proposed_by=user, state=SuggestionState.OPEN).first()


@transaction.atomic
def suggest(page: PracticePage, *, user: User, key: UUID, typed: Mapping[str, str], note: str = "") -> EditSuggestion:
    """Keep an edit of the published text of `page`; a second one by the same person replaces their first.

    Side effects: those who write the practice are asked, after the commit. The page and its drafts stay as they are.
    """
    if not rules.may_contribute(page, user):
        raise PermissionDenied
    lock_tree()
    published = PracticePage.objects.get(pk=page.pk)
    before = _texts(published)
    mine = answers.canonical(published, {name: typed[name] for name in before if name in typed}, writer=user)
    changed = {name: text for name, text in mine.items() if text != before[name]}
    if not changed:
        raise SuggestionRefused("Nothing is changed yet. Change the words you would change, then suggest it.")
    if changed.get("title") == "":
        raise SuggestionRefused("A practice needs a title. Put one in, or leave the title as it was.")
    suggestion = open_edit(page, user) or EditSuggestion.objects.filter(key=key, proposed_by=user).first()
    is_new = suggestion is None
    if suggestion is None:
        waiting = EditSuggestion.objects.filter(proposed_by=user, state=SuggestionState.OPEN)
        if waiting.count() >= MOST_OPEN:
            raise SuggestionRefused(
                f"{MOST_OPEN} edits of yours wait for an answer. Withdraw one in my hub, then suggest this one."
            )
        suggestion = EditSuggestion(key=key, practice=page, proposed_by=user)
    elif suggestion.state != SuggestionState.OPEN:
        return suggestion  # the same form, sent once more after it was answered
    suggestion.texts, suggestion.note = changed, note.strip()
    suggestion.before = {name: before[name] for name in changed}
    suggestion.save()
    if is_new:
        news.edit_suggested(suggestion)
    return suggestion


def parts_of(suggestion: EditSuggestion, *, for_writer: bool) -> list[Part]:
    """What an edit changes, in the order of the page.

    Those who write the practice compare it with the newest draft; whoever suggested it may not read that, and
    compares it with what they read.
    """
    now = _texts(draft_of(suggestion.practice_id)) if for_writer else suggestion.before
    return [
        Part(name, answers.LABELS[name], suggestion.before[name], suggestion.texts[name], now[name])
        for name in answers.TEXTS
        if name in suggestion.texts
    ]


@transaction.atomic
def take_over(
    suggestion: EditSuggestion, *, by: User, names: Collection[str], is_named: bool, answer: str = ""
) -> EditSuggestion:
    """Put the chosen parts of an edit into the draft of the page, as a revision of the person who suggested it.

    Side effects: a newer draft, which goes through review like every other; with `is_named` they are named on the page
    as an editor; they are thanked after the commit.
    """
    suggestion = _locked(suggestion, by)
    chosen = {name: text for name, text in suggestion.texts.items() if name in names}
    if not chosen:
        raise SuggestionRefused("Choose at least one part to take over, or decline the edit with thanks.")
    page = draft_of(suggestion.practice_id)
    answers.write(page, chosen, writer=by)
    if is_named:
        profile = profile_of(suggestion.proposed_by)
        if all(byline.person_id != profile.pk for byline in page.bylines.all()):
            page.bylines.add(Byline(person=profile, role=BylineRole.EDITOR))
    suggestion.revision = keep(page, suggestion.proposed_by)
    _settle(suggestion, SuggestionState.TAKEN, by, answer)
    log(instance=page, action=TAKEN, user=by, revision=suggestion.revision, data={"parts": sorted(chosen)})
    news.edit_answered(suggestion, "{actor} took over the edit you suggested of {title}. Thank you")
    return suggestion


@transaction.atomic
def decline(suggestion: EditSuggestion, *, by: User, answer: str = "") -> EditSuggestion:
    """Say no, with thanks. Side effects: whoever suggested it is told after the commit, with the answer."""
    suggestion = _locked(suggestion, by)
    _settle(suggestion, SuggestionState.DECLINED, by, answer)
    news.edit_answered(suggestion, "{actor} thanks you for the edit you suggested of {title}, and leaves it as it is")
    return suggestion


@transaction.atomic
def withdraw(suggestion: EditSuggestion, *, by: User) -> None:
    """Take one's own edit back."""
    lock_tree()
    changed = EditSuggestion.objects.filter(pk=suggestion.pk, proposed_by=by, state=SuggestionState.OPEN)
    if not changed.update(state=SuggestionState.WITHDRAWN, decided_at=timezone.now(), decided_by=by):
        raise SuggestionRefused("It was answered in the meantime, so there is nothing to take back.")


@dataclass(frozen=True)
class Around:
    """The edits that concern one person: those they suggested, and those that wait for their answer."""

    suggested: list[EditSuggestion]
    waiting: list[EditSuggestion]


def around(user: User) -> Around:
    """The newest edits that concern `user`; of practices they may not read any more none is told."""
    mine = Q(proposed_by=user, practice__in=PracticePage.objects.visible_to(user))
    seats = PageSeat.objects.filter(user=user, role=PageSeatRole.CO_AUTHOR).values("page_id")
    asked = Q(state=SuggestionState.OPEN, practice__in=seats) & ~Q(proposed_by=user)
    found = list(EditSuggestion.objects.filter(mine | asked).select_related("practice", "proposed_by")[: 2 * MOST_OPEN])
    return Around(
        suggested=[edit for edit in found if edit.proposed_by_id == user.pk],
        waiting=[edit for edit in reversed(found) if edit.proposed_by_id != user.pk],
    )


def difference(old: str, new: str) -> list[Piece]:
    """How `new` differs from `old`, word by word; long runs that stay the same are cut in their middle."""
    was, is_now = _words(old), _words(new)
    pieces: list[Piece] = []
    matcher = difflib.SequenceMatcher(a=was, b=is_now, autojunk=False)
    for change, start, end, new_start, new_end in matcher.get_opcodes():
        if change == "equal":
            pieces.append(Piece("same", "".join(was[start:end])))
            continue
        if start < end:
            pieces.append(Piece("out", "".join(was[start:end])))
        if new_start < new_end:
            pieces.append(Piece("in", "".join(is_now[new_start:new_end])))
    return [_shortened(piece, number, len(pieces)) for number, piece in enumerate(pieces)]


def _words(text: str) -> list[str]:
    return re.findall(r"\n+|[^\S\n]+|\w+|[^\w\s]", text)


def _shortened(piece: Piece, number: int, total: int) -> Piece:
    text = piece.text
    if piece.change != "same" or len(text) <= 3 * AROUND:
        return piece
    head = "" if number == 0 else text[:AROUND].rsplit(" ", 1)[0] + " "
    tail = "" if number == total - 1 else " " + text[-AROUND:].split(" ", 1)[-1]
    return Piece("same", f"{head}…{tail}")


def _texts(page: PracticePage) -> Answers:
    said = answers.read(page)
    return {name: said[name] for name in answers.TEXTS}


def _locked(suggestion: EditSuggestion, by: User) -> EditSuggestion:
    lock_tree()
    current = EditSuggestion.objects.select_for_update(of=("self",)).select_related("practice", "proposed_by")
    suggestion = current.get(pk=suggestion.pk)
    if not rules.may_decide(suggestion.practice, by):
        raise PermissionDenied
    if suggestion.state != SuggestionState.OPEN:
        raise SuggestionRefused(
            f"This edit was answered already: {suggestion.get_state_display().lower()}. Reload the page to see by whom."
        )
    return suggestion


def _settle(suggestion: EditSuggestion, state: SuggestionState, by: User, answer: str) -> None:
    suggestion.state, suggestion.answer = state, answer.strip()
    suggestion.decided_by, suggestion.decided_at = by, timezone.now()
    suggestion.save()
