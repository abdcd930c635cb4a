"""Files of an archive as practices."""

from __future__ import annotations

from hub.archive.domain.content import Content
from hub.archive.domain.records import Record
from hub.archive.registry import PageKind
from hub.practices.models import SECTIONS, PracticePage, PracticesIndexPage


def fill(page: PracticePage, record: Record, content: Content) -> None:
    """A practice's five parts. A text that does not tell them apart is what was done."""
    for name, _ in SECTIONS:
        setattr(page, name, content.parts.get(name, []))


PRACTICES = PageKind("practices", PracticePage, PracticesIndexPage.objects.first, fill)
