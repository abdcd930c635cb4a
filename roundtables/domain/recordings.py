"""Saying whether one agrees to a recording."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from hub.kernel.errors import HubError
from hub.media import registry
from hub.members.models import MemberProfile
from roundtables.enums import SeatState
from roundtables.models import RecordingConsent, SessionPage, SessionSeat


class ConsentRefused(HubError):
    """This person is not asked; the message says why."""


@transaction.atomic
def say(session: SessionPage, profile: MemberProfile, *, agrees: bool) -> None:
    """Keep whether `profile`, who was there, agrees that the recording is shown. The newest answer counts.

    Side effects: who may open the files, and find them, follows in the same transaction.
    """
    if session.starts_at is None or session.starts_at > timezone.now():
        raise ConsentRefused("The session has not begun, so nobody was recorded. Come back once it has.")
    there = SessionSeat.objects.filter(session=session, profile=profile, state=SeatState.GOING)
    if not there.exclude(attended=False).exists():
        raise ConsentRefused("Only those who were there are asked. If you were, tell the host to note it.")
    RecordingConsent.objects.update_or_create(session=session, profile=profile, defaults={"agrees": agrees})
    registry.uses_changed(pk for pk in (session.recording_file_id, session.transcript_file_id) if pk)
