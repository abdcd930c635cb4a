"""Files of an archive as plain pages."""

from __future__ import annotations

from hub.archive.domain.content import Content
from hub.archive.domain.records import Record
from hub.archive.registry import PageKind
from hub.home.models import HomePage, StandardPage

# First parts of addresses that are no page's to take: a page of that name could never be reached.
_TAKEN = """
    accounts admin api apply documents feeds healthz images my-hub people practices research roundtables search sitemap
    static
"""


def fill(page: StandardPage, record: Record, content: Content) -> None:
    """A page's text."""
    page.body = content.body


PAGES = PageKind("pages", StandardPage, HomePage.objects.first, fill, reserved=frozenset(_TAKEN.split()), nested=True)
