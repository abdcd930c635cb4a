"""What markup of others may become part of a page: one policy for everything that people bring.

Wagtail shows stored rich text as it lies in the database, scripts included. So no text is stored that has not
passed `rich_text`, whichever door it came through: the forms of the site, Markdown, an imported archive.
"""

from __future__ import annotations

import html
import re

import nh3

SCHEMES = {"http", "https", "mailto", "tel"}
RICH_TEXT_TAGS = {"p", "b", "i", "code", "sup", "a", "ul", "ol", "li", "br"}
RICH_TEXT_ATTRIBUTES = {"a": {"href", "linktype", "id"}}
KEY = "data-block-key"
SILENT = {"script", "style"}  # whose content goes with them: it was never meant to be read
_NO_WORDS = re.compile(rf'<p(?: {KEY}="[^"]*")?>(?:\s|&nbsp;|<br/>)*</p>')
_BLANKS = re.compile(r"(?:&nbsp;| )*(?:&nbsp; | &nbsp;)(?:&nbsp;| )*")  # Word fills gaps with them


def rich_text(markup: str) -> str:
    """The last gate before the database: only what the hub's rich text may hold, in the form Wagtail stores it.

    (Wagtail's own converter for editor HTML drops `code` and is no sanitiser. Page links go by number, bold is `b`.)
    """
    return nh3.clean(
        markup,
        tags=RICH_TEXT_TAGS,
        attributes=RICH_TEXT_ATTRIBUTES,
        clean_content_tags=SILENT,
        url_schemes=SCHEMES,
        link_rel=None,
    ).replace("<br>", "<br/>")


def editor_text(markup: str) -> str:
    """What the editor makes of what was typed and pasted, before it is stored: `rich_text`, without empty paragraphs.

    Paragraphs keep their keys, which remarks in the margin go by.
    """
    cleaned = nh3.clean(
        markup,
        tags=RICH_TEXT_TAGS,
        attributes={**RICH_TEXT_ATTRIBUTES, "p": {KEY}, "li": {KEY}},
        clean_content_tags=SILENT,
        url_schemes=SCHEMES,
        link_rel=None,
    ).replace("<br>", "<br/>")
    return _NO_WORDS.sub("", _BLANKS.sub(" ", cleaned))


def words(markup: str) -> str:
    """The plain words of a piece of HTML: no tags, entities read, blanks single."""
    return " ".join(html.unescape(nh3.clean(markup, tags=set(), clean_content_tags=SILENT)).split())
