"""What a practice says, as the answers of a plain form, and answers as what a practice says.

The form and the editor write the same page. An answer is plain text (Markdown for the five sections, numbers
for chosen terms); two answers are the same if they come to the same text on the page.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from wagtail.blocks import StreamValue

from hub.editorial import references
from hub.editorial.markdown.writing import links_in, to_blocks, to_markdown
from hub.media.models import HubDocument
from hub.pages.models import BasePage
from hub.practices.models import SECTIONS, PracticePage

TEXTS = ("title", "gist", *(name for name, _ in SECTIONS))
BODIES = tuple(name for name, _ in SECTIONS)
TERMS = ("topics", "functions", "industries")
ANSWERS = (*TEXTS, *TERMS)
UNTITLED = "Untitled practice"
LABELS = {
    "title": "Title", "gist": "Gist", **dict(SECTIONS),
    "topics": "Topics", "functions": "Functions", "industries": "Industries",
}  # fmt: skip

Answers = dict[str, str]


def read(page: PracticePage) -> Answers:
    """The answers that `page`, as it lies in memory, comes to."""
    said = {"title": "" if page.title == UNTITLED else page.title, "gist": page.gist}
    said |= {name: to_markdown(getattr(page, name).get_prep_value()) for name in BODIES}
    return said | {name: _numbers(term.pk for term in getattr(page, name).all()) for name in TERMS}


def canonical(page: PracticePage, typed: Mapping[str, str], *, writer: Any) -> Answers:
    """What `read` would say, were `typed` on the page: the form in which two answers are compared."""
    said: Answers = {}
    for name, text in typed.items():
        if name in BODIES:
            said[name] = to_markdown(blocks(page, name, text, writer=writer))
        elif name in TERMS:
            said[name] = _numbers(int(pk) for pk in text.split())
        elif name == "title":
            said[name] = " ".join(text.split())
        else:
            said[name] = text.replace("\r\n", "\n").strip()
    return said


def write(page: PracticePage, typed: Mapping[str, str], *, writer: Any) -> None:
    """Put answers on `page`, in memory. Blocks that Markdown has no words for stay what they were."""
    for name, text in typed.items():
        if name in BODIES:
            block = PracticePage._meta.get_field(name).stream_block
            setattr(page, name, StreamValue(block, blocks(page, name, text, writer=writer), is_lazy=True))
        elif name in TERMS:
            setattr(page, name, PracticePage._meta.get_field(name).related_model.objects.filter(pk__in=text.split()))
        elif name == "title":
            page.title = " ".join(text.split()) or UNTITLED
        else:
            page.gist = text.replace("\r\n", "\n").strip()


def blocks(page: PracticePage, name: str, text: str, *, writer: Any) -> list[dict[str, Any]]:
    """The blocks of one section. A link leads where its writer may go, or where the section led before."""
    before = getattr(page, name).get_prep_value()
    return to_blocks(text, before=before, resolve=_Links(links_in(before), writer))


def version(said: Mapping[str, str]) -> str:
    """A short mark for each answer, by which a form knows later whether somebody else changed it."""
    return json.dumps({name: mark(text) for name, text in said.items()}, separators=(",", ":"))


def mark(text: str) -> str:
    """The mark of one answer."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def _numbers(pks: Iterable[int]) -> str:
    return " ".join(map(str, sorted(pks)))


class _Links:
    """Where the links of a typed text lead. What the writer may not know, and was not there, becomes plain words."""

    def __init__(self, known: set[tuple[str, int]], writer: Any) -> None:
        self.known, self.writer = known, writer

    def __call__(self, href: str) -> Any:
        token = re.fullmatch(r"\?(page|document)=(\d{1,15})", href)
        if token:
            kind, key = token[1], int(token[2])
            return (key if kind == "page" else (kind, key)) if self._may_link(kind, key) else None
        parts = urlsplit(href)
        if parts.scheme in ("mailto", "tel"):
            return href
        if parts.scheme in ("http", "https") and parts.netloc != urlsplit(settings.HUB_BASE_URL).netloc:
            return href
        if parts.scheme not in ("", "http", "https") or (not parts.scheme and parts.netloc):
            return None
        return self._page_at(parts.path) or (f"{settings.HUB_BASE_URL}{parts.path}" if parts.netloc else None)

    def _may_link(self, kind: str, key: int) -> bool:
        model = BasePage if kind == "page" else HubDocument
        return (kind, key) in self.known or not references.unknown_to(self.writer, {(model, str(key))})

    def _page_at(self, path: str) -> int | None:
        """The page at an address of the hub, if the writer may read it."""
        found = BasePage.objects.visible_to(self.writer).filter(url_path__endswith=path or "-")[:20]
        return next((page.pk for page in found if urlsplit(page.url or "").path == path), None)
