"""Telling more of a session than was promised: only if everybody to whom it was promised agrees."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from hub.accounts.models import User
from hub.editorial.enums import SPEAKERS
from hub.kernel.errors import HubError
from hub.members.models import MemberProfile
from roundtables.domain import date_news as news
from roundtables.domain.facts import rewrite
from roundtables.domain.queue import locked
from roundtables.enums import HEADS, LooseningState, SeatState, is_looser
from roundtables.models import Loosening, LooseningAnswer, SessionPage
from roundtables.rules import is_over, may_know_speakers


class LooseningRefused(HubError):
    """The request cannot be made or answered; the message says why."""


def concerned(session: SessionPage) -> dict[int, MemberProfile]:
    """Those whose word it takes: who is named at the head, and who has a seat (and once it is over, was there)."""
    found = {
        line.person.pk: line.person
        for line in session.bylines.filter(role__in=SPEAKERS).select_related("person__user")
        if line.person is not None
    }
    over = is_over(session)
    for seat in session.seats.exclude(state=SeatState.CANCELLED).select_related("profile__user"):
        was_there = seat.state == SeatState.GOING and seat.attended is not False
        if was_there or seat.role in HEADS or not over:
            found[seat.profile_id] = seat.profile
    return found


def outside(session: SessionPage) -> int:
    """How many of those concerned have no account, so that the hub cannot ask them."""
    named = session.bylines.filter(role__in=SPEAKERS, person__isnull=True).count()
    return named + sum(1 for profile in concerned(session).values() if profile.user is None)


@transaction.atomic
def ask(session: SessionPage, mode: str, reason: str, *, by: User, outside_agreed: bool = False) -> Loosening:
    """Ask everybody concerned whether `mode` may hold for `session`. Whoever asks has said yes.

    Side effects: the request, news to everybody who is asked; if nobody else is concerned, the mode itself.
    Raises LooseningRefused; also to somebody who was not there, once nobody else may know who was.
    """
    session = locked(session)
    if not is_looser(mode, session.attribution_mode):
        raise LooseningRefused("This rule is no looser than the one that holds. Set it in the text of the page.")
    if not may_know_speakers(session, by):
        raise LooseningRefused("Only those who were there know whom to ask. One of them can do it.")
    if session.loosenings.open().exists():
        raise LooseningRefused("Everybody was asked already. Wait for their answers, or withdraw that request.")
    if not reason.strip():
        raise LooseningRefused("Say in a sentence why, so that people know what they agree to.")
    if outside(session) and not outside_agreed:
        raise LooseningRefused(
            "Somebody at the head has no account here. Ask them in writing, and tick that they agreed."
        )
    loosening = Loosening.objects.create(session=session, mode=mode, reason=reason.strip()[:500], asked_by=by)
    log(instance=session, action="hub.session.loosening_asked", user=by, data={"mode": mode})
    own = MemberProfile.objects.filter(user=by, pk__in=concerned(session)).first()
    if own is not None:
        LooseningAnswer.objects.create(loosening=loosening, profile=own, agrees=True, answered_at=timezone.now())
    _settle(loosening, session)
    return loosening


@transaction.atomic
def answer(loosening: Loosening, profile: MemberProfile, *, agrees: bool) -> None:
    """Take the word of one who was asked. One no settles it; the last yes makes the mode hold.

    Side effects: the answer; the page and news, if it is the last one. Raises LooseningRefused.
    """
    session = locked(loosening.session)
    loosening = Loosening.objects.select_for_update().get(pk=loosening.pk)
    if loosening.state != LooseningState.ASKED:
        raise LooseningRefused("This request is closed. Nothing depends on your answer any more.")
    mine = LooseningAnswer.objects.filter(loosening=loosening, profile=profile)
    if not mine.update(agrees=agrees, answered_at=timezone.now()):
        raise LooseningRefused("You were not asked, since you were not at this session.")
    if agrees:
        _settle(loosening, session)
    else:
        _close(loosening, LooseningState.REFUSED)
        news.not_loosened(loosening)


@transaction.atomic
def withdraw(loosening: Loosening, *, by: User) -> None:
    """Take a request back; those who were asked have nothing to answer any more."""
    locked(loosening.session)
    if Loosening.objects.open().filter(pk=loosening.pk).exists():
        _close(loosening, LooseningState.WITHDRAWN)
        log(instance=loosening.session, action="hub.session.loosening_withdrawn", user=by)


def _settle(loosening: Loosening, session: SessionPage) -> None:
    """Ask whoever is concerned and was not asked yet (they may have sat down since); if all agreed, it holds."""
    people = concerned(session)
    answers = dict(loosening.answers.values_list("profile_id", "agrees"))
    reachable = {pk: profile for pk, profile in people.items() if profile.user is not None}
    new = [profile for pk, profile in reachable.items() if pk not in answers]
    LooseningAnswer.objects.bulk_create([LooseningAnswer(loosening=loosening, profile=profile) for profile in new])
    news.asked_to_loosen(loosening, new)
    if not all(answers.get(pk) for pk in reachable):
        return
    _close(loosening, LooseningState.AGREED)
    rewrite(session, None, attribution_mode=loosening.mode)
    log(instance=session, action="hub.session.loosened", data={"mode": loosening.mode})
    news.loosened(loosening, [profile for profile in people.values() if profile.user != loosening.asked_by])


def _close(loosening: Loosening, state: LooseningState) -> None:
    loosening.state, loosening.closed_at = state, timezone.now()
    loosening.save(update_fields=["state", "closed_at"])
