"""Whether a recording may be heard: what those who were there say about it, and who is asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from hub.accounts.rules import Viewer
from hub.kernel import prepared
from roundtables.enums import SeatState
from roundtables.models import RecordingConsent, SessionPage
from roundtables.rules import is_over, may_know_speakers


@dataclass(frozen=True, slots=True)
class Consent:
    """How far it is agreed: by how many of those who were there, refused by how many, not answered by how many."""

    agreed: int = 0
    refused: int = 0
    unanswered: int = 0
    noted: bool = False  # by who runs it, or published elsewhere before it came here

    @property
    def is_given(self) -> bool:
        """Whether the recording may be shown: nobody refuses, and everybody was asked."""
        return not self.refused and (self.noted or (self.agreed > 0 and not self.unanswered))


def is_recorded(session: SessionPage) -> bool:
    """Whether there is anything to hear or to read word for word."""
    files = (session.recording_file_id, session.transcript_file_id)
    return bool(session.recording_url or session.transcript_url or any(files))


def answers_of(session: SessionPage) -> dict[int, bool]:
    """What people said, by the key of their profile. One query."""
    return dict(prepared.rows("consents", _answers, session.pk))


def consent_of(session: SessionPage, answers: dict[int, bool], seats: Iterable[Any] | None = None) -> Consent:
    """How far the recording of `session` is agreed. A refusal counts also of somebody who is noted as absent.

    What came with an archive was published there already, and nobody here was at that table.
    """
    taken = session.seats.all() if seats is None else seats
    there = {seat.profile_id for seat in taken if seat.state == SeatState.GOING and seat.attended is not False}
    refused = sum(1 for agrees in answers.values() if not agrees)
    return Consent(
        agreed=sum(answers.values()),
        refused=refused,
        unanswered=len(there - set(answers)),
        noted=session.recording_agreed or bool(session.source_path),
    )


def may_hear(session: SessionPage, viewer: Viewer, seats: Iterable[Any] | None = None) -> bool:
    """Whether `viewer`, who may read the page, gets to the recording and the transcript.

    Once it is over and agreed; where nobody may be named, only who was there. About nobody in particular (None) it
    says whether everybody does who may read the page.
    """
    if not is_recorded(session) or not is_over(session) or not may_know_speakers(session, viewer, seats):
        return False
    return consent_of(session, answers_of(session), seats).is_given


def _answers(session_id: int) -> Any:
    return RecordingConsent.objects.filter(session_id=session_id).order_by().values_list("profile_id", "agrees")
