""" "I will try …": what people take on at a session, and what they say came of it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from hub.accounts.models import User
from hub.kernel.errors import HubError
from hub.members.domain.profiles import profile_of
from roundtables.domain import takeaway_news as news
from roundtables.domain.names import says_a_name
from roundtables.enums import CommitmentOutcome
from roundtables.models import Commitment, SessionPage
from roundtables.rules import may_check

MOST = 10  # of one person at one session


class CommitmentRefused(HubError):
    """It cannot be kept like this; the message says why and what to do."""


@transaction.atomic
def commit(session: SessionPage, *, by: User, key: UUID, text: str, due_on: date, shared: bool = False) -> Commitment:
    """Keep what `by`, who was there, means to try. `key` comes with the form: sent twice, it is kept once."""
    if not may_check(session, by):
        raise PermissionDenied
    profile = profile_of(by)
    existing = Commitment.objects.filter(key=key, profile=profile).first()
    if existing is not None:
        return existing
    text = " ".join(text.split())
    if not text:
        raise CommitmentRefused("Say what you will try, in a few words.")
    if due_on < timezone.localdate():
        raise CommitmentRefused("Choose a day that is still to come, so that we can ask you then.")
    if Commitment.objects.filter(session=session, profile=profile).count() >= MOST:
        raise CommitmentRefused(f"{MOST} are more than most people do. Finish one, or take one back, then add another.")
    if shared and session.withholds_names and says_a_name(session, text, by=by):
        raise CommitmentRefused("This names somebody, or where they work. Say it without, or keep it to yourself.")
    return Commitment.objects.create(
        key=key, session=session, profile=profile, text=text, due_on=due_on, is_shared=shared
    )


@transaction.atomic
def say_what_came_of_it(
    commitment: Commitment, *, by: User, outcome: str, words: str = "", due_on: date | None = None
) -> None:
    """Keep how it went. “Not yet” with another day is asked about again on that day."""
    commitment = _own(commitment, by)
    if outcome not in CommitmentOutcome.values:
        raise CommitmentRefused("Choose how it went.")
    if outcome == CommitmentOutcome.NOT_YET and due_on is not None:
        if due_on < timezone.localdate():
            raise CommitmentRefused("Choose a day that is still to come, so that we can ask you then.")
        commitment.due_on = due_on
    words = words.strip()[:1000]
    if commitment.is_shared and commitment.session.withholds_names and says_a_name(commitment.session, words, by=by):
        raise CommitmentRefused("This names somebody, or where they work. Say it without.")
    commitment.outcome, commitment.words, commitment.answered_at = outcome, words, timezone.now()
    commitment.save()


@transaction.atomic
def show_to_the_table(commitment: Commitment, *, by: User, shared: bool) -> None:
    """Let those who were there read it, or keep it to oneself from now on."""
    commitment = _own(commitment, by)
    session, said = commitment.session, f"{commitment.text}\n{commitment.words}"
    if shared and session.withholds_names and says_a_name(session, said, by=by):
        raise CommitmentRefused("This names somebody, or where they work. Keep it to yourself, or write another one.")
    commitment.is_shared = shared
    commitment.save(update_fields=["is_shared"])


def take_back(commitment: Commitment, *, by: User) -> None:
    """Delete it, as if it had never been."""
    _own(commitment, by).delete()


def ask_those_due() -> int:
    """Ask everybody whose day has come what came of it, once for each day they set; returns how many."""
    today, asked = timezone.localdate(), 0
    for pk in Commitment.objects.due(today).values_list("pk", flat=True):
        with transaction.atomic():
            due = Commitment.objects.select_for_update(of=("self",)).select_related("profile__user", "session")
            commitment = due.due(today).filter(pk=pk).first()
            if commitment is None:
                continue  # somebody else was faster, or it was answered meanwhile
            commitment.reminded_for = commitment.due_on
            commitment.save(update_fields=["reminded_for"])
            news.ask_what_came_of(commitment)
            asked += 1
    return asked


def _own(commitment: Commitment, by: User) -> Commitment:
    mine = Commitment.objects.select_for_update(of=("self",)).select_related("session")
    found = mine.filter(pk=commitment.pk, profile__user=by).first()
    if found is None:
        raise PermissionDenied
    return found
