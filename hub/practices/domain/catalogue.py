"""How practices are found."""

from __future__ import annotations

from hub.editorial.domain.catalogue import page_documents, register_pages, words_of
from hub.practices.models import SECTIONS, PracticePage, PracticesIndexPage
from search.enums import Kind
from search.registry import Document, register


def register_practices() -> None:
    """Make practices and their index findable."""
    register(PracticesIndexPage, index_documents)
    register_pages(PracticePage, practice_documents)


def practice_documents(page: PracticePage) -> list[Document]:
    """A practice, by its gist and its five answers."""
    return page_documents(page, kind=Kind.PRACTICE, texts=words_of(page, [name for name, _ in SECTIONS]))


def index_documents(page: PracticesIndexPage) -> list[Document]:
    """The list of practices, by its name and introduction."""
    return [Document(kind=Kind.PAGE, title=page.title, summary=page.intro, language=page.locale.language_code)]
