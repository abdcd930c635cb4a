"""Who may know what was said by whom, who may sit at a table, and when its door is open."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone

from hub.accounts.enums import Role
from hub.accounts.rules import Viewer, role_of
from hub.pages.enums import PageSeatRole
from roundtables.enums import UNATTRIBUTED, AttributionMode, SeatRole, SeatState, SessionPlace, TakeawayState

if TYPE_CHECKING:
    from hub.pages.models import BasePage
    from roundtables.models import SessionPage, Takeaway

CHECK_IN_STAYS = timedelta(minutes=30)  # after the end: sessions run over
NOTES_STAY = timedelta(days=7)  # after the end: as long as takeaways are checked
DAY_REMINDER, HOUR_REMINDER = timedelta(hours=24), timedelta(hours=1)
NO_TIME_TO_ASK = timedelta(hours=12)  # before the start: who moves up has the seat at once
LINK_IN_CALENDARS = timedelta(days=1)  # before the start: programs fetch a calendar seldom, some once a day
JOIN_OPENS = timedelta(hours=1)  # before the start: early enough to try the sound, too late to pass the link around


def is_over(session: SessionPage) -> bool:
    """Whether the sitting has ended."""
    return session.ends_at is not None and session.ends_at < timezone.now()


def is_unattributed(session: SessionPage) -> bool:
    """Whether the sitting is over and nobody may be linked with it: no name, no employer, no function or industry."""
    return session.attribution_mode in UNATTRIBUTED and is_over(session)


def may_know_speakers(session: SessionPage, viewer: Viewer, seats: Iterable[Any] | None = None) -> bool:
    """Whether `viewer` may read who spoke. `seats` are those of the session with their profiles, if they are read.

    Before the sitting, host and guest are announced. Once a Chatham House or private sitting is over,
    only those who were there know who was; not even staff read it on the site.
    """
    return not is_unattributed(session) or is_at_table(session, viewer, seats)


def is_at_table(session: SessionPage, viewer: Viewer, seats: Iterable[Any] | None = None) -> bool:
    """Whether `viewer` has a seat, never only a place in the queue; once it is over: was not noted as absent."""
    if viewer is None or not viewer.is_authenticated:
        return False
    return any(
        seat.profile.user_id == viewer.pk and seat.state == SeatState.GOING and seat.attended is not False
        for seat in (session.seats.select_related("profile") if seats is None else seats)
    )


def was_there(session: SessionPage, viewer: Viewer, seats: Iterable[Any] | None = None) -> bool:
    """Whether `viewer` sat at the table: it is over, they had a seat, and nobody noted that they stayed away."""
    return is_over(session) and is_at_table(session, viewer, seats)


def may_know_askers(session: SessionPage, viewer: Viewer, seats: Iterable[Any] | None = None) -> bool:
    """Whether `viewer` reads who asked a question: those at the table, and of an open sitting whoever leads it.

    Questions that were asked without a name have none for anybody.
    """
    if is_at_table(session, viewer, seats):
        return True
    return session.attribution_mode not in UNATTRIBUTED and may_host(session, viewer, seats)


def may_read_questions(session: SessionPage, viewer: Viewer, seats: Iterable[Any] | None = None) -> bool:
    """Whether `viewer` reads what is asked: who could sit down; once a private sitting is over, only who was there."""
    if not may_sit(session, viewer):
        return False
    return session.attribution_mode != AttributionMode.PRIVATE or may_know_speakers(session, viewer, seats)


def may_read_notes(session: SessionPage, viewer: Viewer, seats: Iterable[Any] | None = None) -> bool:
    """Whether `viewer`, who may read the page, reads the notes: once it is over; of a private one only who was there.

    About nobody in particular (None) it says whether everybody does who may read the page.
    """
    if not is_over(session):
        return False
    return session.attribution_mode != AttributionMode.PRIVATE or may_know_speakers(session, viewer, seats)


def may_sit(session: SessionPage, viewer: Viewer) -> bool:
    """Whether a seat may be this person's: they are a member, and the session is one they may read."""
    return role_of(viewer) >= Role.MEMBER and session.is_visible_to(viewer)


def is_open_to_join(session: SessionPage) -> bool:
    """Whether the link to join is shown to those who are going: from an hour before the start until the end."""
    if session.starts_at is None or session.cancelled or is_over(session):
        return False
    return session.starts_at - JOIN_OPENS <= timezone.now()


def starts_within(session: SessionPage, time: timedelta) -> bool:
    """Whether the session begins before `time` has passed, and has not begun yet."""
    now = timezone.now()
    return session.starts_at is not None and now < session.starts_at <= now + time


def answer_by(session: SessionPage) -> datetime | None:
    """Until when whoever moves up now can say whether they still want the seat; None where it is theirs at once.

    Up to HUB_SEAT_OFFER_HOURS, and never more than a quarter of the time that is left: whoever comes after
    them needs some of it, too.
    """
    now, longest = timezone.now(), timedelta(hours=settings.HUB_SEAT_OFFER_HOURS)
    if session.starts_at is None:
        return now + longest if longest else None
    left = session.starts_at - now
    if not longest or left < NO_TIME_TO_ASK:
        return None
    return now + min(longest, left / 4)


def calendar_has_link(session: SessionPage) -> bool:
    """Whether a calendar file for somebody who is going has the link to join: from a day before until the end."""
    if session.starts_at is None or session.cancelled or is_over(session):
        return False
    return session.starts_at - LINK_IN_CALENDARS <= timezone.now()


def calendar_place(session: SessionPage) -> str:
    """Where it is, in a calendar file. Once nobody may be linked with the sitting, the room may name an employer."""
    if is_unattributed(session):
        return ""
    return session.location or str(SessionPlace(session.place).label)


def may_check(session: SessionPage, viewer: Viewer, seats: Iterable[Any] | None = None) -> bool:
    """Whether `viewer` says whether takeaways are right: whoever was there and may still read the page; nobody else,
    whatever they are on the hub or at the table's page."""
    if session.cancelled or viewer is None or not viewer.is_active:
        return False
    return session.is_visible_to(viewer) and was_there(session, viewer, seats)


def may_keep(session: SessionPage, user: Any, seats: Iterable[Any] | None = None) -> bool:
    """Whether `user` writes down what a session that is over came to: who led it, and may read what was said."""
    if session.cancelled or user is None or not user.is_authenticated:
        return False
    return may_read_notes(session, user, seats) and may_host(session, user, seats)


def told_speaker(takeaway: Takeaway, kind: str) -> bool:
    """Whether whoever said it may be told of in this way (`Attribution.NAMED` or `PLACE`): in an open session, with
    their own yes to these words; never afterwards under a stricter rule, and not of what was withdrawn."""
    return (
        takeaway.attribution == kind
        and takeaway.speaker_id is not None
        and takeaway.speaker_agreed
        and takeaway.session.attribution_mode == AttributionMode.OPEN
        and takeaway.state != TakeawayState.WITHDRAWN
    )


def may_run(page: BasePage, user: Any) -> bool:
    """Whether `user` runs the session or series: whoever may write its page; reading drafts is not enough."""
    return bool(page.permissions_for_user(user).can_change_text())


def may_host(session: SessionPage, user: Any, seats: Iterable[Any] | None = None) -> bool:
    """Whether `user` leads the table while it meets: who runs it, and who holds a host's seat, editor or not.

    `seats` are those of the session with their profiles, if they are read.
    """
    if user is None or not user.is_authenticated or role_of(user) < Role.MEMBER:
        return False
    return _holds_a_hosts_seat(session, user, seats) or may_run(session, user)


def is_host(session: SessionPage, user: Any) -> bool:
    """Whether `user` is asked for by name to run it: a host's seat at the table, or a co-author's on the page."""
    if _holds_a_hosts_seat(session, user):
        return True
    return bool(session.permissions_for_user(user).seat_role == PageSeatRole.CO_AUTHOR)


def _holds_a_hosts_seat(session: SessionPage, user: Any, seats: Iterable[Any] | None = None) -> bool:
    if seats is None:
        mine = session.seats.filter(profile__user=user, role=SeatRole.HOST, state=SeatState.GOING)
        return bool(mine.exists())
    held = (seat for seat in seats if seat.profile.user_id == user.pk)
    return any(seat.role == SeatRole.HOST and seat.state == SeatState.GOING for seat in held)


def is_open_to_check_in(session: SessionPage) -> bool:
    """Whether those who are going can say that they are here: from an hour before the start until after the end."""
    if session.starts_at is None or session.ends_at is None or session.cancelled:
        return False
    return session.starts_at - JOIN_OPENS <= timezone.now() <= session.ends_at + CHECK_IN_STAYS


def may_read_shared_notes(session: SessionPage, viewer: Viewer, seats: Iterable[Any] | None = None) -> bool:
    """Whether `viewer` reads what the table writes down: those at it, and of an open sitting whoever leads it."""
    return may_know_askers(session, viewer, seats)


def takes_shared_notes(session: SessionPage) -> bool:
    """Whether the table writes: from an hour before the session until a week after it."""
    if session.starts_at is None or session.ends_at is None or session.cancelled:
        return False
    return session.starts_at - JOIN_OPENS <= timezone.now() <= session.ends_at + NOTES_STAY
