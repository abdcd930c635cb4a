"""Who may know what was said by whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from hub.accounts.rules import Viewer
from roundtables.enums import UNATTRIBUTED, SeatState

if TYPE_CHECKING:
    from roundtables.models import SessionPage


def is_over(session: SessionPage) -> bool:
    """Whether the sitting has ended."""
    return session.ends_at is not None and session.ends_at < timezone.now()


def is_unattributed(session: SessionPage) -> bool:
    """Whether the sitting is over and nobody may be linked with it: no name, no employer, no function or industry."""
    return session.attribution_mode in UNATTRIBUTED and is_over(session)


def may_know_speakers(session: SessionPage, viewer: Viewer) -> bool:
    """Whether `viewer` may read who spoke.

    Before the sitting, host and guest are announced. Once a Chatham House or private sitting is over,
    only those who were there know who was; not even staff read it on the site.
    """
    if not is_unattributed(session):
        return True
    if viewer is None or not viewer.is_authenticated:
        return False
    seats = session.seats.filter(profile__user_id=viewer.pk, state=SeatState.GOING)
    return seats.exclude(attended=False).exists()
