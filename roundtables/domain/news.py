"""Tells people what happens to their seats. Each is called once for what it tells of, in its transaction.

Side effects of all: a row in the inbox with the running transaction, a mail after it.
"""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone

from hub.accounts.models import User
from hub.kernel.dates import in_words
from hub.members.models import MemberProfile
from hub.members.rules import shown
from hub.notifications.domain.news import tell, unique_people
from hub.notifications.registry import Kind
from hub.pages.enums import PageSeatRole
from roundtables import kinds, tables
from roundtables.enums import SeatRole, SeatState
from roundtables.models import Invitation, InvitationRequest, SessionPage, SessionSeat


def offered(session: SessionPage, seat: SessionSeat) -> None:
    """A seat is held for somebody who waited: until when, and when the session is, on their own clock."""
    until = _moment(seat.offered_until, tables.Reader(None, seat.profile).zone(session))
    _tell_holder(
        session,
        seat,
        kinds.OFFERED,
        f"A seat came free at “{session.title}”: do you still want it?",
        f"It is held for you until {until}. Without an answer it goes to whoever comes next.",
    )


def offer_lapsed(session: SessionPage, seat: SessionSeat) -> None:
    """Nobody answered in time, and the seat goes on."""
    _tell_holder(
        session,
        seat,
        kinds.OFFER_LAPSED,
        f"The seat held for you at “{session.title}” went on: there was no answer in time",
        "If you still want to come, ask for a seat again on its page.",
    )


def moved_up(session: SessionPage, seat: SessionSeat) -> None:
    """A seat came free for somebody who waited, so late that it is theirs without asking."""
    _tell_holder(
        session,
        seat,
        kinds.MOVED_UP,
        f"You have a seat at “{session.title}”: you moved up from the waiting list",
        "If you cannot come, give the seat back on its page, so that somebody else can.",
    )


def seated_in_series(session: SessionPage, seat: SessionSeat) -> None:
    """A date was set in a series that somebody has a seat in."""
    goes = seat.state == SeatState.GOING
    _tell_holder(
        session,
        seat,
        kinds.SERIES_DATE,
        f"A new date is set: “{session.title}”. {'You have a seat' if goes else 'You are on its waiting list'}",
        "You have a seat in the whole series. If you cannot come, give this date back on its page.",
    )


def reminded(session: SessionPage, seat: SessionSeat, *, soon: bool) -> None:
    """The session is an hour (or, if not `soon`, a day) away."""
    joins = " The link to join is on its page." if session.join_url else ""
    _tell_holder(
        session,
        seat,
        kinds.REMINDER,
        f"“{session.title}” begins in less than {'an hour' if soon else 'a day'}",
        f"{joins if soon else ''} If you cannot come, give the seat back on its page.".strip(),
    )


def invited(session: SessionPage, invitation: Invitation) -> None:
    """Somebody asks them to a table: who, and why, in that person's words."""
    profile = invitation.profile
    for user in unique_people([profile.user]):
        tell(
            user,
            kind=kinds.INVITED,
            text=f"{_name_of(invitation.invited_by, user)} invites you to “{session.title}”",
            detail=f"{_when(session, profile, user)}\n{_quoted(invitation.why)}",
            url=_address(session),
            page=session,
        )


def asked(session: SessionPage, request: InvitationRequest) -> None:
    """Somebody asks those who run the table for an invitation."""
    for user in hosts_of(session):
        tell(
            user,
            kind=kinds.ASKED,
            text=f"{_name_of(request.profile, user)} asks for an invitation to “{session.title}”",
            detail=_quoted(request.why),
            url=reverse("roundtables:invite", args=[session.pk]),
            page=session,
        )


def table_fills(session: SessionPage, percent: int, going: int) -> None:
    """So much of a table is taken, for those who run the session."""
    part = "Every seat at" if percent == 100 else f"{percent} % of the seats at"
    text = f"{part} “{session.title}” {'is' if percent == 100 else 'are'} taken"
    for user in hosts_of(session):
        tell(
            user,
            kind=kinds.TABLE_FILLS,
            text=text,
            detail=f"{going} of {session.capacity} are going.",
            url=_address(session),
            page=session,
        )


def hosts_of(session: SessionPage) -> list[User]:
    """Who runs the session as a person, not by office: its hosts, and the co-authors of its page."""
    hosts = SessionSeat.objects.going().filter(session=session, role=SeatRole.HOST).select_related("profile__user")
    authors = session.page_seats.filter(role=PageSeatRole.CO_AUTHOR).select_related("user")
    return unique_people([*(seat.profile.user for seat in hosts), *(seat.user for seat in authors)])


def _tell_holder(session: SessionPage, seat: SessionSeat, kind: Kind, text: str, then: str) -> None:
    for user in unique_people([seat.profile.user]):
        when = _when(session, seat.profile, user)
        tell(user, kind=kind, text=text, detail=f"{when}\n{then}", url=_address(session), page=session)


def _when(session: SessionPage, profile: MemberProfile, user: User) -> str:
    """When it is, on the reader's clock."""
    reader = tables.Reader(user, profile)
    return f"{tables.long_time(session, reader)}. {tables.zone_words(session, reader)}"


def _name_of(profile: MemberProfile, viewer: User) -> str:
    return shown(profile, viewer, brief=True).name or "A member who does not show their name"


def _quoted(why: str) -> str:
    return f"“{why}”" if why else ""


def _moment(at: datetime | None, zone: ZoneInfo) -> str:
    local = (at or timezone.now()).astimezone(zone)
    return f"{local:%A} {in_words(local.date(), timezone.localdate())}, {local:%H:%M}"


def _address(session: SessionPage) -> str:
    return urlsplit(session.url or "").path
