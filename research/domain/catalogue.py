"""How reports are found."""

from __future__ import annotations

from hub.editorial.domain.catalogue import page_documents, register_pages, words_of
from research.models import ReportPage, ResearchIndexPage
from search.enums import Kind
from search.registry import Document, register


def register_reports() -> None:
    """Make reports and their index findable."""
    register(ResearchIndexPage, index_documents)
    register_pages(ReportPage, report_documents)


def report_documents(page: ReportPage) -> list[Document]:
    """A report, by its text and by how it was made; dated when it came out."""
    return page_documents(
        page,
        kind=Kind.REPORT,
        texts=[*words_of(page, ["body"]), page.method],
        day=page.published_on,
        facts={"published_on": page.published_on.isoformat() if page.published_on else None},
    )


def index_documents(page: ResearchIndexPage) -> list[Document]:
    """The list of reports, by its name and introduction."""
    return [Document(kind=Kind.PAGE, title=page.title, summary=page.intro, language=page.locale.language_code)]
