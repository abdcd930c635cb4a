"""How series and sessions are found, and what of a Chatham House session never is."""

from __future__ import annotations

from hub.editorial.domain.catalogue import page_documents, register_pages, words_of
from hub.editorial.enums import SPEAKERS
from roundtables.enums import UNATTRIBUTED, AttributionMode, SessionFormat
from roundtables.models import RoundtablesIndexPage, SeriesPage, SessionPage
from roundtables.rules import may_read_notes
from search.enums import Kind
from search.registry import Document, register


def register_roundtables() -> None:
    """Make the index, series and sessions findable."""
    register(RoundtablesIndexPage, index_documents)
    register_pages(SeriesPage, series_documents)
    register_pages(SessionPage, session_documents)


def session_documents(page: SessionPage) -> list[Document]:
    """A session, by what it is about and, once held, by what was concluded.

    Where words may not be linked with people, host and guest are in no entry, not even before the
    session: a sitting passes with the clock, and nothing is saved at that moment that could take
    their names out again. Nor are the names under quotations and in the agenda. Notes of a private session stay out.
    """
    unattributed = page.attribution_mode in UNATTRIBUTED
    without = {"attribution", "led_by"} if unattributed else set()
    parts = ["body", "agenda", "preparation"]
    if may_read_notes(page, None):
        parts.append("notes")
    start = page.starts_at.astimezone(page.zone) if page.starts_at else None
    return page_documents(
        page,
        kind=Kind.SESSION,
        texts=words_of(page, parts, without=without),
        day=start.date() if start else None,
        hide_roles=SPEAKERS if unattributed else (),
        facts={
            "starts_at": page.starts_at.isoformat() if page.starts_at else None,
            "time_zone": page.time_zone,
            "cancelled": page.cancelled,
            "lines": [
                *([SessionFormat(page.format).label] if page.format != SessionFormat.ROUNDTABLE else []),
                *([AttributionMode(page.attribution_mode).label.partition(":")[0]] if unattributed else []),
            ],
        },
    )


def series_documents(page: SeriesPage) -> list[Document]:
    """A series, by what it is about."""
    return page_documents(page, kind=Kind.SERIES, texts=words_of(page, ["body"]))


def index_documents(page: RoundtablesIndexPage) -> list[Document]:
    """The list of sessions, by its name and introduction."""
    return [Document(kind=Kind.PAGE, title=page.title, summary=page.intro, language=page.locale.language_code)]
