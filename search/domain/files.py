"""Documents as findable things: the words in their files, for exactly those who may open them as readers."""

from __future__ import annotations

from typing import Any

from django.conf.locale import LANG_INFO
from django.template.defaultfilters import filesizeformat

from hub.media.models import DocumentText, HubDocument
from hub.media.rules import readers_of, uses_of
from hub.pages.models import BasePage
from search.domain.words import squeeze
from search.enums import Kind, Variant
from search.registry import Document
from search.rules import scope_of_page

EXCERPT = 300  # characters of the beginning that a result shows
MOST_PAGES = 3  # that a result names, and whose topics, functions and industries count for the document


def file_documents(document: HubDocument) -> list[Document]:
    """One document for the widest audience that a page shows it to; for staff if none does.

    Named are the pages that all of this audience may read, so nobody learns here of a page that they
    may not know. Of its file the words are said only as far as they were read.
    """
    audience, pages = readers_of(uses_of([document])[document.pk])
    pages = sorted(pages, key=lambda page: (page.title, page.pk))
    text = DocumentText.objects.filter(pk=document.pk).first() or DocumentText()
    words = squeeze(text.text)
    return [
        Document(
            kind=Kind.DOCUMENT,
            scope=scope_of_page(audience, Variant.WHOLE),
            title=document.title,
            url=document.url,
            summary=_beginning(words),
            text=words,
            language=_language(text, pages),
            date=document.created_at.date(),
            owner_id=document.uploaded_by_user_id,
            facts={"lines": [line for line in (_format(document, text), _places(pages)) if line]},
            **_terms(pages[:MOST_PAGES]),
        )
    ]


def _beginning(words: str) -> str:
    if len(words) <= EXCERPT:
        return words
    return words[:EXCERPT].rsplit(" ", 1)[0].rstrip(",;:") + " …"


def _language(text: DocumentText, pages: list[BasePage]) -> str:
    """What the file says, if it is a language that we know of; else that of the page."""
    if text.language in LANG_INFO:
        return text.language
    return str(pages[0].locale.language_code) if pages else "en"


def _format(document: HubDocument, text: DocumentText) -> str:
    parts = [
        document.file_extension.upper(),
        filesizeformat(document.file_size).replace("\xa0", " ") if document.file_size is not None else "",
        f"{text.pages} {'page' if text.pages == 1 else 'pages'}" if text.pages else "",
    ]
    return ", ".join(part for part in parts if part)


def _places(pages: list[BasePage]) -> str:
    if not pages:
        return "shown on no page"
    more = len(pages) - MOST_PAGES
    named = ", ".join(f"“{page.title}”" for page in pages[:MOST_PAGES])
    return f"in {named}" + (f" and {more} more" if more > 0 else "")


def _terms(pages: list[BasePage]) -> dict[str, Any]:
    """Topics, functions and industries of the pages that show it: a worksheet is about what its page is about."""
    specific = [page.specific for page in pages]
    return {
        name: list({term.pk: term for page in specific for term in _related(page, name)}.values())
        for name in ("topics", "functions", "industries")
    }


def _related(page: Any, name: str) -> list[Any]:
    return list(getattr(page, name).all()) if hasattr(page, name) else []
