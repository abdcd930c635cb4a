"""Hugo shortcodes as ordinary Markdown: `{{< youtube … >}}` and its kin become links, videos, notices or text.

What a shortcode shows its reader is kept; what only steers a theme is not. The pieces that have a block
of their own in the hub are handed on as `<hub-…>` elements, which `domain.blocks` understands.
"""

from __future__ import annotations

import html
import re
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

_OPENING = re.compile(r"\{\{([<%])")
_LONGEST = 6_000
_ARGUMENT = re.compile(
    r"""(?:(?P<key>[\w-]+)[ \t\n]*=[ \t\n]*)?"""
    r"""(?:"(?P<double>(?:\\.|[^"\\])*)"|`(?P<raw>[^`]*)`|“(?P<curly>[^”]*)”|(?P<bare>[^\s"`=]+))"""
)
_DEEPEST = 12


@dataclass
class Call:
    """One shortcode as written: name, arguments, and what stands between it and its closing half."""

    name: str
    named: dict[str, str] = field(default_factory=dict)
    listed: list[str] = field(default_factory=list)
    inner: str | None = None
    inline: bool = True

    def first(self, *keys: str) -> str:
        """The first argument of these names that says something."""
        return next((self.named[key].strip() for key in keys if self.named.get(key, "").strip()), "")


@dataclass(frozen=True)
class _Piece:
    start: int
    end: int
    name: str
    arguments: str
    closes: bool = False


def expand(text: str, *, addresses: Mapping[str, str] | None = None) -> str:
    """`text` with every shortcode replaced. `addresses` says where the files of a shortcode lie:
    shortcode name → URL with {file}, {src} or another of its arguments."""
    return _expand(text, addresses or {}, depth=0)


def _expand(text: str, addresses: Mapping[str, str], depth: int) -> str:
    if "{{" not in text:
        return text
    pieces = _pieces(text)
    if depth > _DEEPEST:
        return _without(text, pieces)
    partner = _pairs(pieces)
    done: list[str] = []
    position = 0
    index = 0
    while index < len(pieces):
        piece = pieces[index]
        done.append(text[position : piece.start])
        position, after = piece.end, index + 1
        if piece.name and not piece.closes:
            call = _call(piece)
            stretch_end = piece.end
            if index in partner:
                closing = pieces[partner[index]]
                call.inner = text[piece.end : closing.start]
                position = stretch_end = closing.end
                after = partner[index] + 1
            call.inline = not _stands_alone(text, piece.start, stretch_end)
            if call.inner is not None:
                call.inner = _expand(textwrap.dedent(call.inner), addresses, depth + 1)
            shown = _shown(call, addresses)
            if not call.inline and done:
                earlier = "" if call.name in _ITEMS else "".join(done[-3:-1])
                done[-1] = _unindented(done[-1], earlier)
            done.append(shown)
        index = after
    done.append(text[position:])
    return "".join(done)


def _pieces(text: str) -> list[_Piece]:
    """Every shortcode tag of the text in order. A tag that never closes loses its braces only."""
    found: list[_Piece] = []
    position = 0
    while opening := _OPENING.search(text, position):
        start, inside = opening.start(), opening.end()
        if text.startswith("/*", inside):  # an escaped one: the author shows how a shortcode is written
            position = inside + 2
            continue
        closer = ">}}" if opening[1] == "<" else "%}}"
        end = _closing(text, inside, closer)
        if end < 0:
            found.append(_Piece(start, inside, "", ""))
            position = inside
            continue
        words = text[inside:end].strip()
        closes = words.startswith("/")
        words = words.lstrip("/").removesuffix("/").strip()
        name = re.match(r"[\w./-]+", words)
        found.append(
            _Piece(start, end + 3, name[0].lower() if name else "", words[name.end() :] if name else words, closes)
        )
        position = end + 3
    return found


def _closing(text: str, start: int, closer: str) -> int:
    """Where a tag ends: its closing braces outside quotation marks; failing that, its first closing braces."""
    window = text[start : start + _LONGEST]
    nearest = window.find(closer)
    if nearest < 0:
        return -1
    limit = window.find("{{")
    limit = len(window) if limit < 0 else limit
    quoted = ""
    for offset, letter in enumerate(window[:limit]):
        if quoted:
            quoted = "" if letter == quoted else quoted
        elif letter in '"`':
            quoted = letter
        elif window.startswith(closer, offset):
            return start + offset
    return start + nearest if nearest < limit else -1


def _pairs(pieces: list[_Piece]) -> dict[int, int]:
    """Which opening tag belongs to which closing one; tags without partner stand alone."""
    waiting: list[int] = []
    pairs: dict[int, int] = {}
    for index, piece in enumerate(pieces):
        if not piece.name:
            continue
        if not piece.closes:
            waiting.append(index)
            continue
        for place in range(len(waiting) - 1, -1, -1):
            if pieces[waiting[place]].name == piece.name:
                pairs[waiting[place]] = index
                del waiting[place:]
                break
    return pairs


def _without(text: str, pieces: list[_Piece]) -> str:
    starts, ends = [piece.start for piece in pieces], [piece.end for piece in pieces]
    return "".join(text[end:start] for end, start in zip([0, *ends], [*starts, len(text)], strict=True))


def _call(piece: _Piece) -> Call:
    call = Call(piece.name)
    for match in _ARGUMENT.finditer(piece.arguments):
        double = match["double"]
        value = next(
            (
                part
                for part in (double and double.replace('\\"', '"'), match["raw"], match["curly"], match["bare"])
                if part is not None
            ),
            "",
        )
        if match["key"]:
            call.named.setdefault(match["key"].lower(), value)
        elif value.strip():
            call.listed.append(value)
    return call


def _stands_alone(text: str, start: int, end: int) -> bool:
    before = text[text.rfind("\n", 0, start) + 1 : start]
    line_end = text.find("\n", end)
    after = text[end : line_end if line_end >= 0 else len(text)]
    return not before.strip() and (not after.strip() or after.lstrip().startswith("{{"))


def _unindented(before: str, earlier: str) -> str:
    """Take away the indentation of a shortcode that stands alone, unless it belongs to a list item."""
    head, break_, indent = before.rpartition("\n")
    if indent.strip():
        return before
    last = next((line for line in reversed((earlier + head).split("\n")) if line.strip()), "") if earlier else ""
    if re.match(r"[ \t]*(?:[-*+]|\d+[.)])[ \t]|[ \t]{2,}", last) and indent:
        return before
    return head + break_


# -- what each one shows ------------------------------------------------------------------------------

_Show = Callable[[Call, Mapping[str, str]], str]


def _shown(call: Call, addresses: Mapping[str, str]) -> str:
    show = _SHOWS.get(call.name)
    if show is None:
        plain = call.name.replace("_", "-")
        show = next((family for words, family in _FAMILIES if re.search(words, plain)), _anything)
    return show(call, addresses)


def _attribute(value: str) -> str:
    return html.escape(re.sub(r"\s+", " ", html.unescape(value)).strip(), quote=True)


def _block(text: str) -> str:
    kept = text.strip("\n").rstrip()
    return f"\n\n{kept}\n\n" if kept.strip() else "\n\n"


def _link(text: str, url: str) -> str:
    """A Markdown link that holds whatever its text and address contain."""
    words = re.sub(r"\s+", " ", text).strip()
    if not url:
        return words
    safe = quote(url.strip(), safe=":/?#[]@!$&'*+,;=%~-._").replace("[", "%5B").replace("]", "%5D")
    return f"[{words or safe}]({safe})"


def _address(call: Call, addresses: Mapping[str, str]) -> str:
    """Where a shortcode leads: its own address, else the one the map gives for it."""
    own = call.first("href", "url", "link", "to", "src", "file", "path")
    if not own and call.listed and re.match(r"https?://|/", call.listed[0]):
        own = call.listed[0]
    if re.match(r"https?://|mailto:|/(?!/)|#", own):
        return own
    pattern = addresses.get(call.name, "")
    if pattern and own:
        return re.sub(r"\{\w+\}", lambda _: quote(own.lstrip("/")), pattern)
    return own if own and re.search(r"^[\w./-]+/[\w./#-]+$", own) and not _is_file(own) else ""


def _is_file(address: str) -> bool:
    return bool(re.search(r"\.(?:png|jpe?g|gif|svg|webp|pdf|docx?|xlsx?|pptx?|zip|mp4|mp3)$", address, re.I))


def _words(call: Call, *more: str) -> str:
    return call.first("text", "label", "title", "name", "caption", "alt", *more)


def _reference(call: Call, _: Mapping[str, str]) -> str:
    target = call.first("path", "href", "url", "src") or (call.listed[0] if call.listed else "")
    return quote(target.strip(), safe=":/?#@!$&'*+,;=%~-._")


def _video(call: Call, _: Mapping[str, str]) -> str:
    site = "https://vimeo.com/" if call.name == "vimeo" else "https://www.youtube.com/watch?v="
    key = call.first("id", "v", "src", "url", "video") or (call.listed[0] if call.listed else "")
    title = _words(call) or (call.listed[1] if len(call.listed) > 1 else "") or "Watch the video"
    if not key:
        return _words(call)
    url = key if key.startswith(("http://", "https://")) else site + quote(key.strip(), safe="-_=&")
    if call.inline:
        return _link(title, url)
    return _block(f'<hub-video href="{_attribute(url)}" title="{_attribute(title)}">\n</hub-video>') + _inner(call)


def _foreign(call: Call, addresses: Mapping[str, str]) -> str:
    """Somebody else's frame or player: never embedded, always a link."""
    url = _address(call, addresses)
    if re.search(r"youtu\.?be|vimeo", url):
        call.named["id"] = url
        return _video(call, addresses)
    link = _link(_words(call) or url, url)
    return link if call.inline else _block(link) + _inner(call)


def _button(call: Call, addresses: Mapping[str, str]) -> str:
    url = _address(call, addresses).strip("\"'")
    text = _words(call) or (call.inner or "").strip() or next((item for item in call.listed if " " in item), "")
    if call.inline or not url.startswith(("http://", "https://")):
        return _link(text, url) if call.inline else _block(_link(text, url))
    return _block(f'<hub-resource href="{_attribute(url)}" title="{_attribute(text or url)}">\n</hub-resource>')


def _picture(call: Call, addresses: Mapping[str, str]) -> str:
    url = _address(call, addresses)
    alt, caption = call.first("alt", "title"), call.first("caption", "attr", "text")
    source = f'<img src="{_attribute(url)}" alt="{_attribute(alt)}">' if url.startswith("http") else _attribute(alt)
    if call.inline:
        return " ".join(part for part in (source, caption) if part)
    return _block(f"<p>{source}</p>" if source else "") + _block(caption if caption != alt else "") + _inner(call)


def _inner(call: Call) -> str:
    return _block(call.inner) if call.inner and call.inner.strip() else ""


def _notice(call: Call, addresses: Mapping[str, str]) -> str:
    if call.inner is None:
        return _anything(call, addresses)
    if call.inline:
        return call.inner
    words = " ".join([call.name, *call.named.values(), *call.listed]).lower()
    kind = "mind" if re.search(r"warn|alert|caution|danger|important|required|emergency", words) else "note"
    title = call.first("title", "heading")
    head = f"**{title.strip('*')}**\n\n" if title else ""
    return _block(f'<hub-notice kind="{kind}">\n\n{head}{call.inner.strip()}\n\n</hub-notice>')


def _quotation(call: Call, _: Mapping[str, str]) -> str:
    text = call.first("text", "quote") or (call.inner or "").strip() or next(iter(call.listed), "")
    cite = call.first("cite", "attribution", "author", "source", "by")
    if call.inline:
        return f"“{text}”" + (f" — {cite}" if cite else "")
    lines = "\n".join(f"> {line}".rstrip() for line in text.split("\n"))
    return _block(f'<hub-quote cite="{_attribute(cite)}">\n\n{lines}\n\n</hub-quote>')


def _container(call: Call, addresses: Mapping[str, str]) -> str:
    """A box, card or fold: its title as a heading, then what is in it."""
    kicker, title = call.first("kicker", "label"), call.first("title", "heading", "name", "text", "summary")
    url = _address(call, addresses)
    caption, inner = call.first("caption", "alt"), call.inner or ""
    if not title and call.listed and " " in call.listed[0]:
        title = call.listed[0]
    if call.inline:
        return " ".join(part for part in (kicker, _link(title, url) if title else "", caption, inner) if part)
    shown = []
    if title:
        head = re.sub(r"\s+", " ", title).strip().rstrip(":")
        inner_levels = re.findall(r"^(#{1,6})[ \t]", inner, re.M)
        level = min([*inner_levels, "###"], key=len)
        shown.append(f"{level} {kicker + ': ' if kicker else ''}{_link(head, url) if url else head}")
    elif url:
        shown.append(_link(kicker or url, url))
    elif kicker:
        shown.append(f"**{kicker}**")
    if caption:
        shown.append(f"**{caption.strip('*')}**")
    return _block("\n\n".join([*shown, inner.strip("\n")]))


def _item(call: Call, _: Mapping[str, str]) -> str:
    before = {"do-row": "**Do:** ", "dont-row": "**Don’t:** "}.get(call.name, "")
    words = (call.inner or _words(call)).strip()
    indent = "  " if "sublist" in call.name else ""
    lines = words.split("\n")
    body = "\n".join([lines[0], *(f"{indent}  {line}".rstrip() for line in lines[1:])])
    return f"{before}{body}" if call.inline else f"{indent}- {before}{body}"


def _highlight(call: Call, _: Mapping[str, str]) -> str:
    if call.inner is not None and call.listed and not call.inline:  # Hugo's own: a listing in that language
        return _block(f"````{call.listed[0]}\n{call.inner.strip(chr(10))}\n````")
    return call.inner or ""


def _post(call: Call, _: Mapping[str, str]) -> str:
    user = call.first("user") or (call.listed[0] if len(call.listed) > 1 else "")
    key = call.first("id") or (call.listed[-1] if call.listed else "")
    site = {"gist": "https://gist.github.com/", "instagram": "https://www.instagram.com/p/"}.get(
        call.name, "https://twitter.com/"
    )
    path = "/".join(part for part in (user, "status" if "twitter" in site and user else "", key) if part)
    link = _link(site + path, site + quote(path))
    return link if call.inline else _block(link)


def _anything(call: Call, addresses: Mapping[str, str]) -> str:
    """A shortcode nobody told us about: the words it carries, and its link if it has one."""
    if call.inner is not None:
        return _container(call, addresses)
    words = _words(call, "kicker", "heading", "summary", "cite") or next(
        (item for item in call.listed if " " in item), ""
    )
    url = _address(call, addresses)
    shown = _link(words or (url if url.startswith("http") else ""), url) if url else words
    return shown if call.inline else _block(shown)


def _nothing(_: Call, __: Mapping[str, str]) -> str:
    return ""


_ITEMS = ("do-row", "dont-row", "checkbox", "checkbox-sublist-item", "item", "li")

_SHOWS: dict[str, _Show] = {
    **dict.fromkeys(("ref", "relref", "link", "url", "absurl", "relurl"), _reference),
    **dict.fromkeys(("youtube", "vimeo", "youtube-lite", "youtubepl"), _video),
    **dict.fromkeys(("gist", "instagram", "tweet", "twitter", "x"), _post),
    **dict.fromkeys(_ITEMS, _item),
    **dict.fromkeys(("param", "site-param", "toc", "anchor", "br", "clear"), _nothing),
    "highlight": _highlight,
}

_FAMILIES: list[tuple[str, _Show]] = [
    (r"quote", _quotation),
    (r"button|btn|cta", _button),
    (r"(^|-)(img|image|figure|photo|picture|gallery)($|-|s$)", _picture),
    (r"^(note|notice|alert|callout|info|tip|hint|warning|caution|danger|important|admonition)s?$", _notice),
    (r"iframe|embed|video|audio|podcast|player|slideshare|map$", _foreign),
]
