"""A record's text as blocks, sorted into the parts a page has, with the names and the gist found in it."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import Any

from bs4 import BeautifulSoup

from hub.archive.domain.layouts import Layout
from hub.archive.domain.problems import Remark
from hub.archive.domain.records import Record, name_of
from hub.editorial.markdown import blocks
from hub.editorial.markdown.blocks import Block
from hub.editorial.markdown.rich_text import Resolve
from hub.kernel.clean import rich_text as stored

LONGEST_GIST, LONGEST_TITLE = 600, 240
_PARTS = ("problem", "context", "what_we_did", "what_it_needs", "what_came_of_it")
_ROLE_WORDS = re.compile(r"\s*(?:[,(–—:]|\s-\s|@).*$")


@dataclass
class Content:
    """What a page is filled with. `body` is the whole text; `parts` the same text sorted into a practice's fields."""

    title: str
    gist: str
    body: list[tuple[str, Any]] = field(default_factory=list)
    parts: dict[str, list[tuple[str, Any]]] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


def compose(record: Record, layout: Layout, resolve: Resolve) -> Content:
    """The content of a record. Nothing its author wrote is left out; what cannot be shown as it was is remarked on."""
    converted = blocks.convert(record.body, resolve=resolve)
    own = converted.blocks
    content = Content(record.title, record.gist)
    if converted.pictures:
        content.remarks.append(Remark(f"{converted.pictures} picture(s) without description were left out."))
    if converted.struck_out:
        content.remarks.append(Remark(f"{converted.struck_out} struck-out passage(s) are ordinary text now."))
    if converted.lost_links:
        content.remarks.append(Remark(f"{len(converted.lost_links)} link(s) lead nowhere here and became plain text."))
    own = _take_title(content, own)
    sections = blocks.sections(own)
    places = {title: _place(title, layout) for title, _ in sections if title}
    if layout.kind == "practices" and len({place for place in places.values() if place in _PARTS}) > 1:
        parts = _sorted_parts(content, sections, places, layout)
    else:
        parts = {"what_we_did": own}
    if not content.title:
        content.title = name_of(record.path).replace("-", " ").replace("_", " ").strip().capitalize() or "Untitled"
        content.remarks.append(Remark("The file has no title; its name stands for it."))
    opening = _opening(content, record)
    first = next((name for name in _PARTS if parts.get(name)), "what_we_did")
    parts[first] = [*opening, *parts.get(first, [])]
    ending = [] if layout.kind == "topics" else _ending(record)
    last = next((name for name in reversed(_PARTS) if parts.get(name)), first)
    parts[last] = [*parts.get(last, []), *ending]
    content.body = blocks.levelled([*opening, *own, *ending])
    content.parts = {name: blocks.levelled(part, first=3) for name, part in parts.items()}
    return content


def _take_title(content: Content, own: list[Block]) -> list[Block]:
    """A first-level heading is the title, if there is no other; one that repeats the title goes."""
    tops = [block for block in own if block.type == "heading" and block.level == 1]
    if len(tops) == 1 and own[0] is tops[0]:
        words = tops[0].value["text"]
        if not content.title or words.casefold() == content.title.casefold():
            content.title = content.title or words
            return own[1:]
    return own


def _place(title: str, layout: Layout) -> str:
    """The part of a page a heading stands for; empty if it stands for none."""
    words = re.sub(r"[\W_]+", " ", title.casefold()).strip()
    for target, names in layout.sections.items():
        if any(words == re.sub(r"[\W_]+", " ", name.casefold()).strip() for name in names):
            return target
    return ""


def _sorted_parts(
    content: Content, sections: list[tuple[str, list[Block]]], places: dict[str, str], layout: Layout
) -> dict[str, list[Block]]:
    parts: dict[str, list[Block]] = {}
    filled = {place for place in places.values() if place in _PARTS}
    for title, inner in sections:
        place = places.get(title, "")
        words = _words(inner)
        if place == "title" and not content.title and words:
            content.title = words
            continue
        if place == "title" and words.casefold() == content.title.casefold():
            continue
        if place == "gist" and not content.gist and words and all(block.type == "text" for block in inner):
            content.gist = words
            continue
        if place == "authors" and (names := _names(inner)) is not None:
            content.names.extend(name for name in names if name not in content.names)
            continue
        if place not in _PARTS:
            place = layout.other if layout.other in _PARTS else "what_we_did"
            if not title and filled:  # what stands before the first heading opens the whole
                place = "problem" if "problem" in filled else "context"
            parts.setdefault(place, []).extend([_heading(title), *inner] if title else inner)
            continue
        named_first = re.sub(r"\W+", " ", layout.sections[place][0].casefold()).strip()
        opens = place not in parts and (_same(title, named_first) or not _comes_later(place, title, sections, places))
        parts.setdefault(place, []).extend(inner if opens else [_heading(title), *inner])
    return {place: part for place, part in parts.items() if part}


def _same(title: str, words: str) -> bool:
    return re.sub(r"\W+", " ", title.casefold()).strip().rstrip("s") == words.rstrip("s")


def _comes_later(place: str, title: str, sections: list[tuple[str, list[Block]]], places: dict[str, str]) -> bool:
    """Whether another heading shares this part: then each says which one it is."""
    return sum(places.get(other) == place for other, _ in sections if other) > 1


def _heading(title: str) -> Block:
    return Block("heading", {"text": title[:200]}, 2)


def _words(inner: list[Block]) -> str:
    text = " ".join(block.value for block in inner if block.type == "text")
    return " ".join(BeautifulSoup(text.replace("<", " <"), "html.parser").get_text().split()).strip()


def _names(inner: list[Block]) -> list[str] | None:
    """The people an “Authors” section lists, or None if it is more than a list of names."""
    if any(block.type != "text" for block in inner):
        return None
    soup = BeautifulSoup("".join(block.value for block in inner), "html.parser")
    lines: list[str] = []
    for node in soup.find_all(["li", "p"]):
        for line in node.get_text("\n").split("\n") if node.find("br") else [node.get_text()]:
            lines.append(" ".join(line.split()))
    names = []
    for line in filter(None, lines):
        name = _ROLE_WORDS.sub("", line).strip(" .;")
        if not name or len(line) > 100 or len(name.split()) > 6 or not re.match(r"[^\W\d_]", name):
            return None
        names.append(name)
    return names or None


def _opening(content: Content, record: Record) -> list[Block]:
    """What comes before the text: a subtitle that says more than the title, a gist or title too long for its place."""
    lines = []
    if len(content.title) > LONGEST_TITLE:
        lines.append(content.title)
        content.title = shortened(content.title, LONGEST_TITLE)
    if record.subtitle and record.subtitle.casefold() not in f"{content.title} {content.gist}".casefold():
        lines.append(record.subtitle)
    if len(content.gist) > LONGEST_GIST:
        lines.append(content.gist)
        content.gist = shortened(content.gist, LONGEST_GIST)
    markup = "".join(f"<p>{html.escape(line, quote=False)}</p>" for line in lines)
    return [Block("text", stored(markup))] if markup else []


def _ending(record: Record) -> list[Block]:
    """Links that stood beside the text: the original of an article, and the place it moved to."""
    found: list[Block] = []
    for url, title in ((record.original, "The original"), (record.redirect, "Where this is now")):
        if url and blocks.is_address(url) and len(url) < 500:
            found.append(Block("resource", {"title": title, "url": url, "note": ""}))
    return found


def shortened(words: str, longest: int) -> str:
    """`words` cut at the end of a word, with an ellipsis."""
    if len(words) <= longest:
        return words
    return words[: longest - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"
