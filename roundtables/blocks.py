"""What the agenda of a session is made of."""

from __future__ import annotations

from wagtail import blocks


class AgendaItemBlock(blocks.StructBlock):
    """A stretch of the session. When it begins follows from those before it."""

    minutes = blocks.IntegerBlock(min_value=1, max_value=600)
    title = blocks.CharBlock(max_length=160, label="What happens")
    led_by = blocks.CharBlock(
        required=False, max_length=160, label="Who leads it",
        help_text="Not shown once a Chatham House or private session is over, so name people here and nowhere else.",
    )  # fmt: skip
    text = blocks.TextBlock(required=False, max_length=400, rows=2, label="More about it")

    class Meta:
        icon = "time"
        label_format = "{minutes} minutes: {title}"


class AgendaBlock(blocks.StreamBlock):
    """What happens, one thing after the other, from the moment the session begins."""

    item = AgendaItemBlock(label="Stretch")

    class Meta:
        required = False
