"""Files of an archive as reports."""

from __future__ import annotations

from hub.archive.domain.content import Content
from hub.archive.domain.records import Record
from hub.archive.registry import PageKind
from research.models import ReportPage, ResearchIndexPage


def fill(page: ReportPage, record: Record, content: Content) -> None:
    """A report's text, and the day it was first published."""
    page.published_on = record.published.typed_date if record.published else None
    page.body = content.body


REPORTS = PageKind("reports", ReportPage, ResearchIndexPage.objects.first, fill)
