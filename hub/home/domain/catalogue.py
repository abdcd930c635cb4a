"""How plain pages are found. The front page is not: everybody is there already."""

from __future__ import annotations

from hub.editorial.domain.catalogue import page_documents, register_pages, words_of
from hub.home.models import StandardPage
from search.enums import Kind
from search.registry import Document


def register_plain_pages() -> None:
    """Make plain pages findable."""
    register_pages(StandardPage, page_of_text_documents)


def page_of_text_documents(page: StandardPage) -> list[Document]:
    """A plain page, by its text."""
    return page_documents(page, kind=Kind.PAGE, texts=words_of(page, ["body"]))
