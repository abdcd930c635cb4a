"""What a practice may be made of, beside what every text may."""

from __future__ import annotations

from wagtail import blocks

from hub.editorial.blocks import POINT, BodyBlock


class CallBlock(blocks.StructBlock):
    """Asks readers who tried it to say how it went."""

    words = blocks.CharBlock(
        max_length=160,
        default="Have you tried this? Say how it went.",
        label="What to ask",
        help_text="What you would most like to hear from somebody who tried it.",
    )

    class Meta:
        icon = "comment-add"
        template = "practices/blocks/call.html"
        description = "Leads to “We tried this”, at the end of the practice."
        label = "Call for experience"


class PracticeBlock(BodyBlock):
    """Everything a text of the hub may be made of, and a call for experience."""

    call = CallBlock(group=POINT)
