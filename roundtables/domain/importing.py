"""Files of an archive as sessions."""

from __future__ import annotations

from django.utils import timezone

from hub.archive.domain.content import Content
from hub.archive.domain.records import Record
from hub.archive.registry import PageKind
from hub.editorial.markdown.blocks import is_address
from roundtables.enums import SessionPlace
from roundtables.models import RoundtablesIndexPage, SessionPage

_LONGEST_URL = 500


def fill(page: SessionPage, record: Record, content: Content) -> None:
    """When, where and how a session was. Signing up elsewhere only makes sense while it is still to come."""
    if record.starts is None or record.ends is None:
        return  # a session without a date does not get this far
    page.starts_at, page.ends_at, page.time_zone = record.starts.at, record.ends.at, record.starts.zone
    page.place = SessionPlace(record.place or SessionPlace.ONLINE)
    page.location, page.organiser = record.location[:300], record.organiser[:200]
    page.recording_url = _address(record.recording)
    page.join_url = _address(record.join) if record.starts.at > timezone.now() else ""
    page.body = content.body


def _address(url: str) -> str:
    return url if len(url) <= _LONGEST_URL and is_address(url) else ""


SESSIONS = PageKind("sessions", SessionPage, RoundtablesIndexPage.objects.first, fill)
