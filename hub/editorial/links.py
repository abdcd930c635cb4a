"""Links to pages and documents inside texts: all those of a page get their addresses at once.

The address of a page tells its title, that of a document the name of its file. So a link to what is not
for the reader keeps its words and leads nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

from wagtail.blocks import StreamValue, StructValue
from wagtail.documents.rich_text import DocumentLinkHandler
from wagtail.rich_text import RichText, expand_db_html
from wagtail.rich_text.pages import PageLinkHandler

from hub.accounts.rules import Viewer, role_of
from hub.kernel.prepared import padded, rows
from hub.media.models import HubDocument
from hub.media.rules import visible_among
from hub.pages.enums import Audience
from hub.pages.models import BasePage

_level: ContextVar[int] = ContextVar("level", default=Audience.PUBLIC)  # the strictest audience that is led on
_reader: ContextVar[Viewer] = ContextVar("reader", default=None)
_BETWEEN = "\x1e"  # a control character, which no text of the editor holds


class OneQueryPageLinks(PageLinkHandler):
    """Wagtail reads every linked page, whoever it is for, in its own type; for its address the page alone will do."""

    @classmethod
    def get_many(cls, attrs_list: list[dict[str, str]]) -> list[Any]:
        keys = [attrs.get("id", "") for attrs in attrs_list]
        level = int(_level.get())

        def build(*pks: int) -> Any:
            return BasePage.objects.live().filter(effective_audience__lte=level, pk__in=pks).order_by()

        wanted = padded({int(key) for key in keys if key.isdigit()})
        found = {page.pk: page for page in rows(("linked pages", level), build, *wanted)} if wanted else {}
        return [found.get(int(key)) if key.isdigit() else None for key in keys]


class OpenDocumentLinks(DocumentLinkHandler):
    """Wagtail tells the address of every document; here it is that of a document the reader may open."""

    @classmethod
    def get_many(cls, attrs_list: list[dict[str, str]]) -> list[Any]:
        keys = [int(attrs["id"]) if attrs.get("id", "").isdigit() else 0 for attrs in attrs_list]
        found = {one.pk: one for one in rows("linked documents", _documents, *padded(set(keys)))}
        allowed = visible_among(found.values(), _reader.get())
        return [found[key] if key in allowed else None for key in keys]


def _documents(*pks: int) -> Any:
    return HubDocument.objects.filter(pk__in=pks).order_by()


def resolve(page: Any, viewer: Viewer = None) -> None:
    """Write the addresses into the links of all texts of `page`, in one query for each kind of link.

    Links lead where `viewer` may go; without one, where everybody may go who may read `page`. Left to
    themselves, the blocks of a text would each ask for their own.
    """
    linked = [text for text in _rich_texts(page) if "linktype=" in text.source]
    if linked:
        token = _level.set(page.effective_audience if viewer is None else role_of(viewer))
        reader = _reader.set(viewer)
        try:
            expanded = expand_db_html(_BETWEEN.join(text.source for text in linked)).split(_BETWEEN)
        finally:
            _level.reset(token)
            _reader.reset(reader)
        if len(expanded) == len(linked):
            for text, source in zip(linked, expanded, strict=True):
                text.source = source


def _rich_texts(page: Any) -> Iterator[RichText]:
    for name in page.get_streamfield_names():
        for block in getattr(page, name):
            yield from _within(block.value)


def _within(value: Any) -> Iterator[RichText]:
    if isinstance(value, RichText):
        yield value
    elif isinstance(value, StructValue):
        for part in value.values():
            yield from _within(part)
    elif isinstance(value, StreamValue):
        for block in value:
            yield from _within(block.value)
