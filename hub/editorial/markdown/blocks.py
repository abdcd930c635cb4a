"""A text in Markdown as the blocks a page of the hub is written in (`editorial.blocks.BodyBlock`)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from bs4 import BeautifulSoup, Comment, NavigableString, PageElement, Tag
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from hub.editorial.markdown import tables
from hub.editorial.markdown.rich_text import BREAKING, LISTS, Resolve, Writer
from hub.editorial.markdown.tree import tree_of
from hub.kernel.clean import rich_text as stored

LONGEST_HEADING, LONGEST_TITLE = 200, 200
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_OWN_BLOCK = {"blockquote", "pre", "table", "dl", "details", "hr", "hub-notice", "hub-quote", "hub-video"}
_OWN_BLOCK |= {"hub-resource", *_HEADINGS, *LISTS}
_DEEPEST = 60
_ANCHOR = re.compile(r"\s*\{[#.][^{}]*\}\s*$")
_VIDEO_SITES = re.compile(
    r"https?://(?:www\.|m\.)?(?:youtube(?:-nocookie)?\.com/(?:watch\?|embed/|live/|playlist\?)|youtu\.be/|vimeo\.com/\d)",
    re.I,
)
_valid_url = URLValidator(schemes=["http", "https"])


@dataclass
class Block:
    """One block: its type and its value as the StreamField holds it. Headings keep the level they had."""

    type: str
    value: Any
    level: int = 0


@dataclass
class Body:
    """A converted text, and what had to be given up on the way."""

    blocks: list[Block] = field(default_factory=list)
    struck_out: int = 0
    pictures: int = 0
    lost_links: list[str] = field(default_factory=list)


def convert(markdown: str, *, resolve: Resolve, breaks: bool = False) -> Body:
    """The blocks of a Markdown text whose shortcodes are already expanded. Never raises for any text."""
    tree = tree_of(markdown, breaks=breaks)
    writer = Writer(resolve)
    if _depth(tree) > _DEEPEST:
        words = " ".join(tree.get_text(" ").split())
        return Body([Block("text", stored("<p>" + writer.inline([NavigableString(words)]) + "</p>"))] if words else [])
    blocks = _Builder(writer).build(tree.children)
    return Body(blocks, writer.struck_out, writer.pictures, writer.lost_links)


def levelled(blocks: Iterable[Block], *, first: int = 2) -> list[tuple[str, Any]]:
    """(type, value) pairs for a StreamField; heading levels start at `first` and never skip one."""
    open_levels: list[int] = []
    pairs: list[tuple[str, Any]] = []
    for block in blocks:
        if block.type == "heading":
            while open_levels and open_levels[-1] >= block.level:
                open_levels.pop()
            open_levels.append(block.level)
            level = min(first + len(open_levels) - 1, 4)
            pairs.append(("heading", {"text": block.value["text"], "level": f"h{level}"}))
        else:
            pairs.append((block.type, block.value))
    return pairs


def sections(blocks: list[Block]) -> list[tuple[str, list[Block]]]:
    """The blocks under each heading of the outermost level; what stands before the first one has no title."""
    outermost = min((block.level for block in blocks if block.type == "heading"), default=0)
    found: list[tuple[str, list[Block]]] = [("", [])]
    for block in blocks:
        if block.type == "heading" and block.level == outermost:
            found.append((block.value["text"], []))
        else:
            found[-1][1].append(block)
    return found if found[0][1] else found[1:]


def is_video(url: str) -> bool:
    """Whether an address is that of a single film on one of the large sites."""
    return bool(_VIDEO_SITES.match(url))


def is_address(url: str) -> bool:
    """Whether a link block could hold `url`."""
    try:
        _valid_url(url)
    except ValidationError:
        return False
    return True


def _depth(tree: BeautifulSoup) -> int:
    deepest = 0
    level = {id(tree): 0}
    for node in tree.descendants:
        if isinstance(node, Tag) and node.parent is not None:
            level[id(node)] = level.get(id(node.parent), 0) + 1
            deepest = max(deepest, level[id(node)])
    return deepest


class _Builder:
    """Collects blocks in reading order; neighbouring paragraphs and lists share one text block."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.blocks: list[Block] = []
        self.run: list[str] = []

    def build(self, nodes: Iterable[PageElement]) -> list[Block]:
        self.walk(nodes)
        self.end_text()
        return self.blocks

    def within(self, nodes: Iterable[PageElement]) -> list[Block]:
        return _Builder(self.writer).build(nodes)

    def end_text(self) -> None:
        markup = stored("".join(self.run)) if self.run else ""
        self.run = []
        if markup:
            self.blocks.append(Block("text", markup))

    def add(self, block: Block) -> None:
        self.end_text()
        self.blocks.append(block)

    def text(self, markup: str) -> None:
        if markup:
            self.run.append(markup)

    def walk(self, nodes: Iterable[PageElement]) -> None:
        loose: list[PageElement] = []
        for node in list(nodes):
            if isinstance(node, Tag) and (node.name in BREAKING or node.name in _OWN_BLOCK or _holds_blocks(node)):
                self.text(self.writer.paragraph(loose))
                loose = []
                self.element(node)
            elif isinstance(node, Tag) and node.name == "hub-frame" and is_video(_href(node)):
                self.text(self.writer.paragraph(loose))
                loose = []
                self.video(_href(node), str(node.get("title") or ""))
            elif not isinstance(node, Comment):
                loose.append(node)
        self.text(self.writer.paragraph(loose))

    def element(self, node: Tag) -> None:
        name = node.name
        if name in _HEADINGS:
            self.heading(node, _HEADINGS[name])
        elif name in LISTS:
            self.text(self.writer.list_of(node))
        elif name == "p":
            self.paragraph(node)
        elif name == "blockquote":
            self.quotation(node)
        elif name == "pre":
            self.code(node)
        elif name == "table":
            self.table(node)
        elif name in ("dl", "dt", "summary"):
            self.terms(node)
        elif name == "hub-notice":
            self.notice(node)
        elif name == "hub-quote":
            inner = node.find("blockquote")
            self.quotation(inner if isinstance(inner, Tag) else node, str(node.get("cite") or ""))
            for stray in node.find_all(True, recursive=False) if inner else []:
                if stray is not inner:
                    self.element(stray) if stray.name in BREAKING else self.walk([stray])
        elif name in ("hub-video", "hub-resource"):
            self.linked_block(node)
        elif name == "hr":
            return
        else:
            self.walk(node.children)

    def heading(self, node: Tag, level: int) -> None:
        words = _ANCHOR.sub("", " ".join(node.get_text(" " if node.find("br") else "").split()))
        pictures = [str(image.get("alt") or "").strip() for image in node.find_all("img")]
        words = " ".join([words, *(alt for alt in pictures if alt)]).strip()
        if not words:
            return
        linked = node.find("a", href=lambda href: bool(href) and not str(href).startswith("#"))
        if len(words) > LONGEST_HEADING:
            self.text(f"<p><b>{self.writer.inline(node.children, inside=frozenset({'b'}))}</b></p>")
            return
        self.add(Block("heading", {"text": words}, level))
        if linked:  # a heading holds no link; the link follows it
            for link in node.find_all("a", href=True):
                if (
                    not str(link["href"]).startswith("#")
                    and (target := self.writer.paragraph([link]))
                    and "<a" in target
                ):
                    self.text(target)

    def paragraph(self, node: Tag) -> None:
        if any(
            isinstance(child, Tag) and (child.name in BREAKING or child.name in _OWN_BLOCK) for child in node.children
        ):
            self.walk(node.children)
            return
        only = [child for child in node.children if not (isinstance(child, NavigableString) and not child.strip())]
        if len(only) == 1 and isinstance(only[0], Tag):
            link = only[0]
            href = _href(link)
            bare = link.name == "hub-frame" or link.get_text().strip() == href
            if link.name in ("a", "hub-frame") and bare and is_video(href) and not link.find("img"):
                self.video(href, str(link.get("title") or ""))
                return
        self.text(self.writer.paragraph(node.children))

    def linked_block(self, node: Tag) -> None:
        href, title = str(node.get("href") or "").strip(), " ".join(str(node.get("title") or "").split())
        target = self.writer.resolve(href) if href else None
        if node.name == "hub-video":
            self.video(href, title)
        elif isinstance(target, str) and is_address(target):
            if len(title) > LONGEST_TITLE:
                self.text(self.writer.paragraph([NavigableString(title)]))
            self.add(Block("resource", {"title": _cut(title or target, LONGEST_TITLE), "url": target, "note": ""}))
        elif isinstance(target, int):
            self.text(f"<p>{self.writer.linked(self.writer.inline([NavigableString(title)]), href)}</p>")
        else:
            self.text(self.writer.paragraph([NavigableString(title)]))
        self.walk(node.children)

    def video(self, url: str, title: str) -> None:
        url = re.sub(r"(youtube(?:-nocookie)?\.com)/embed/([\w-]{6,})[^\s]*", r"youtube.com/watch?v=\2", url)
        url = f"https:{url}" if url.startswith("//") else url
        if not is_address(url):
            self.text(self.writer.paragraph([NavigableString(title)]))
            return
        if len(title) > LONGEST_TITLE:
            self.text(self.writer.paragraph([NavigableString(title)]))
        self.add(Block("video", {"url": url, "title": _cut(title or "Watch the video", LONGEST_TITLE)}))

    def code(self, node: Tag) -> None:
        inner = node.find("code")
        language = ""
        if isinstance(inner, Tag):
            classes = inner.get("class")
            joined = " ".join(classes) if isinstance(classes, list) else str(classes or "")
            language = joined.removeprefix("language-")
        code = "".join("\n" if isinstance(part, Tag) else str(part) for part in _letters(node)).strip("\n")
        if code.strip():
            self.add(Block("code", {"language": language[:40], "code": code}))

    def quotation(self, node: Tag, attribution: str = "") -> None:
        """A quotation if it is plain words; one with links, lists or more stays ordinary text, and complete."""
        footer = node.find(["footer", "cite"])
        if isinstance(footer, Tag) and not footer.find("a") and not attribution and footer.get_text().strip():
            attribution = " ".join(footer.get_text(" ").split())
            footer.extract()
        inner = self.within(node.children)
        markup = "".join(block.value for block in inner if block.type == "text")
        attribution = re.sub(r"^[\s—–-]+", "", " ".join(attribution.split()))
        if (
            any(block.type != "text" for block in inner)
            or re.search(r"<(a|ul|ol|code)\b", markup)
            or len(attribution) > 200
        ):
            self.end_text()
            self.blocks.extend(inner)
            if attribution:
                self.text(self.writer.paragraph([NavigableString(f"— {attribution}")]))
            return
        lines = _plain_lines(markup)
        if not attribution and len(lines) > 1 and (last := re.match(r"\s*[—–―]{1,2}\s*(\S.{0,190})$", lines[-1])):
            attribution = last[1].strip()
            lines.pop()
        if lines:
            self.add(Block("quote", {"text": "\n".join(lines).strip(), "attribution": attribution}))
        elif attribution:
            self.text(self.writer.paragraph([NavigableString(attribution)]))

    def table(self, node: Tag) -> None:
        if tables.is_layout(node):
            for cell in node.find_all(["td", "th", "caption"]):
                if cell.find_parent("table") is node:
                    self.walk(cell.children)
            return
        value, links = tables.read(node)
        if value is None:
            return
        self.add(Block("table", value))
        shown = [f"<li>{link}</li>" for words, href in links if "<a" in (link := self.writer.linked(words, href))]
        if shown:  # the cells of a table hold plain words; its links follow it
            self.text(f"<p>Links in this table:</p><ul>{''.join(shown)}</ul>")

    def terms(self, node: Tag) -> None:
        """A list of terms: each term in bold, its explanation below."""
        if node.name != "dl":
            words = self.writer.inline(node.children, inside=frozenset({"b"})).strip()
            self.text(f"<p><b>{words}</b></p>" if words else "")
            return
        self.walk(node.children)

    def notice(self, node: Tag) -> None:
        kind = "mind" if node.get("kind") == "mind" else "note"
        inner = self.within(node.children)
        if any(block.type in ("table", "code", "image", "notice") for block in inner):
            self.end_text()
            self.blocks.extend(inner)  # more than a remark: it stands in the text itself
            return
        markup = "".join(self.as_text(block) for block in inner)
        if markup:
            self.add(Block("notice", {"kind": kind, "text": stored(markup)}))

    def as_text(self, block: Block) -> str:
        """A block as rich text, for places that hold nothing else."""
        if block.type == "text":
            return str(block.value)
        escape = self.writer.inline
        if block.type == "heading":
            return f"<p><b>{escape([NavigableString(block.value['text'])])}</b></p>"
        if block.type == "quote":
            words = escape([NavigableString(f"“{block.value['text']}”")])
            by = escape([NavigableString(f" — {block.value['attribution']}")]) if block.value["attribution"] else ""
            return f"<p>{words}{by}</p>"
        return f"<p>{self.writer.linked(escape([NavigableString(block.value['title'])]), block.value['url'])}</p>"


def _href(node: Tag) -> str:
    href = str(node.get("href") or node.get("src") or "").strip()
    return f"https:{href}" if href.startswith("//") else href


def _holds_blocks(node: Tag) -> bool:
    return node.name not in ("a", "hub-frame") and node.find(list(_OWN_BLOCK | {"p", "div"})) is not None


def _letters(node: Tag) -> Iterable[PageElement]:
    for part in node.descendants:
        if (isinstance(part, NavigableString) and not isinstance(part, Comment)) or (
            isinstance(part, Tag) and part.name == "br"
        ):
            yield part


def _plain_lines(markup: str) -> list[str]:
    soup = BeautifulSoup(re.sub(r"<br/?>", "\n", re.sub(r"</p>", "\n\n</p>", markup)), "html.parser")
    text = re.sub(r"\n{3,}", "\n\n", soup.get_text()).strip("\n")
    return [line.strip() for line in text.split("\n")] if text.strip() else []


def _cut(words: str, longest: int) -> str:
    return words if len(words) <= longest else words[: longest - 1].rstrip() + "…"
