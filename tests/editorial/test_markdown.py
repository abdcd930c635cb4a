"""Text in the form and text in the editor are one text: what goes over and back is what it was."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.editorial.markdown.writing import links_in, to_blocks, to_markdown


def resolve(href):
    kind, _, number = href.removeprefix("?").partition("=")
    if kind in ("page", "document") and number.isdigit():
        return int(number) if kind == "page" else (kind, int(number))
    return href if href.startswith(("https://", "mailto:")) else None


def blocks_of(markdown, before=()):
    return to_blocks(markdown, before=list(before), resolve=resolve)


MARKUP = """
# ## ### - * ** _ __ ` `` ``` ~~ > 1. 2) + | |-| \\ :: --- === [[ ]] [^1] (see *) a_b_c word two &amp; &lt;
[a](https://x.example) [b](?page=3) [c](?document=4) ![x](https://y.example) https://z.example
<b> </b> <sup> </sup> <script> </script> <div>
"""
PIECES = MARKUP.split()
TEXTS = st.lists(
    st.one_of(st.sampled_from(PIECES), st.sampled_from([" ", "\n", "\n\n", "  "]), st.text(max_size=3)), max_size=30
)


@settings(max_examples=300, deadline=None)
@given(TEXTS.map("".join))
def test_what_was_stored_once_stays_as_it_is(markdown):
    """Blanks that nobody sees may go on the way; no word may, and from then on nothing changes any more."""
    first = blocks_of(markdown)
    again = blocks_of(to_markdown(first), first)
    assert words(again) == words(first)
    assert blocks_of(to_markdown(again), again) == again


def words(stream):
    texts = (
        value
        for block in stream
        for value in ([block["value"]] if block["type"] == "text" else block["value"].values())
    )
    return " ".join(re.sub(r"<[^>]*>", " ", str(text)) for text in texts).split()


@pytest.mark.parametrize(
    "typed",
    [
        "Two lines\nof one paragraph",
        "It cost 3 * 4 hours_each, not <more> than 5 & 6",
        "1. first\n2. second\n   - inside\n3. third",
        "We said **no**, *twice*, in `code`.\n\nThen [yes](https://x.example).",
        "## A heading\n\nText",
        "> Nobody came.\n>\n> — A host",
        "```py\nx = 1\n```",
    ],
)
def test_what_people_type_comes_back_as_they_typed_it(typed):
    assert to_markdown(blocks_of(typed)) == typed


EDITORS = [
    {"type": "text", "value": '<p data-block-key="k">A <a linktype="page" id="3">page</a></p>', "id": "11111111-a"},
    {
        "type": "image",
        "value": {"image": 3, "alt": "A [round] table", "caption": "", "decorative": False},
        "id": "22222222-b",
    },
    {"type": "table", "value": {"data": [["a"]], "table_caption": ""}, "id": "33333333-c"},
    {"type": "quote", "value": {"text": "Ask twice.", "attribution": "", "mode": "role"}, "id": "44444444-d"},
    {"type": "text", "value": '<p data-block-key="l">The end.</p>', "id": "55555555-e"},
]


def test_blocks_that_markdown_has_no_words_for_are_kept_whole_and_keep_their_number():
    shown = to_markdown(EDITORS)
    assert "[[Picture: A (round) table · 22222222]]" in shown
    changed = blocks_of(shown.replace("The end.", "The beginning."), EDITORS)
    assert changed[:4] == EDITORS[:4]
    assert (changed[4]["id"], changed[4]["value"]) == ("55555555-e", "<p>The beginning.</p>")


def test_a_line_for_a_block_can_be_moved_and_taken_away_but_not_invented():
    picture = "[[Picture: A (round) table · 22222222]]"
    moved = blocks_of(f"{picture}\n\nOnly this", EDITORS)
    assert moved[0] == EDITORS[1]
    assert [block["type"] for block in moved] == ["image", "text"]
    assert [block["type"] for block in blocks_of(f"{picture}\n\n{picture}", EDITORS)] == ["image", "text"]
    assert [block["type"] for block in blocks_of("[[Picture: none of ours · 99999999]]", EDITORS)] == ["text"]


def test_links_are_known_in_either_order_of_their_attributes():
    stored = [{"type": "text", "value": '<p><a linktype="page" id="3">a</a><a id="4" linktype="document">b</a></p>'}]
    assert links_in(stored) == {("page", 3), ("document", 4)}
