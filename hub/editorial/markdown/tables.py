"""HTML tables as the hub's table block: plain cells, with the links kept beside them."""

from __future__ import annotations

import html
import re
from typing import Any

from bs4 import Comment, NavigableString, Tag

_WIDEST, _LONGEST = 40, 2_000
_BREAKS = {"br", "p", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "pre", "blockquote"}


def is_layout(table: Tag) -> bool:
    """Whether a table only arranges a page: one column, other tables in it, or cells full of headings and code."""
    widths = [len(_cells(row)) for row in _rows(table)]
    return (
        not widths
        or max(widths) < 2
        or len(widths) > _LONGEST
        or max(widths) > _WIDEST
        or table.find(["table", "pre", "hub-notice", "hub-quote", "hub-video", "hub-resource"]) is not None
    )


def read(table: Tag) -> tuple[dict[str, Any] | None, list[tuple[str, str]]]:
    """The value of a table block, and the links its cells held as (rich text, address)."""
    rows = _rows(table)
    grid: list[list[str]] = []
    pending: dict[tuple[int, int], bool] = {}
    for index, row in enumerate(rows):
        line: list[str] = []
        for cell in _cells(row):
            while pending.pop((index, len(line)), False):
                line.append("")
            wide, high = _span(cell, "colspan"), _span(cell, "rowspan")
            for below in range(1, min(high, len(rows) - index)):
                for beside in range(wide):
                    pending[(index + below, len(line) + beside)] = True
            line.extend([words_of(cell), *[""] * (wide - 1)])
        while pending.pop((index, len(line)), False):
            line.append("")
        grid.append(line)
    grid = [line for line in grid if any(line)]
    if not grid:
        return None, []
    width = max(len(line) for line in grid)
    grid = [line + [""] * (width - len(line)) for line in grid]
    first = next((row for row in rows if row.get_text().strip()), rows[0])
    in_head = first.find_parent("thead") is not None
    head = in_head or all(cell.name == "th" for cell in _cells(first))
    others = [row for row in rows if row is not first and _cells(row)]
    side = bool(others) and all(_cells(row)[0].name == "th" for row in others)
    caption = table.find("caption")
    links = [
        (html.escape(words, quote=False), str(link["href"]))
        for link in table.find_all("a", href=True)
        if (words := " ".join(link.get_text().split()) or str(link["href"])) and not str(link["href"]).startswith("#")
    ]
    value = {
        "data": grid,
        "cell": [],
        "mergeCells": [],
        "first_row_is_table_header": head,
        "first_col_is_header": side,
        "table_header_choice": {(True, True): "both", (True, False): "row", (False, True): "column"}.get(
            (head, side), "neither"
        ),
        "table_caption": " ".join(caption.get_text(" ").split()) if isinstance(caption, Tag) else "",
    }
    return value, links


def words_of(cell: Tag) -> str:
    """The words of a cell, line by line, the items of a list with a bullet."""
    parts: list[str] = []
    for node in cell.descendants:
        if isinstance(node, NavigableString) and not isinstance(node, Comment):
            parts.append(re.sub(r"\s+", " ", str(node)))
        elif isinstance(node, Tag):
            if node.name == "img":
                parts.append(str(node.get("alt") or ""))
            elif node.name == "hub-frame":
                parts.append(str(node.get("title") or ""))
            elif node.name in _BREAKS:
                parts.append("\n• " if node.name == "li" else "\n")
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line and line != "•")


def _rows(table: Tag) -> list[Tag]:
    return [row for row in table.find_all("tr") if row.find_parent("table") is table]


def _cells(row: Tag) -> list[Tag]:
    return row.find_all(["td", "th"], recursive=False)


def _span(cell: Tag, name: str) -> int:
    value = str(cell.get(name) or "1")
    return max(1, min(int(value), _WIDEST)) if value.isdecimal() and len(value) < 6 else 1
