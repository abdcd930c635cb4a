"""Whatever somebody writes, no markup of theirs reaches a reader but the little that is allowed."""

import re

from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.archive.domain import shortcodes
from hub.editorial.markdown import blocks
from hub.kernel.clean import rich_text as stored

MARKUP = """
<script> </script> <script/src=x> <style> </style> <iframe src='https://evil.example'> </iframe>
<img src=x onerror=alert(1)> <a href='javascript:alert(1)'> </a> <a href="https://ok.example" onclick=x>
<svg/onload=alert(1)> <math> </math> <title> <textarea> </textarea> <!-- --> <![CDATA[ ]]> <?php ?> <table> <tr> <td>
</td> <th> </table> <ul> <li> </ul> <p> </p> <div> </div> <h1> </h1> <blockquote> </blockquote> <pre> <code> </code>
</pre> <hub-notice> </hub-notice> <hub-quote> <hub-video href='javascript:x'> <form action=x> <object data=x>
<input onfocus=x autofocus> <embed src=x> <base href=x> # ## - 1. > ``` ~~~ | |-|-| * ** _ ~~ [ ] ( ) [a](javascript:x)
[b](data:text/html,x) ![c](x) <javascript:x> [^1] [^1]: {{< >}} {{% %}} {{</ note youtube "x" id="a" title="<b>" ` = \\
&lt;script&gt; &#106;avascript: \x00 \u202e é 漢 https://x.example
"""
PIECES = st.sampled_from(MARKUP.split())
TEXTS = st.lists(
    st.one_of(PIECES, st.sampled_from([" ", "\n", "\n\n", "    ", "\t", "word"]), st.text(max_size=4)), max_size=40
)
ALLOWED = {"p", "b", "i", "code", "sup", "a", "ul", "ol", "li", "br"}


def resolve(href):
    return 3 if href == "x" else href if re.match(r"https?://|mailto:", href) else None


@settings(max_examples=400, deadline=None)
@given(TEXTS.map("".join))
def test_nothing_dangerous_comes_out(markdown):
    body = blocks.convert(shortcodes.expand(markdown), resolve=resolve)
    for block in body.blocks:
        markup = block.value if block.type == "text" else block.value["text"] if block.type == "notice" else ""
        for tag in BeautifulSoup(markup, "html.parser").find_all(True):
            assert tag.name in ALLOWED
            assert set(tag.attrs) <= (
                {"href"} if "href" in tag.attrs else {"linktype", "id"} if tag.name == "a" else set()
            )
            assert re.match(r"https?://|mailto:", tag.get("href", "https://"))
        assert stored(markup) == markup
        if block.type in ("video", "resource"):
            assert re.match(r"https?://", block.value["url"])
            assert len(block.value["title"]) <= 200
        if block.type == "heading":
            assert 0 < len(block.value["text"]) <= 200
    assert blocks.levelled(body.blocks) is not None
    assert sum(len(part) for _, part in blocks.sections(body.blocks)) <= len(body.blocks)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "alpha",
                "beta",
                "*gamma*",
                "**delta**",
                "[eps](https://x.example)",
                "`zeta`",
                "\n",
                "\n\n",
                "\n- ",
                "\n> ",
            ]
        )
    )
)
def test_no_word_is_lost(pieces):
    body = blocks.convert(" ".join(pieces), resolve=resolve)
    shown = " ".join(str(block.value) for block in body.blocks)
    for word in ("alpha", "beta", "gamma", "delta", "eps", "zeta"):
        assert shown.count(word) >= sum(word in piece for piece in pieces)
