"""Links to pages and documents inside texts: all those of a page get their addresses at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wagtail.rich_text import RichText, expand_db_html
from wagtail.rich_text.pages import PageLinkHandler

from hub.pages.models import BasePage

_BETWEEN = "\x1e"  # a control character, which no text of the editor holds


class OneQueryPageLinks(PageLinkHandler):
    """Wagtail reads every linked page in its own type; for its address the page alone will do."""

    @classmethod
    def get_many(cls, attrs_list: list[dict[str, str]]) -> list[Any]:
        keys = [attrs.get("id", "") for attrs in attrs_list]
        found = BasePage.objects.in_bulk({int(key) for key in keys if key.isdigit()})
        return [found.get(int(key)) if key.isdigit() else None for key in keys]


def resolve(page: Any) -> None:
    """Write the addresses into the links of all texts of `page`, in one query for each kind of link.

    Left to themselves, the blocks of a text would each ask for their own.
    """
    linked = [text for text in _rich_texts(page) if "linktype=" in text.source]
    if linked:
        expanded = expand_db_html(_BETWEEN.join(text.source for text in linked)).split(_BETWEEN)
        if len(expanded) == len(linked):
            for text, source in zip(linked, expanded, strict=True):
                text.source = source


def _rich_texts(page: Any) -> Iterator[RichText]:
    for name in page.get_streamfield_names():
        for block in getattr(page, name):
            value = block.value["text"] if block.block_type == "notice" else block.value
            if isinstance(value, RichText):
                yield value
