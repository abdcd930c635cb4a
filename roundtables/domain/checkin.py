"""Saying “I am here” with the code that the host shows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from hub.kernel.errors import HubError
from hub.kernel.limits import within
from hub.members.models import MemberProfile
from roundtables.enums import SeatState
from roundtables.models import SessionPage, SessionSeat
from roundtables.rules import is_open_to_check_in

CODE_LASTS = timedelta(minutes=10)  # after which another one is shown; the one before still counts
MOST_TRIES = 6  # of one person while one code is shown
_DIGITS = 6


class CheckInRefused(HubError):
    """The code did not check the person in; the message says why."""


def code_of(session: SessionPage, now: datetime | None = None) -> str:
    """The code the host shows at this moment. It is kept nowhere: it follows from the session and the clock."""
    return _code(session, _stretch(now or timezone.now()))


def changes_at(now: datetime | None = None) -> datetime:
    """When another code is shown."""
    return datetime.fromtimestamp((_stretch(now or timezone.now()) + 1) * CODE_LASTS.total_seconds(), tz=UTC)


def check_in(session: SessionPage, profile: MemberProfile, typed: str) -> None:
    """Note that `profile` came, if they have a seat and typed the code that is, or just was, shown.

    Raises CheckInRefused otherwise; after a few wrong tries also for the right code, until the next one is shown.
    """
    if not is_open_to_check_in(session):
        raise CheckInRefused("The code counts from an hour before the session until half an hour after it.")
    mine = SessionSeat.objects.filter(session=session, profile=profile, state=SeatState.GOING)
    if not mine.exists():
        raise CheckInRefused("You have no seat at this session. Take one on its page, if there is one left.")
    if not within("check-in", f"{session.pk}:{profile.pk}", most=MOST_TRIES, seconds=int(CODE_LASTS.total_seconds())):
        raise CheckInRefused("That were too many tries. Wait for the next code, or ask the host to note that you came.")
    stretch, digits = _stretch(timezone.now()), "".join(letter for letter in typed if letter.isdigit())
    if not any(constant_time_compare(digits, _code(session, one)) for one in (stretch, stretch - 1)):
        raise CheckInRefused("This is not the code that is shown. It changes every ten minutes, so look once more.")
    mine.update(attended=True)


def _stretch(now: datetime) -> int:
    return int(now.timestamp() // CODE_LASTS.total_seconds())


def _code(session: SessionPage, stretch: int) -> str:
    digest = salted_hmac("roundtables.check-in", f"{session.pk}:{stretch}", algorithm="sha256").digest()
    return str(int.from_bytes(digest[:8]) % 10**_DIGITS).zfill(_DIGITS)
