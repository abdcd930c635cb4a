"""What is to be said about a session before it is handed in."""

from __future__ import annotations

from collections.abc import Iterator

from hub.editorial.registry import Remark
from roundtables.agenda import minutes_of
from roundtables.models import SessionPage


def session_remarks(page: SessionPage) -> Iterator[Remark]:
    """Whether people know when to come, the agenda fits, and those on the recording agreed to it."""
    if page.starts_at is None or page.ends_at is None:
        yield Remark("missing", "Nobody knows when to come. Say when it starts and ends.", "starts_at")
    elif (needed := minutes_of(page)) > (lasts := int((page.ends_at - page.starts_at).total_seconds() // 60)):
        yield Remark("agenda", f"The agenda takes {needed} minutes, the session {lasts}. Shorten a stretch.", "agenda")
    if page.recording_url and not page.recording_agreed:
        yield Remark(
            "consent",
            "There is a recording. Ask those who can be seen or heard whether they agree, and tick it.",
            "recording_agreed",
        )
