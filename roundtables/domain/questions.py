"""Questions before and during a session: asked, changed, taken back, voted for, and sorted by the host."""

from __future__ import annotations

from django.db import transaction

from hub.kernel.errors import HubError
from hub.members.models import MemberProfile
from roundtables.enums import QuestionState
from roundtables.models import Question, QuestionVote, SessionPage
from roundtables.rules import is_over, may_sit

MOST_QUESTIONS = 5  # of one person at one session: a table is no survey


class QuestionRefused(HubError):
    """A question cannot be asked, changed or voted for; the message says why."""


@transaction.atomic
def ask(session: SessionPage, asker: MemberProfile, *, text: str, is_anonymous: bool = False) -> Question:
    """Put a question to the table. Asking the same thing twice, as a double click does, asks it once."""
    _refuse_unless_open(session, asker)
    session = SessionPage.objects.select_for_update(of=("self",)).get(pk=session.pk)  # or two clicks pass each other
    mine = Question.objects.filter(session=session, asker=asker)
    text = " ".join(text.split())
    same = mine.filter(text=text).first()
    if same is not None:
        return same
    if mine.count() >= MOST_QUESTIONS:
        raise QuestionRefused(
            f"You have asked {MOST_QUESTIONS} questions here. Take one back, or vote for somebody else’s."
        )
    return Question.objects.create(session=session, asker=asker, text=text, is_anonymous=is_anonymous)


@transaction.atomic
def change(question: Question, asker: MemberProfile, *, text: str, is_anonymous: bool) -> Question:
    """Put one's own question into other words, while nobody has voted for it as it stands."""
    question = _own(question, asker)
    text = " ".join(text.split())
    if text != question.text and question.votes.exists():
        raise QuestionRefused(
            "Others voted for this question as it stands. Take it back and ask anew, if you mean something else."
        )
    question.text, question.is_anonymous = text, is_anonymous
    question.save(update_fields=["text", "is_anonymous"])
    return question


@transaction.atomic
def withdraw(question: Question, asker: MemberProfile) -> None:
    """Take one's own question back, with the votes for it."""
    _own(question, asker).delete()


@transaction.atomic
def vote(question: Question, voter: MemberProfile, *, wants: bool) -> None:
    """Want a question to be talked about, or no longer. Twice is once.

    Raises QuestionRefused for one's own question: to ask it was the vote.
    """
    question = _locked(question)
    _refuse_unless_open(question.session, voter)
    if not wants:
        QuestionVote.objects.filter(question=question, profile=voter).delete()
        return
    if question.state != QuestionState.OPEN:
        raise QuestionRefused("This question is not open any more. Vote for another one, or ask your own.")
    if question.asker_id == voter.pk:
        raise QuestionRefused("This question is yours, so that you want it is known. Vote for somebody else’s.")
    QuestionVote.objects.get_or_create(question=question, profile=voter)


def sort_out(question: Question, state: QuestionState) -> None:
    """What the host did with a question. Hidden ones are seen by the host and by whoever asked, and by nobody else."""
    Question.objects.filter(pk=question.pk).update(state=state)


def _own(question: Question, asker: MemberProfile) -> Question:
    question = _locked(question)
    if question.asker_id != asker.pk:
        raise QuestionRefused("Only whoever asked a question can change it or take it back.")
    _refuse_unless_open(question.session, asker)
    return question


def _locked(question: Question) -> Question:
    """The question as it is now: nobody votes for words that change at the same moment."""
    found = Question.objects.select_for_update(of=("self",)).select_related("session").filter(pk=question.pk).first()
    if found is None:
        raise QuestionRefused("This question was taken back. Vote for another one, or ask your own.")
    return found


def _refuse_unless_open(session: SessionPage, person: MemberProfile) -> None:
    if not may_sit(session, person.user):
        raise QuestionRefused("Questions are asked by members who could take a seat. This session is not open to you.")
    if session.cancelled or is_over(session):
        raise QuestionRefused("This session takes no more questions. The next one of its series does.")
