"""Rich text in the form Wagtail stores it, built from a clean tree: only these elements, every letter escaped."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from bs4 import Comment, NavigableString, PageElement, Tag

Target = int | tuple[str, int] | str | None  # a page of the hub, ("document", its number), an address, or nowhere
Resolve = Callable[[str], Target]

BOLD, ITALIC, CODE = {"b", "strong"}, {"i", "em", "cite", "var"}, {"code", "kbd", "samp", "tt"}
STRUCK = {"s", "del", "strike"}
LISTS = {"ul": "ul", "ol": "ol", "menu": "ul", "dir": "ul"}
BREAKING = {"p", "div", "section", "article", "aside", "header", "footer", "main", "nav", "figure", "figcaption"}
BREAKING |= {"h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "table", "caption", "tr", "dl", "dt", "dd"}
BREAKING |= {"details", "summary", "center", "address", "hr", "hub-notice", "hub-quote", "thead", "tbody", "tfoot"}
_ARROWS = re.compile(r"[\s↩︎↑⤴^\ufe0e\ufe0f]*")


@dataclass
class Writer:
    """Writes rich text for one page: resolves its links and remembers what had to be given up."""

    resolve: Resolve
    struck_out: int = 0
    pictures: int = 0
    lost_links: list[str] = field(default_factory=list)
    open_links: list[str] = field(default_factory=list)

    def inline(self, nodes: Iterable[PageElement], *, inside: frozenset[str] = frozenset()) -> str:
        """What stands within one paragraph, as rich text. Whatever would break the paragraph ends in a line break."""
        parts: list[str] = []
        for node in nodes:
            if isinstance(node, Comment):
                continue
            if isinstance(node, NavigableString):
                parts.append(_text(str(node), keep_lines="pre" in inside))
            elif isinstance(node, Tag):
                parts.append(self._element(node, inside))
        return "".join(parts)

    def paragraph(self, nodes: Iterable[PageElement]) -> str:
        """One paragraph, or nothing if it would be empty."""
        words = trimmed(self.inline(nodes))
        return f"<p>{words}</p>" if words else ""

    def _element(self, node: Tag, inside: frozenset[str]) -> str:
        name = node.name
        if name == "br":
            return "<br/>"
        if name == "img":
            return self._picture(node, inside)
        if name in ("hub-video", "hub-resource", "hub-frame"):
            return self.frame(node, inside)
        if name in LISTS:
            return f"<br/>{self._flat_list(node, inside)}<br/>"
        if name in ("td", "th"):
            later = node.find_previous_sibling(["td", "th"]) is not None
            return (" | " if later else "") + trimmed(self.inline(node.children, inside=inside))
        if name == "a":
            return self._link(node, inside)
        mark = "b" if name in BOLD else "i" if name in ITALIC else "code" if name in CODE else ""
        mark = "sup" if name == "sup" else mark
        if name in STRUCK:
            self.struck_out += 1
        if name == "pre":
            code = self.inline(node.children, inside=inside | {"pre", "code"})
            return (
                "<br/>"
                + "<br/>".join(
                    f"<code>{line}</code>" if "code" not in inside else line for line in code.strip("\n").split("\n")
                )
                + "<br/>"
            )
        if name == "q":
            return f"“{self.inline(node.children, inside=inside)}”"
        if mark and mark not in inside:
            words = self.inline(node.children, inside=inside | {mark})
            return _marked(mark, words)
        words = self.inline(node.children, inside=inside)
        return f"<br/>{words}<br/>" if name in BREAKING else words

    def _flat_list(self, node: Tag, inside: frozenset[str]) -> str:
        items = [trimmed(self.inline(item.children, inside=inside)) for item in node.find_all("li", recursive=False)]
        return "<br/>".join(f"• {item}" for item in items if item)

    def list_of(self, node: Tag, *, depth: int = 0) -> str:
        """A list with the lists in it. What follows an inner list within an item becomes the next item."""
        name = LISTS.get(node.name, "ul")
        items: list[str] = []
        for child in node.children:
            if isinstance(child, Tag) and child.name in LISTS:
                inner = self.list_of(child, depth=depth + 1)
                if inner and items and items[-1].endswith("</li>") and depth < 8:
                    items[-1] = items[-1].removesuffix("</li>") + inner + "</li>"
                elif inner:
                    items.append(inner.removeprefix(f"<{name}>").removesuffix(f"</{name}>"))
                continue
            if isinstance(child, NavigableString) and not child.strip():
                continue
            items.extend(
                self._items(child.children if isinstance(child, Tag) and child.name == "li" else [child], depth)
            )
        return f"<{name}>{''.join(items)}</{name}>" if items else ""

    def _items(self, nodes: Iterable[PageElement], depth: int) -> list[str]:
        items: list[str] = []
        words: list[PageElement] = []

        def close(inner: str = "") -> None:
            text = trimmed(self.inline(words))
            words.clear()
            if inner and not text and items:
                items[-1] = items[-1].removesuffix("</li>") + inner + "</li>"
            elif text or inner:
                items.append(f"<li>{text}{inner}</li>")

        for node in _opened(nodes):
            if isinstance(node, Tag) and node.name in LISTS and depth < 8:
                close(self.list_of(node, depth=depth + 1))
            else:
                words.append(node)
        close()
        return items

    def _link(self, node: Tag, inside: frozenset[str]) -> str:
        href = str(node.get("href") or "").strip()
        words = self.inline(node.children, inside=inside | {"a"})
        if href.startswith("#"):
            return "" if _ARROWS.fullmatch(html.unescape(words)) else words
        if not href or "a" in inside:
            return words
        return self.linked(words or html.escape(href), href)

    def linked(self, words: str, href: str) -> str:
        """`words` as a link to where `href` leads now, or just the words if it leads nowhere."""
        if not href:
            return words
        target = self.resolve(href)
        if target is None:
            self.lost_links.append(href)
            return words
        if isinstance(target, int | tuple):
            linktype, key = target if isinstance(target, tuple) else ("page", target)
            return _surrounded(words, f'<a linktype="{linktype}" id="{key}">', "</a>")
        return _surrounded(words, f'<a href="{html.escape(target, quote=True)}">', "</a>")

    def _picture(self, node: Tag, inside: frozenset[str]) -> str:
        alt = _text(str(node.get("alt") or node.get("title") or "").strip())
        source = str(node.get("src") or "").strip()
        target = self.resolve(source) if source and "a" not in inside else None
        if isinstance(target, str):
            return f" {self.linked(alt or 'Picture', source)} "
        self.pictures += not alt
        return f" {alt} " if alt else ""

    def frame(self, node: Tag, inside: frozenset[str] = frozenset()) -> str:
        """A foreign player, frame or button within a text: a link, and whatever words stood inside it."""
        href = str(node.get("href") or node.get("src") or node.get("data") or "").strip()
        href = f"https:{href}" if href.startswith("//") else href
        title = _text(str(node.get("title") or "").strip())
        inner = self.inline(node.children, inside=inside)
        if not href:
            return inner or title
        words = title or _text(re.sub(r"^https?://(?:www\.)?([^/?#]+).*", r"\1", href, flags=re.S))
        shown = words if "a" in inside else self.linked(words, href)
        return f"{shown} {inner}".rstrip() if inner.strip() else shown


def _opened(nodes: Iterable[PageElement]) -> Iterable[PageElement]:
    """Nodes of a list item, with wrappers around inner lists taken away."""
    for node in nodes:
        if isinstance(node, Tag) and node.name in BREAKING and node.find(list(LISTS)) and node.name != "table":
            yield from _opened(list(node.children))
        else:
            yield node


def _text(words: str, *, keep_lines: bool = False) -> str:
    if not keep_lines:
        words = re.sub(r"[ \t\n\r\f]+", " ", words)
    return html.escape(words, quote=False)


def _marked(mark: str, words: str) -> str:
    if not words.strip() or not re.sub(r"<br/>", "", words).strip():
        return words
    return "<br/>".join(_surrounded(line, f"<{mark}>", f"</{mark}>") for line in words.split("<br/>"))


def _surrounded(words: str, opening: str, closing: str) -> str:
    """Tags close around the words; the spaces beside them stay outside."""
    core = words.strip()
    if not core:
        return words
    start = words.index(core)
    return words[:start] + opening + core + closing + words[start + len(core) :]


def trimmed(words: str) -> str:
    """Without blanks and line breaks at either end, and never more than two line breaks in a row."""
    words = re.sub(r"[ \t]*(?:<br/>[ \t\n]*)+", lambda found: "<br/>" * min(2, found[0].count("<br/>")), words)
    words = re.sub(r"^(?:<br/>|\s)+|(?:<br/>|\s)+$", "", words)
    return words
