"""What is to be said about a session before it is handed in."""

from __future__ import annotations

from collections.abc import Iterator

from hub.editorial.enums import BylineRole
from hub.editorial.registry import Remark
from hub.pages.enums import PageSeatRole
from roundtables.agenda import minutes_of
from roundtables.models import SessionPage


def session_remarks(page: SessionPage) -> Iterator[Remark]:
    """Whether people know when to come, the agenda fits, and those recorded agreed."""
    if page.starts_at is None or page.ends_at is None:
        yield Remark("missing", "Nobody knows when to come. Say when it starts and ends.", "starts_at")
    elif (needed := minutes_of(page)) > (lasts := int((page.ends_at - page.starts_at).total_seconds() // 60)):
        yield Remark("agenda", f"The agenda takes {needed} minutes, the session {lasts}. Shorten a stretch.", "agenda")
    hosts = [line.person for line in page.bylines.all() if line.role == BylineRole.HOST and line.person is not None]
    writers = {seat.user_id for seat in page.page_seats.all() if seat.role == PageSeatRole.CO_AUTHOR}
    if any(host.user_id is not None and host.user_id not in writers for host in hosts):
        yield Remark(
            "host",
            "Somebody is named as host who cannot open this page in the editor. Give them a co-author’s seat in "
            "“People on this page”, so that they can run the session.",
            "bylines",
        )
    if page.recording_url and not page.recording_agreed:
        yield Remark(
            "consent",
            "There is a recording. Ask those who can be seen or heard whether they agree, and tick it.",
            "recording_agreed",
        )
