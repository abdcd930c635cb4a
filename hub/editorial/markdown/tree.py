"""Markdown with whatever HTML its authors mixed in, as one clean tree.

Markdown and raw HTML are rendered together and cleaned once, because real texts open a `<div>` or a table cell
in HTML and go on in Markdown. Raw HTML is therefore let through here, tamed, and nothing leaves this
module that nh3 has not cleaned; `rich_text` then builds its own markup from the tree, letter by letter.
"""

from __future__ import annotations

import html
import re
from functools import cache

import nh3
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from hub.kernel import clean

_INLINE = {"a", "abbr", "b", "br", "cite", "code", "del", "em", "i", "img", "kbd", "mark", "q", "s", "samp", "strike"}
_INLINE |= {"small", "span", "strong", "sub", "sup", "tt", "u", "var"}
_BLOCK = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "hr", "div", "section"}
_BLOCK |= {"article", "aside", "header", "footer", "main", "nav", "figure", "figcaption", "details", "summary"}
_BLOCK |= {"dl", "dt", "dd", "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "center", "address"}
_OURS = {"hub-video", "hub-resource", "hub-notice", "hub-quote", "hub-frame"}
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title"},
    "code": {"class"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "hub-video": {"href", "title"},
    "hub-resource": {"href", "title"},
    "hub-notice": {"kind"},
    "hub-quote": {"cite"},
    "hub-frame": {"src", "data", "href", "title"},
}
# Every element name of HTML and SVG worth knowing. Another word in angle brackets is somebody's placeholder
# (<project name>), and readers are meant to see it.
_REST = """
    area base basefont bdi bdo big blink body button canvas circle clippath col colgroup data datalist defs dialog dir
    ellipse embed fieldset font foreignobject form frame frameset g h7 head hgroup html iframe input ins keygen label
    legend line lineargradient link map marquee mask math menu menuitem meta meter noembed noframes noscript object
    optgroup option output param path picture plaintext polygon polyline progress radialgradient rb rect rp rt ruby
    script search select slot source stop style svg symbol template text textarea tfoot time title track tspan use
    video audio wbr xmp
"""
_KNOWN = _INLINE | _BLOCK | _OURS | set(_REST.split())
_DEEPEST = 40
_TOO_DEEP = re.compile(
    rf"^((?:[ \t]*(?:>|[-*+][ \t]|\d{{1,9}}[.)][ \t])){{{_DEEPEST}}})(?:[ \t]*(?:>|[-*+][ \t]|\d{{1,9}}[.)][ \t]))+",
    re.M,
)
_FRAMES = re.compile(r"<(/?)(?:iframe|embed|object|video|audio|frame)(?=[\s/>])", re.I)
_SWALLOWERS = re.compile(
    r"</?(?:title|textarea|xmp|noembed|noframes|noscript|plaintext|template|select|math|svg)(?=[\s/>])[^<>]*>", re.I
)
_SILENT = re.compile(r"<(script|style)(?=[\s/>])[^<>]*>.*?</\1\s*>", re.I | re.S)
_SILENT_TAG = re.compile(r"</?(?:script|style)(?=[\s/>])[^<>]*>?", re.I)
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:_-]*)([^<>]*)>")
_DECLARATION = re.compile(r"<[!?](?!--)[^>]*>?")


def tree_of(markdown: str, *, breaks: bool = False) -> BeautifulSoup:
    """The cleaned tree of a Markdown text: known elements, harmless attributes, nothing that runs.

    `breaks`: a new line is one, as people who type into a form mean it.
    """
    # the parser leaves out what lies too deep; nobody quotes forty times over, but nothing may be lost
    rendered = _renderer(breaks).render(_TOO_DEEP.sub(r"\1", markdown))
    cleaned = nh3.clean(
        rendered,
        tags=_INLINE | _BLOCK | _OURS,
        attributes=_ATTRIBUTES,
        attribute_filter=_kept_attribute,
        clean_content_tags=clean.SILENT,
        url_schemes=clean.SCHEMES,
        link_rel=None,
    )
    return BeautifulSoup(cleaned, "html.parser")


def words_of(markdown: str) -> str:
    """The plain words of one line of Markdown: no marks, no tags, entities read, blanks single."""
    lines = _renderer().renderInline(markdown.replace("\x00", ""))
    return clean.words(re.sub(r"<br ?/?>", " ", lines))


def _kept_attribute(tag: str, attribute: str, value: str) -> str | None:
    if tag == "code" and attribute == "class":
        return value if re.fullmatch(r"language-[\w+#.-]{1,39}", value) else None
    if tag.startswith("hub-") and attribute in ("href", "src", "data"):
        return value if re.match(r"\s*(https?:)?//|/", value) else None
    return value


@cache
def _renderer(breaks: bool = False) -> MarkdownIt:
    options = {"html": True, "linkify": True, "breaks": breaks, "maxNesting": 4 * _DEEPEST}
    renderer = MarkdownIt("commonmark", options)
    renderer.validateLink = lambda url: True  # type: ignore[method-assign]  # nh3 and the linker decide, not the parser
    renderer.enable(["table", "strikethrough", "linkify"])
    if renderer.linkify is not None:  # always, with the linkify extra that is among our requirements
        renderer.linkify.set({"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})
    renderer.use(footnote_plugin).use(deflist_plugin)
    renderer.core.ruler.push("tame_html", _tame_html)
    return renderer


def _tame_html(state: StateCore) -> None:
    for token in state.tokens:
        if token.type == "html_block":
            token.content = tamed(token.content)
        elif token.type == "inline" and token.children:
            token.children = _without_scripts(token.children)
            for child in token.children:
                if child.type == "html_inline":
                    child.content = tamed(child.content)


def _without_scripts(children: list[Token]) -> list[Token]:
    """Drop `<script>…</script>` and `<style>…</style>` within a line of text; a lone half loses its tag only."""
    kept: list[Token] = []
    index = 0
    while index < len(children):
        child = children[index]
        opened = re.match(r"<(script|style)(?=[\s/>])", child.content, re.I) if child.type == "html_inline" else None
        if opened:
            closing = f"</{opened[1].lower()}"
            end = next(
                (
                    place
                    for place in range(index + 1, len(children))
                    if children[place].type == "html_inline" and children[place].content.lower().startswith(closing)
                ),
                index,
            )
            # what opens and closes around the script must stay balanced
            kept.extend(token for token in children[index + 1 : end] if token.nesting)
            index = end + 1
            continue
        kept.append(child)
        index += 1
    return kept


def tamed(markup: str) -> str:
    """Raw HTML made fit to be read together with the Markdown around it.

    Comments and scripts go. Elements whose content a browser reads as plain text, or not at all, lose their
    tags, or they would swallow the rest of the page. Words in angle brackets that are no element become text.
    """
    markup = re.sub(r"<!--.*?-->", "", markup, flags=re.S).replace("<!--", "")
    markup = _SILENT.sub("", markup)
    markup = _SILENT_TAG.sub("", markup)
    markup = re.sub(r"<!\[CDATA\[(.*?)\]\]>", lambda found: html.escape(found[1]), markup, flags=re.S)
    markup = _DECLARATION.sub("", markup)
    markup = _FRAMES.sub(lambda found: f"<{found[1]}hub-frame", markup)
    markup = _SWALLOWERS.sub("", markup)
    return _TAG.sub(lambda found: found[0] if found[2].lower() in _KNOWN else html.escape(found[0]), markup)
