"""The sessions in a member's own calendar, and the secret addresses it fetches them from."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Case, Q, When
from django.utils import timezone

from hub.accounts.enums import Role
from hub.accounts.models import User
from hub.accounts.rules import Viewer, role_of
from hub.kernel.errors import HubError
from hub.pages.enums import Audience
from hub.pages.routing import url_of
from roundtables.domain.ics import Entry
from roundtables.enums import SeatState
from roundtables.models import CalendarFeed, SessionPage, SessionSeat
from roundtables.rules import calendar_has_link, calendar_place

MOST_FEEDS = 10  # of one person
MOST_ENTRIES = 1000  # a file that every program on a telephone still reads
SEATS_BACK = timedelta(days=365)
OPEN_BACK, OPEN_AHEAD = timedelta(days=30), timedelta(days=365)
_NOTED_EVERY = timedelta(hours=1)
_COLUMNS = (
    "pk", "translation_key", "title", "gist", "url_path", "starts_at", "ends_at", "time_zone", "place", "location",
    "join_url", "attribution_mode", "cancelled", "effective_audience", "first_published_at", "last_published_at",
)  # fmt: skip
_SAID = {
    SeatState.GOING: "You have a seat. If you cannot come, give it back on the page of the session.",
    SeatState.OFFERED: "A seat is held for you. Take it on the page of the session, or it goes to the next in line.",
    SeatState.WAITLISTED: "You are on the waiting list. The time is yours only once you have a seat.",
}


class FeedRefused(HubError):
    """An address cannot be made; the message says why."""


def may_subscribe(user: Viewer) -> bool:
    """Whether this person may have calendar addresses, and whether those they have answer: they are a member."""
    return role_of(user) >= Role.MEMBER


@transaction.atomic
def make(user: User, *, name: str, has_open_sessions: bool = False) -> tuple[CalendarFeed, str]:
    """A new address and its secret, which is shown now and kept nowhere.

    Raises FeedRefused when the person has one of this name, or enough of them, or is no member.
    """
    if not may_subscribe(user):
        raise FeedRefused("Calendar addresses are for members. As soon as your account is a member’s, make one here.")
    User.objects.select_for_update().get(pk=user.pk)  # two at once would each count nine
    held = CalendarFeed.objects.filter(user=user)
    if held.filter(name=name).exists():
        raise FeedRefused(f"You have an address called “{name}” already. Renew that one, or choose another name.")
    if held.count() >= MOST_FEEDS:
        raise FeedRefused(f"You have {MOST_FEEDS} addresses, which is the most. Take one away that nothing uses.")
    token = secrets.token_urlsafe(32)
    feed = CalendarFeed.objects.create(
        user=user, name=name, has_open_sessions=has_open_sessions, token_digest=digest_of(token), made_at=timezone.now()
    )
    return feed, token


def renew(feed: CalendarFeed) -> str:
    """Give `feed` another secret, which is returned and kept nowhere; the old address is dead at once."""
    token = secrets.token_urlsafe(32)
    feed.token_digest, feed.made_at, feed.last_used_at = digest_of(token), timezone.now(), None
    feed.save(update_fields=["token_digest", "made_at", "last_used_at"])
    return token


def revoke(feed: CalendarFeed) -> None:
    """Take the address away; whatever fetches it gets nothing more."""
    feed.delete()


def digest_of(token: str) -> str:
    """The fingerprint under which the secret of an address is kept."""
    return sha256(token.encode()).hexdigest()


def opened_by(token: str) -> CalendarFeed | None:
    """The feed of this address, if its owner is still a member; None is all that anybody else learns."""
    feed = CalendarFeed.objects.select_related("user").filter(token_digest=digest_of(token)).first()
    return feed if feed is not None and may_subscribe(feed.user) else None


def note_use(feed: CalendarFeed) -> None:
    """Remember that the address is in use; once an hour, for programs ask often and writing costs more than reading."""
    now = timezone.now()
    if feed.last_used_at is None or feed.last_used_at < now - _NOTED_EVERY:
        CalendarFeed.objects.filter(pk=feed.pk).update(last_used_at=now)


def entries_of(feed: CalendarFeed) -> list[Entry]:
    """What the calendar of the feed's owner shows now: their seats, and if they chose so what else is open to them.

    In their order; where there are more than a thousand, what is over goes first. A seat that was given back, and a
    session that is not for them (any more), are not among them.
    """
    now = timezone.now()
    states = _states(feed.user)
    mine = Q(pk__in=list(states), starts_at__gte=now - SEATS_BACK)
    if feed.has_open_sessions:
        mine |= Q(starts_at__gte=now - OPEN_BACK, starts_at__lt=now + OPEN_AHEAD, cancelled=False)
    sessions = SessionPage.objects.visible_to(feed.user).filter(mine)
    to_come_first = Case(When(ends_at__gte=now, then=0), default=1)
    found = _entries(sessions.order_by(to_come_first, "starts_at", "pk"), states)
    return sorted(found, key=lambda entry: (entry.starts_at, entry.uid))


def entry_of(session: SessionPage, viewer: Viewer) -> Entry | None:
    """`session`, which `viewer` may read, as an entry of their calendar; None while it has no date."""
    states = _states(viewer, session)
    return next(iter(_entries(SessionPage.objects.filter(pk=session.pk), states)), None)


def _states(viewer: Viewer, session: SessionPage | None = None) -> dict[int, str]:
    """Where `viewer` stands with the sessions they hold or await a seat at."""
    if viewer is None or not viewer.is_authenticated:
        return {}
    seats = SessionSeat.objects.filter(profile__user_id=viewer.pk, state__in=_SAID)
    if session is not None:
        seats = seats.filter(session=session)
    return dict(seats.values_list("session_id", "state"))


def _entries(sessions: Any, states: dict[int, str]) -> list[Entry]:
    """The entries of the first sessions of those that have a date. Plain rows: a page costs ten times as much."""
    dated = sessions.filter(starts_at__isnull=False, first_published_at__isnull=False)
    rows = dated.values_list(*_COLUMNS, named=True)[:MOST_ENTRIES]
    return [_entry(row, states.get(row.pk)) for row in rows]


def _entry(session: Any, state: str | None) -> Entry:
    """`session`, of which the row is read, for somebody who stands with it as `state` says."""
    published: datetime = session.last_published_at or session.first_published_at
    is_going = state == SeatState.GOING
    said = "" if session.cancelled or state is None else _SAID[SeatState(state)]
    return Entry(
        uid=str(session.translation_key),
        title=session.title,
        url=_address(session.url_path),
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        zone=session.time_zone,
        published_at=published,
        sequence=int((published - session.first_published_at).total_seconds()),
        text="\n\n".join(filter(None, [said, session.gist])),
        place=calendar_place(session),
        join_url=session.join_url if is_going and calendar_has_link(session) else "",
        is_cancelled=session.cancelled,
        is_tentative=state in (SeatState.OFFERED, SeatState.WAITLISTED),
        is_busy=is_going and not session.cancelled,
        is_private=session.effective_audience > Audience.PUBLIC,
    )


def _address(url_path: str) -> str:
    path = url_of(url_path)
    return path if path.startswith("http") else f"{settings.HUB_BASE_URL}{path}"
