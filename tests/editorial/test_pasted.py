"""What the server makes of Word, Google Docs and a hostile form. The browser's half: tests/e2e/test_editor.py."""

import json
import re

import pytest
from wagtail import blocks
from wagtail.test.utils.form_data import nested_form_data, streamfield

from hub.editorial.blocks import BodyBlock
from hub.kernel.clean import editor_text, rich_text
from tests.e2e.clipboard import GOOGLE_DOCS, WORD
from tests.editorial.world import edit_url, form_of, newest_text

FOREIGN = re.compile(r"mso|o:p|style|class=|docs-internal|font|clip_|@list|endif|<span|file:|script|onerror", re.I)
WORDS = ["Bold words", "and slanted", "First point", "Second", "point", "Ask", "Listen", "The end."]


@pytest.mark.parametrize("clipboard", [WORD, GOOGLE_DOCS], ids=["word", "google docs"])
@pytest.mark.parametrize("clean", [rich_text, editor_text])
def test_pasted_text_comes_out_clean_on_the_server(clipboard, clean):
    kept = " ".join(clean(clipboard).split())
    assert FOREIGN.search(kept) is None
    assert [word for word in WORDS if word not in kept] == []
    assert '<a href="https://www.example.org/two">' in kept


def contentstate(text="Read this", url="https://www.example.org", kind="LINK", style="BOLD"):
    return json.dumps(
        {
            "blocks": [
                {"key": "empty", "text": "\u00a0 ", "type": "unstyled", "depth": 0, "inlineStyleRanges": [],
                 "entityRanges": []},
                {"key": "abcde", "text": text, "type": "unstyled", "depth": 0,
                 "inlineStyleRanges": [{"offset": 0, "length": 4, "style": style}],
                 "entityRanges": [{"offset": 5, "length": 4, "key": 0}]},
            ],
            "entityMap": {"0": {"type": kind, "mutability": "MUTABLE", "data": {"url": url}}},
        }
    )  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("url", "kept"),
    [
        (
            "https://www.example.org",
            '<p data-block-key="abcde"><b>Read</b> <a href="https://www.example.org">this</a></p>',
        ),
        ("javascript:alert(1)", '<p data-block-key="abcde"><b>Read</b> <a>this</a></p>'),
        ("JaVa\tScript:alert(1)", '<p data-block-key="abcde"><b>Read</b> <a>this</a></p>'),
        ("data:text/html,<script>alert(1)</script>", '<p data-block-key="abcde"><b>Read</b> <a>this</a></p>'),
    ],
)
def test_a_form_typed_by_hand_stores_no_more_than_the_editor_can_write(world, url, kept):
    problem = nested_form_data({"problem": streamfield([("text", contentstate(url=url))])})
    world.client("author").post(edit_url(world.draft), form_of(world.draft, **problem))
    assert newest_text(world.draft).problem[0].value.source == kept


def test_paragraphs_keep_the_keys_that_remarks_go_by_and_gaps_do_not_stay():
    typed = '<p data-block-key="a1"></p><p data-block-key="b2">One&nbsp; &nbsp;two</p><p><br/></p>'
    typed += '<ul><li data-block-key="c3">x</li></ul>'
    assert editor_text(typed) == '<p data-block-key="b2">One two</p><ul><li data-block-key="c3">x</li></ul>'
    assert editor_text("<p>5&nbsp;km</p>") == "<p>5&nbsp;km</p>"


def test_every_block_of_prose_goes_through_the_gate():
    """Also those that are added later."""

    def prose(block):
        if isinstance(block, blocks.RichTextBlock):
            yield block
        for child in getattr(block, "child_blocks", {}).values():
            yield from prose(child)

    found = list(prose(BodyBlock()))
    assert len(found) >= 3
    assert {block.value_from_form("<p onclick='x()'>a<script>b</script></p>").source for block in found} == {"<p>a</p>"}
