"""A text of blocks, read passage by passage, each with the place where it stands."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from wagtail.blocks import StreamValue, StructValue
from wagtail.rich_text import RichText

_END = re.compile(r"</(?:p|li|h\d|blockquote)>|<br\s*/?>")
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Passage:
    """A block or a part of one: `kind` is the name of the block, `part` that of the part ("" for the block itself)."""

    field: str
    path: str
    kind: str
    part: str
    value: Any

    @property
    def words(self) -> str:
        """What people read of it, without its markup; nothing, if it holds no words."""
        if isinstance(self.value, RichText):
            return html.unescape(_TAG.sub("", _END.sub("\n", self.value.source or "")))
        return self.value if isinstance(self.value, str) else ""


def passages(page: Any) -> Iterator[Passage]:
    """Every block and every part of one in the texts of `page`, in reading order."""
    for name in page.get_streamfield_names():
        for block in getattr(page, name):
            yield from _within(name, f"{name}.{block.id}", block.block_type, "", block.value)


def _within(field: str, path: str, kind: str, part: str, value: Any) -> Iterator[Passage]:
    yield Passage(field, path, kind, part, value)
    if isinstance(value, StructValue):
        for name, inner in value.items():
            yield from _within(field, path, kind, name, inner)
    elif isinstance(value, StreamValue):
        for block in value:
            yield from _within(field, f"{path}.{block.id}", block.block_type, "", block.value)
    elif isinstance(value, dict) and "data" in value:  # a table
        for row in value["data"] or []:
            for cell in row:
                yield Passage(field, path, kind, part or "table", cell)
