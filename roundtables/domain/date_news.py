"""Tells people what becomes of sessions they have a seat at: moved, cancelled, another rule.

Each is called once for what it tells of, in its transaction. Side effects of all: a row in the inbox with the
running transaction, a mail after it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlsplit

from django.urls import reverse

from hub.accounts.models import User
from hub.members.models import MemberProfile
from hub.notifications.domain.news import tell, unique_people
from roundtables import kinds, tables
from roundtables.enums import SeatState
from roundtables.models import Loosening, SessionPage, SessionSeat


def called_off(session: SessionPage, *, reason: str, by: User | None) -> None:
    """A session does not take place, or does after all: everybody with a seat or in the queue reads it, and why."""
    after_all = not session.cancelled
    for user, profile in _registered(session, without=by):
        tell(
            user,
            kind=kinds.CALLED_OFF,
            text=f"“{session.title}” {'takes place after all' if after_all else 'is cancelled'}",
            detail="\n".join(filter(None, [_when(session, profile), reason])),
            url=urlsplit(session.url or "").path,
            page=session,
        )


def moved(session: SessionPage, *, before: datetime, by: User | None) -> None:
    """A session moves to another time: everybody with a seat or in the queue reads both, on their own clock."""
    for user, profile in _registered(session, without=by):
        reader = tables.Reader(user, profile)
        tell(
            user,
            kind=kinds.MOVED,
            text=f"“{session.title}” moves to another time",
            detail=f"Now {_when(session, profile)}\nIt was {tables.moment_in_words(before, session, reader)}.\n"
            "Your seat is kept. If you cannot come then, give it back on its page, so that somebody else can.",
            url=urlsplit(session.url or "").path,
            page=session,
        )


def asked_to_loosen(loosening: Loosening, people: Iterable[MemberProfile]) -> None:
    """People are asked whether what was said may be told. Their answer is a click on a page of its own."""
    session = loosening.session
    for user in unique_people([profile.user for profile in people]):
        tell(
            user,
            kind=kinds.LOOSENING,
            text=f"May what was said at “{session.title}” be told? It takes your yes",
            detail=f"Asked for: {loosening.get_mode_display()}.\nWhy: {loosening.reason}",
            url=reverse("roundtables:loosening", args=[loosening.pk]),
            page=session,
        )


def loosened(loosening: Loosening, people: Iterable[MemberProfile]) -> None:
    """Everybody agreed: all of them read that another rule holds now."""
    session = loosening.session
    for user in unique_people([profile.user for profile in people]):
        tell(
            user,
            kind=kinds.LOOSENING,
            text=f"Everybody agreed: another rule holds for “{session.title}”",
            detail=f"{loosening.get_mode_display()}.",
            url=urlsplit(session.url or "").path,
            page=session,
        )


def not_loosened(loosening: Loosening) -> None:
    """Not everybody agreed. Only whoever asked is told, and never whose answer it was."""
    session = loosening.session
    for user in unique_people([loosening.asked_by]):
        tell(
            user,
            kind=kinds.LOOSENING,
            text=f"Not everybody agreed: the rule of “{session.title}” stays as it is",
            url=urlsplit(session.url or "").path,
            page=session,
        )


def _registered(session: SessionPage, *, without: User | None) -> list[tuple[User, MemberProfile]]:
    """The people with a seat or in the queue, each once; nobody without an account, and not who did it."""
    seats = SessionSeat.objects.filter(session=session).exclude(state=SeatState.CANCELLED)
    profiles = {seat.profile.user_id: seat.profile for seat in seats.select_related("profile__user")}
    users = unique_people([profile.user for profile in profiles.values()], without=without)
    return [(user, profiles[user.pk]) for user in users]


def _when(session: SessionPage, profile: MemberProfile) -> str:
    reader = tables.Reader(profile.user, profile)
    return f"{tables.long_time(session, reader)}. {tables.zone_words(session, reader)}"
