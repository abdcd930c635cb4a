"""How series and sessions are found, and what of a Chatham House session never is."""

from __future__ import annotations

from typing import Any

from hub.editorial.domain.catalogue import page_documents, register_pages, words_of
from hub.editorial.enums import SPEAKERS
from hub.members.domain.catalogue import name_for
from hub.members.enums import ShownTo
from roundtables.enums import UNATTRIBUTED, Attribution, AttributionMode, SessionFormat, TakeawayState
from roundtables.models import RoundtablesIndexPage, SeriesPage, SessionPage, Takeaway
from roundtables.rules import may_read_notes, told_speaker
from search.domain.catalogue import refresh_all, refresh_dependents
from search.enums import Kind, Variant
from search.registry import Document, register, source_of
from search.rules import scope_of_page


def register_roundtables() -> None:
    """Make the index, series and sessions findable."""
    register(RoundtablesIndexPage, index_documents)
    register_pages(SeriesPage, series_documents)
    register_pages(SessionPage, session_documents)
    register(Takeaway, takeaway_documents)


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


def takeaway_documents(takeaway: Takeaway) -> list[Document]:
    """A takeaway that stands, for those who may read its session. Of a private one none: only who was there reads it.

    Who said it is found by name only with their yes, in an open session, and by those whom they show their name to.
    """
    page = takeaway.session
    if takeaway.state != TakeawayState.PUBLISHED or not page.live or not may_read_notes(page, None):
        return []
    day = takeaway.published_at.date() if takeaway.published_at else None
    topics, functions, industries = list(page.topics.all()), list(page.functions.all()), list(page.industries.all())
    common: dict[str, Any] = {
        "kind": Kind.TAKEAWAY,
        "title": takeaway.statement,
        "url": takeaway.get_absolute_url(),
        "summary": takeaway.detail,
        "topics": topics,
        "functions": functions,
        "industries": industries,
        "language": page.locale.language_code,
        "date": day,
        "facts": {"lines": [f"From “{page.title}”"], "of_page": page.pk},
        "depends_on": [page],
    }
    speaker = takeaway.speaker if told_speaker(takeaway, Attribution.NAMED) else None
    if speaker is not None:
        common["depends_on"].append(speaker)
    outer, inner = name_for(speaker, ShownTo.PUBLIC), name_for(speaker, ShownTo.MEMBERS)

    def document(variant: str, name: str) -> Document:
        scope = scope_of_page(page.effective_audience, variant)
        return Document(variant=variant, scope=scope, people=[name] if name else [], **common)

    if outer == inner:
        return [document(Variant.WHOLE, outer)]
    return [document(Variant.OUTER, outer), document(Variant.INNER, inner)]


def refresh_takeaways_of(page: Any) -> None:
    """A page was saved: what stands of a session is found by those who may read it now, and by no others."""
    if isinstance(page, SessionPage):
        refresh_dependents(page)


def refresh_takeaways_below(path: str) -> None:
    """The audience or address of a whole section changed, and with it that of the sessions in it."""
    refresh_all((source_of(Takeaway), pk) for pk in _takeaways_below(path))


def _takeaways_below(path: str) -> list[int]:
    return list(Takeaway.objects.filter(session__path__startswith=path).values_list("pk", flat=True))


def series_documents(page: SeriesPage) -> list[Document]:
    """A series, by what it is about."""
    return page_documents(page, kind=Kind.SERIES, texts=words_of(page, ["body"]))


def index_documents(page: RoundtablesIndexPage) -> list[Document]:
    """The list of sessions, by its name and introduction."""
    return [Document(kind=Kind.PAGE, title=page.title, summary=page.intro, language=page.locale.language_code)]
