"""A page's text as Markdown that its author can change in a plain form, and the changed Markdown as blocks.

What Markdown has no words for (a picture, a table, a recording) stands in the form as one line that names
it, and is the block it was when the text comes back. A block that was not changed keeps its number,
so that remarks in the editor stay where they belong.
"""

from __future__ import annotations

import difflib
import json
import re
import uuid
from collections.abc import Callable
from typing import Any

from bs4 import BeautifulSoup, NavigableString, PageElement, Tag

from hub.editorial.markdown import blocks
from hub.editorial.markdown.rich_text import Resolve
from hub.kernel.clean import rich_text

RawBlock = dict[str, Any]  # {"type", "value", "id"}, as a StreamField stores it

_LEVELS = {"h2": "##", "h3": "###", "h4": "####"}
_KEPT = re.compile(r"^[ \t]*\[\[[^\n]*?([0-9a-f]{8})\]\][ \t]*$", re.M)
_NOUNS = {"image": "Picture", "table": "Table", "video": "Recording", "resource": "Link", "notice": "Remark"}
_SPECIAL = re.compile(r"([\\`*_\[\]<]|&(?=#?\w+;)|~~|!(?=\[)|:(?=//))")
_OPENING = re.compile(r"^(\s*)(#{1,6}(?=\s|$)|[-+>|=:](?=\s|$|[-=:|])|\d{1,9}(?=[.)](?:\s|$))|~~~|>)")


def to_markdown(stream: list[RawBlock]) -> str:
    """The text as somebody would type it."""
    return "\n\n".join(filter(None, (_written(block) for block in stream)))


def to_blocks(markdown: str, *, before: list[RawBlock], resolve: Resolve) -> list[RawBlock]:
    """The blocks of a typed text. `before` is the text as it was: what was not changed comes out of it untouched."""
    known = {_mark(block): block for block in before}
    found: list[RawBlock] = []
    start, text = 0, markdown.replace("\r\n", "\n")
    for line in _KEPT.finditer(text):
        if line[1] in known:
            found += _converted(text[start : line.start()], resolve)
            found.append(known.pop(line[1]))
            start = line.end()
    found += _converted(text[start:], resolve)
    return _with_known_numbers(found, before)


def links_in(stream: list[RawBlock]) -> set[tuple[str, int]]:
    """The pages and documents that a text links to, as ("page" or "document", number)."""
    stored = json.dumps(stream).replace('\\"', '"')
    pattern = r'<a [^>]*?(?:linktype="(page|document)" id="(\d+)"|id="(\d+)" linktype="(page|document)")'
    return {(a or d, int(b or c)) for a, b, c, d in re.findall(pattern, stored)}


# --- typed text to blocks ----------------------------------------------------------------------------


def _converted(markdown: str, resolve: Resolve) -> list[RawBlock]:
    body = blocks.convert(markdown, resolve=resolve, breaks=True)
    found = []
    for block in body.blocks:
        value = block.value
        if block.type == "heading":
            value = {**value, "level": "h2" if block.level < 3 else "h3" if block.level == 3 else "h4"}
        found.append({"type": block.type, "value": value})
    return found


def _with_known_numbers(found: list[RawBlock], before: list[RawBlock]) -> list[RawBlock]:
    """The same blocks, each with the number of the one it was, or took the place of; new ones with a new one."""
    matcher = difflib.SequenceMatcher(a=[_key(b) for b in before], b=[_key(b) for b in found], autojunk=False)
    numbers: dict[int, RawBlock] = {}
    for change, start, end, new, new_end in matcher.get_opcodes():
        if change in ("equal", "replace"):
            for old, place in zip(before[start:end], range(new, new_end), strict=False):
                if old["type"] == found[place]["type"]:
                    numbers[place] = old if change == "equal" else {**found[place], "id": old["id"]}
    kept = {block["id"] for block in found if "id" in block}
    result: list[RawBlock] = []
    for place, block in enumerate(found):
        known = numbers.get(place)
        if "id" not in block and known is not None and known["id"] not in kept:
            block = known
        result.append(block if "id" in block else {**block, "id": str(uuid.uuid4())})
    return result


def _key(block: RawBlock) -> str:
    value = block["value"]
    if block["type"] == "text":
        value = rich_text(str(value))  # the editor's own marks on paragraphs say nothing
    return json.dumps([block["type"], value], sort_keys=True, default=str)


# --- blocks to typed text ----------------------------------------------------------------------------


def _written(block: RawBlock) -> str:
    write = _WRITERS.get(block["type"])
    return (write(block["value"]) if write else None) or _kept(block)


def _mark(block: RawBlock) -> str:
    return str(block.get("id") or "")[:8]


def _kept(block: RawBlock) -> str:
    value = block["value"]
    said = ""
    if isinstance(value, dict):
        names = ("title", "caption", "table_caption", "alt", "text")
        said = next((str(value[name]) for name in names if value.get(name)), "")
    said = " ".join(BeautifulSoup(said, "html.parser").get_text(" ").replace("[", "(").replace("]", ")").split())
    noun = _NOUNS.get(block["type"], block["type"].replace("_", " ").capitalize())
    return f"[[{noun}{f': {said[:80]}' if said else ''} · {_mark(block)}]]"


def _only(value: Any, *names: str) -> bool:
    """Whether a block says nothing beside `names`: Markdown would lose the rest."""
    return isinstance(value, dict) and not any(said for name, said in value.items() if name not in names)


def _heading(value: Any) -> str:
    return f"{_LEVELS.get(value.get('level'), '##')} {_plain(value['text'])}" if _only(value, "text", "level") else ""


def _quote(value: Any) -> str:
    if not _only(value, "text", "attribution"):
        return ""
    lines = [_escaped(line) for line in str(value["text"]).strip().split("\n")]
    if value.get("attribution"):
        lines += ["", f"— {_plain(value['attribution'])}"]
    return "\n".join(f"> {line}".rstrip() for line in lines)


def _code(value: Any) -> str:
    if not _only(value, "language", "code"):
        return ""
    longest = max((len(run) for run in re.findall(r"`{3,}", value["code"])), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{value.get('language') or ''}\n{value['code']}\n{fence}"


def _text(value: Any) -> str:
    tree = BeautifulSoup(rich_text(str(value)), "html.parser")
    parts = (_easiest(node) for node in tree.children)
    return "\n\n".join(part for part in parts if part.strip())


def _easiest(node: PageElement) -> str:
    """A paragraph or list as people type it; with every sign marked as plain, or with tags, only where it must be."""
    marked, stored = _paragraph(node), [str(node).replace("<br>", "<br/>")]
    plain = re.sub(r"\\([^A-Za-z0-9\s])", r"\1", marked)
    for typed in (plain, marked):
        if [block.value for block in blocks.convert(typed, resolve=_as_written, breaks=True).blocks] == stored:
            return typed
    return _paragraph(node, tags=True)


def _as_written(href: str) -> Any:
    token = re.fullmatch(r"\?(page|document)=(\d+)", href)
    return (token[1], int(token[2])) if token else href


def _paragraph(node: PageElement, *, tags: bool = False) -> str:
    if isinstance(node, Tag) and node.name in ("ul", "ol"):
        return "\n".join(_list(node, tags))
    return _lines(_inline(node.children if isinstance(node, Tag) and node.name == "p" else [node], tags))


def _list(node: Tag, tags: bool) -> list[str]:
    lines: list[str] = []
    for number, item in enumerate(node.find_all("li", recursive=False), start=1):
        mark = f"{number}. " if node.name == "ol" else "- "
        inner = [child for child in item.children if isinstance(child, Tag) and child.name in ("ul", "ol")]
        first, *rest = _lines(_inline((child for child in item.children if child not in inner), tags)).split("\n")
        for child in inner:
            rest += _list(child, tags)
        lines += [mark + first, *(" " * len(mark) + line for line in rest)]
    return lines


def _inline(nodes: Any, tags: bool) -> str:
    return "".join(_inline_of(node, tags) for node in nodes)


def _inline_of(node: PageElement, tags: bool) -> str:
    if isinstance(node, NavigableString):
        return _SPECIAL.sub(r"\\\1", str(node))
    if not isinstance(node, Tag):
        return ""
    if node.name == "br":
        return "\n"
    if node.name == "code":
        return _inline_code(node.get_text())
    words = _inline(node.children, tags)
    if node.name == "sup" or (tags and node.name in _MARKS):
        return f"<{node.name}>{words}</{node.name}>"
    if node.name in _MARKS and (core := words.strip()):
        return words.replace(core, f"{_MARKS[node.name]}{core}{_MARKS[node.name]}", 1)
    if node.name == "a" and words.strip():
        return f"[{words}]({_address(node)})"
    return words


def _inline_code(code: str) -> str:
    longest = max((len(run) for run in re.findall(r"`+", code)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if longest or code != code.strip() else ""
    return f"{fence}{pad}{code}{pad}{fence}" if code.strip() else code


def _address(node: Tag) -> str:
    if node.get("linktype") in ("page", "document"):
        return f"?{node['linktype']}={node.get('id')}"
    href = str(node.get("href") or "")
    return f"<{href}>" if re.search(r"[\s()]", href) else href


def _lines(words: str) -> str:
    """The lines of a paragraph; what would begin a heading or a list there is marked as plain words."""
    return "\n".join(_OPENING.sub(_as_words, line) for line in words.strip().split("\n"))


def _as_words(opening: re.Match[str]) -> str:
    mark = opening[2]
    return f"{opening[1]}{mark}\\" if mark.isdigit() else f"{opening[1]}\\{mark}"


def _escaped(words: str) -> str:
    return _lines(_SPECIAL.sub(r"\\\1", words))


def _plain(words: str) -> str:
    return _escaped(" ".join(str(words).split()))


_MARKS = {"b": "**", "i": "*"}
_WRITERS: dict[str, Callable[[Any], str]] = {"text": _text, "heading": _heading, "quote": _quote, "code": _code}
