"""The blocks that practices, sessions, reports and pages are written in."""

from __future__ import annotations

from typing import Any

from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.images.blocks import ImageChooserBlock
from wagtail.rich_text import RichText

from hub.editorial.charts import bars
from hub.editorial.enums import PeopleShown, QuotedAs
from hub.kernel.clean import editor_text

TEXT_FEATURES = ["bold", "italic", "link", "document-link", "ol", "ul", "code", "superscript"]
WRITE, SHOW, POINT = "Write", "Show", "Point to"
# The grid of the editor speaks no British English, and complains about it in the console.
GRID = {"language": "en-US"}


class ProseBlock(blocks.RichTextBlock):
    """Paragraphs and lists. What is stored went through the hub's own gate, whatever the form carried."""

    def value_from_form(self, value: str) -> RichText:
        return RichText(editor_text(value or ""))


class HeadingBlock(blocks.StructBlock):
    """A heading inside a text; the page's title is its only first-level heading."""

    text = blocks.CharBlock(max_length=200)
    level = blocks.ChoiceBlock(
        choices=[("h2", "Section"), ("h3", "Part of a section"), ("h4", "Small heading")], default="h2"
    )

    class Meta:
        icon = "title"
        template = "editorial/blocks/heading.html"
        label_format = "{text}"


class StepBlock(blocks.StructBlock):
    """One thing to do."""

    title = blocks.CharBlock(max_length=160, label="What to do")
    text = ProseBlock(features=TEXT_FEATURES, required=False, label="How, and what to watch for")

    class Meta:
        icon = "list-ol"
        label_format = "{title}"


class StepsBlock(blocks.StreamBlock):
    """What to do, one step after the other. A stream, not a list: remarks in the margin reach its blocks."""

    step = StepBlock()

    class Meta:
        icon = "list-ol"
        template = "editorial/blocks/steps.html"
        description = "Numbered, so that somebody else can do it after you."


class TakeawaysBlock(blocks.StreamBlock):
    """Statements worth keeping, each able to stand alone."""

    takeaway = blocks.TextBlock(max_length=400, rows=2, icon="pick", label="Takeaway")

    class Meta:
        icon = "pick"
        template = "editorial/blocks/takeaways.html"
        description = "What somebody who was not there should know. One statement each."


class QuoteBlock(blocks.StructBlock):
    """Somebody's words, and what is told about whose they are.

    Under the Chatham House rule a name is not shown, whatever was chosen here (`hides_names`).
    """

    text = blocks.TextBlock()
    mode = blocks.ChoiceBlock(choices=QuotedAs.choices, default=QuotedAs.NAMED, label="Who said it")
    attribution = blocks.CharBlock(
        required=False, max_length=200, label="Name", help_text="Shown when quoted by name; never under Chatham House."
    )
    described_as = blocks.CharBlock(
        required=False, max_length=120, label="Description",
        help_text="Shown when described, such as “a head of volunteering”: neither a name nor an employer.",
    )  # fmt: skip
    consent = blocks.BooleanBlock(required=False, label="They agreed to be quoted like this")

    class Meta:
        icon = "openquote"
        template = "editorial/blocks/quote.html"
        description = "Words of a person: by name, described, or unnamed."

    def untold(self, value: Any) -> set[str]:
        """The parts of a quotation that are kept but told to nobody, so that no search finds it by them either."""
        told = {QuotedAs.NAMED: "attribution", QuotedAs.DESCRIBED: "described_as"}.get(
            value.get("mode", QuotedAs.NAMED)
        )
        return {name for name in ("attribution", "described_as") if name != told}

    def get_searchable_content(self, value: Any) -> list[str]:
        untold = self.untold(value)
        return [
            word
            for name, child in self.child_blocks.items()
            if name not in untold
            for word in child.get_searchable_content(value.get(name))
        ]


class CodeBlock(blocks.StructBlock):
    """Text shown letter for letter."""

    language = blocks.CharBlock(required=False, max_length=40)
    code = blocks.TextBlock()

    class Meta:
        icon = "code"
        template = "editorial/blocks/code.html"


class ImageBlock(blocks.StructBlock):
    """A picture with the words for those who do not see it."""

    image = ImageChooserBlock()
    alt = blocks.CharBlock(
        required=False, max_length=300, label="What the picture shows",
        help_text="Read aloud to people who do not see it. Leave empty only for decoration.",
    )  # fmt: skip
    caption = blocks.CharBlock(required=False, max_length=300)
    decorative = blocks.BooleanBlock(required=False, help_text="The picture only decorates; it says nothing new.")
    people = blocks.ChoiceBlock(choices=PeopleShown.choices, required=False, label="People in it")

    class Meta:
        icon = "image"
        template = "editorial/blocks/image.html"


class FigureBlock(blocks.StructBlock):
    """Numbers as bars and as a table. The table is always there: some read it with their ears, some copy it."""

    title = blocks.CharBlock(max_length=200, help_text="What the numbers say, as a sentence.")
    table = TableBlock(
        table_options=GRID,
        label="The numbers",
        help_text="First row: what the columns are. First column: what is counted.",
    )
    as_bars = blocks.BooleanBlock(
        required=False, default=True, label="Draw the first column of numbers as bars",
        help_text="Where they cannot be drawn, below zero or in words, the table stands alone.",
    )  # fmt: skip
    source = blocks.CharBlock(required=False, max_length=300, label="Where the numbers come from")

    class Meta:
        icon = "table"
        template = "editorial/blocks/figure.html"
        description = "Numbers with a chart and their table."

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        table = value.get("table") or {}
        return {**context, "bars": bars(table.get("data") or []) if value.get("as_bars", True) else []}


class VideoBlock(blocks.StructBlock):
    """A recording somewhere else: a link, never a foreign frame that watches our readers."""

    url = blocks.URLBlock()
    title = blocks.CharBlock(max_length=200)
    consent = blocks.BooleanBlock(required=False, label="Those who can be seen or heard agreed to it")

    class Meta:
        icon = "media"
        template = "editorial/blocks/video.html"


class ResourceBlock(blocks.StructBlock):
    """Something useful elsewhere, and why it is."""

    title = blocks.CharBlock(max_length=200)
    url = blocks.URLBlock()
    note = blocks.CharBlock(required=False, max_length=300, label="What it is good for")

    class Meta:
        icon = "link-external"
        template = "editorial/blocks/resource.html"
        description = "A template, guide or tool to use."


class NoticeBlock(blocks.StructBlock):
    """A remark set apart from the text."""

    kind = blocks.ChoiceBlock(choices=[("note", "Good to know"), ("mind", "Mind this")], default="note")
    text = ProseBlock(features=TEXT_FEATURES)

    class Meta:
        icon = "info-circle"
        template = "editorial/blocks/notice.html"


class BodyBlock(blocks.StreamBlock):
    """Everything a text of the hub may be made of."""

    heading = HeadingBlock(group=WRITE)
    text = ProseBlock(features=TEXT_FEATURES, template="editorial/blocks/text.html", icon="pilcrow", group=WRITE)
    steps = StepsBlock(group=WRITE)
    takeaways = TakeawaysBlock(group=WRITE)
    quote = QuoteBlock(group=WRITE)
    notice = NoticeBlock(group=WRITE)
    code = CodeBlock(group=WRITE)
    image = ImageBlock(group=SHOW)
    figure = FigureBlock(group=SHOW)
    table = TableBlock(table_options=GRID, template="editorial/blocks/table.html", group=SHOW)
    video = VideoBlock(group=SHOW)
    resource = ResourceBlock(group=POINT)

    class Meta:
        required = False
