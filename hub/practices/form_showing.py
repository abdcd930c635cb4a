"""What the form of a practice shows around its questions: where it stands, what was asked for, what is close to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from wagtail.models import Comment, WorkflowState

from hub.accounts.models import User
from hub.editorial.domain.people import name_for
from hub.editorial.enums import Decision
from hub.editorial.models import PeerReviewState
from hub.practices.domain import answers, attachments, proposals
from hub.practices.domain.suggestions import difference
from hub.practices.enums import ProposalState
from hub.practices.examples import EXAMPLE
from hub.practices.models import PracticePage
from hub.practices.standing import state_of
from search.domain import similar
from search.domain.filters import Vocabulary
from search.domain.query import Hit
from search.domain.rows import NOTHING, row
from search.enums import Kind

if TYPE_CHECKING:
    from hub.practices.forms import ProposalForm

SHARES = {"title": 4, "gist": 2, "problem": 2, "what_we_did": 1}
MOST_SIMILAR = 4
LONG_LIST = 12  # choices; more of them scroll


@dataclass(frozen=True)
class Remark:
    """A remark that somebody left beside the text in the editor."""

    about: str
    who: str
    text: str


@dataclass(frozen=True)
class Request:
    """What a reviewer asked to be changed, and what was answered so far."""

    who: str
    text: str
    answer: str = ""


@dataclass(frozen=True)
class Conflict:
    """An answer that two people changed: the other text, and how it differs from the one in the form."""

    name: str
    label: str
    theirs: str
    pieces: list[Any]


@dataclass(frozen=True)
class Question:
    """One question of the form with its example, and the other text where two people answered it."""

    field: Any
    number: int
    example: str
    conflict: Conflict | None = None


def proposal_frame(
    form: ProposalForm, page: PracticePage | None, user: User, conflicts: Mapping[str, str]
) -> dict[str, Any]:
    """Everything the form's page shows."""
    state = state_of(page) if page is not None else ProposalState.DRAFT
    asked = _request(page, user) if state == ProposalState.CHANGES else None
    if asked is not None and not form.is_bound:
        form.initial["answer"] = asked.answer
    typed = {name: str(form[name].value() or "") for name in answers.TEXTS}
    found = {
        name: Conflict(name, answers.LABELS[name], _in_words(form, name, text), difference(typed.get(name, ""), text))
        for name, text in conflicts.items()
    }
    return {
        "form": form,
        "proposal": page,
        "state": state,
        "states": ProposalState,
        "is_new": page is None,
        "saves_itself": state in (ProposalState.DRAFT, ProposalState.CHANGES, ProposalState.WITHDRAWN),
        "questions": [
            Question(field, number, EXAMPLE.get(field.name, ""), found.get(field.name))
            for number, field in enumerate(form.questions(), start=1)
        ],
        "terms": [(field, len(field) > LONG_LIST, found.get(field.name)) for field in form.terms()],
        "has_conflicts": bool(found),
        "request_for_changes": asked,
        "remarks": _remarks(page, user) if page is not None else [],
        "files": [block for block in page.attachments if block.value is not None] if page is not None else [],
        "may_add_files": page is None or len(page.attachments) < attachments.MOST_FILES,
        "may_choose_audience": page is None or proposals.may_choose_audience(page),
        "may_discard": state == ProposalState.DRAFT or state == ProposalState.WITHDRAWN,
        "may_withdraw": state in (ProposalState.WAITING, ProposalState.CHANGES),
        "similar": similar_rows(typed, user, without=page.pk if page else None) if page is not None else [],
        "save_url": reverse("practices:proposal", args=[page.pk]) if page else reverse("practices:propose"),
    }


def similar_rows(typed: Mapping[str, str], user: User, *, without: int | None) -> list[tuple[int, Any]]:
    """Practices that this person may read and that are close to what they are writing, each with its page's number."""
    texts = [(typed.get(name, ""), share) for name, share in SHARES.items()]
    near = similar.close_to_words(texts, user, kinds=[Kind.PRACTICE], without=without, shown=MOST_SIMILAR)
    vocabulary = Vocabulary.load(()) if near else Vocabulary()
    return [(entry.source_id, row(Hit(entry), NOTHING, vocabulary)) for entry in near]


def _in_words(form: ProposalForm, name: str, text: str) -> str:
    if name not in answers.TERMS:
        return text
    field: Any = form.fields[name]
    return ", ".join(str(term) for term in field.queryset.filter(pk__in=text.split())) or "Nothing"


def _request(page: PracticePage | None, user: User) -> Request | None:
    review = page.current_workflow_state if page is not None else None
    if review is None or review.status != WorkflowState.STATUS_NEEDS_CHANGES or review.current_task_state is None:
        return None
    asked = review.current_task_state.specific
    if not isinstance(asked, PeerReviewState):  # one of Wagtail's own tasks
        return Request(name_for(asked.finished_by, user), asked.comment)
    vote = asked.votes.filter(decision=Decision.CHANGES).last()
    if vote is None:
        return Request("Somebody", asked.comment, asked.answer)
    return Request(name_for(vote.user, user) if vote.user else vote.voter_name, vote.comment, asked.answer)


def _remarks(page: PracticePage, user: User) -> list[Remark]:
    # Asked of the table: on a page read from a revision, the relation answers with what that revision holds.
    open_ones = Comment.objects.filter(page_id=page.pk, resolved_at__isnull=True)
    return [
        Remark(answers.LABELS.get(one.contentpath.partition(".")[0], ""), name_for(one.user, user), one.text)
        for one in open_ones.select_related("user").order_by("pk")
    ]
