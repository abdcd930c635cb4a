"""Asking others to a table, and asking to be asked.

Whoever invites learns nothing about a seat: an invitation looks the same whether the other person already has one,
hides it, or does not want to come. So does a request that a host sets aside.
"""

from __future__ import annotations

from django.db import transaction

from hub.accounts.models import User
from hub.kernel.errors import HubError
from hub.members.models import MemberProfile
from hub.members.rules import common_level
from roundtables.domain import news
from roundtables.enums import SeatState
from roundtables.models import Invitation, InvitationRequest, SessionPage, SessionSeat
from roundtables.rules import is_over, may_host, may_sit

MOST = 10  # invitations of one person to one session: a table is small, and a hub is no mailing list
SUGGESTED = 8


class InvitationRefused(HubError):
    """Nobody can be invited, or asked; the message says why."""


def may_invite(session: SessionPage, profile: MemberProfile) -> bool:
    """Who has a seat asks others to the table; so do its hosts, with or without one."""
    if not session.live or session.cancelled or is_over(session):
        return False
    return SessionSeat.objects.going().filter(session=session, profile=profile).exists() or may_host(
        session, profile.user
    )


@transaction.atomic
def invite(session: SessionPage, inviter: MemberProfile, invited: MemberProfile, *, why: str = "") -> None:
    """Ask `invited` to the table, with the reason in the inviter's words; the same person once.

    Side effects: an invitation; news, unless the person has a seat or may not have one. Raises
    InvitationRefused when the inviter may not invite (any more).
    """
    if not may_invite(session, inviter):
        raise InvitationRefused("Those who have a seat at this session invite to it. Take one first.")
    if inviter.pk == invited.pk:
        raise InvitationRefused("That is you. Choose somebody whom you would like to meet there.")
    mine = Invitation.objects.filter(session=session, invited_by=inviter)
    if mine.filter(profile=invited).exists():
        return
    is_of_host = may_host(session, inviter.user)
    if mine.count() >= MOST and not is_of_host:
        raise InvitationRefused(f"You have invited {MOST} people to this session. Leave the others to somebody else.")
    invitation = Invitation.objects.create(
        session=session, profile=invited, invited_by=inviter, why=why, is_of_host=is_of_host
    )
    if is_of_host:
        InvitationRequest.objects.filter(session=session, profile=invited).update(is_open=False)
    holds = SessionSeat.objects.filter(session=session, profile=invited).exclude(state=SeatState.CANCELLED)
    if may_sit(session, invited.user) and not holds.exists() and (is_of_host or not session.by_invitation):
        news.invited(session, invitation)


@transaction.atomic
def ask(session: SessionPage, profile: MemberProfile, *, why: str) -> None:
    """Ask the hosts for an invitation; once, whatever comes of it.

    Side effects: a request, news for the hosts. Raises InvitationRefused where there is nothing to ask for.
    """
    if not may_sit(session, profile.user) or not session.by_invitation or session.cancelled or is_over(session):
        raise InvitationRefused("Nobody has to ask for an invitation to this session.")
    if not why.strip():
        raise InvitationRefused("Say in a sentence what you would bring to this table, so that its host can decide.")
    request, is_new = InvitationRequest.objects.get_or_create(
        session=session, profile=profile, defaults={"why": why.strip()}
    )
    if is_new:
        news.asked(session, request)


@transaction.atomic
def set_aside(session: SessionPage, host: MemberProfile, asking: MemberProfile) -> None:
    """The host does not invite this person; they are told nothing. Raises InvitationRefused for everybody else."""
    if not may_host(session, host.user):
        raise InvitationRefused("Only those who run this session decide who is invited.")
    InvitationRequest.objects.filter(session=session, profile=asking).update(is_open=False)


def people_to_ask(session: SessionPage, user: User, query: str = "") -> list[MemberProfile]:
    """Whom `user` may find by name; without a name, people who say they care about the session's topics.

    Nobody is left out for having a seat: that they have one may be hidden.
    """
    people = MemberProfile.objects.listed_to(user).exclude(user=None).exclude(user=user)
    if query:
        people = people.filter(name__icontains=query)
    else:
        topics = session.topics.all()
        people = people.filter(topics__in=topics, topics_shown_to__lte=common_level(user)).distinct()
    return list(people.select_related("function", "industry")[:SUGGESTED])
