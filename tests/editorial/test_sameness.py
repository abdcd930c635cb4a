"""Staff approve what a member typed: the editor hands it back with its own marks, and that is no change."""

import pytest

from hub.editorial.sameness import differs
from hub.practices.models import PracticePage

FIELD = PracticePage._meta.get_field("what_we_did").formfield()
TYPED = [{"type": "text", "value": "<ol><li>Ring them.</li><li>Ask one question.</li></ol>", "id": "a"}]


def came_back(markup: str) -> object:
    return FIELD.block.to_python([{"type": "text", "value": markup, "id": "a"}])


@pytest.mark.parametrize(
    ("markup", "is_other"),
    [
        ('<ol><li data-block-key="1">Ring them.</li><li data-block-key="2">Ask one question.</li></ol>', False),
        ('<ol><li data-block-key="1">Ring them.</li><li data-block-key="2">Ask two questions.</li></ol>', True),
        ('<ul><li data-block-key="1">Ring them.</li><li data-block-key="2">Ask one question.</li></ul>', True),
        ('<ol><li data-block-key="1">Ring <b>them</b>.</li><li data-block-key="2">Ask one question.</li></ol>', True),
        ('<ol><li data-block-key="1">Ring them.</li></ol>', True),
    ],
)
def test_marks_are_no_words(markup, is_other):
    assert differs(FIELD, FIELD.block.to_python(TYPED), came_back(markup)) is is_other


def test_another_block_is_another_text():
    two = FIELD.block.to_python([*TYPED, {"type": "text", "value": "<p>And more.</p>", "id": "b"}])
    assert differs(FIELD, FIELD.block.to_python(TYPED), two)


def test_a_plain_field_that_came_back_different_is_different():
    assert differs(PracticePage._meta.get_field("gist").formfield(), "Ring them.", "Ring them!")
