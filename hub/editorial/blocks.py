"""The blocks that practices, sessions, reports and pages are written in."""

from __future__ import annotations

from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.images.blocks import ImageChooserBlock

TEXT_FEATURES = ["bold", "italic", "link", "document-link", "ol", "ul", "code", "superscript"]


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


class QuoteBlock(blocks.StructBlock):
    """Somebody's words, and whose they are (nobody's, under the Chatham House rule)."""

    text = blocks.TextBlock()
    attribution = blocks.CharBlock(required=False, max_length=200)

    class Meta:
        icon = "openquote"
        template = "editorial/blocks/quote.html"


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

    class Meta:
        icon = "image"
        template = "editorial/blocks/image.html"


class VideoBlock(blocks.StructBlock):
    """A recording somewhere else: a link, never a foreign frame that watches our readers."""

    url = blocks.URLBlock()
    title = blocks.CharBlock(max_length=200)

    class Meta:
        icon = "media"
        template = "editorial/blocks/video.html"


class ResourceBlock(blocks.StructBlock):
    """Something useful elsewhere, and why it is."""

    title = blocks.CharBlock(max_length=200)
    url = blocks.URLBlock()
    note = blocks.CharBlock(required=False, max_length=300)

    class Meta:
        icon = "link-external"
        template = "editorial/blocks/resource.html"


class NoticeBlock(blocks.StructBlock):
    """A remark set apart from the text."""

    kind = blocks.ChoiceBlock(choices=[("note", "Good to know"), ("mind", "Mind this")], default="note")
    text = blocks.RichTextBlock(features=TEXT_FEATURES)

    class Meta:
        icon = "info-circle"
        template = "editorial/blocks/notice.html"


class BodyBlock(blocks.StreamBlock):
    """Everything a text of the hub may be made of."""

    heading = HeadingBlock()
    text = blocks.RichTextBlock(features=TEXT_FEATURES, template="editorial/blocks/text.html", icon="pilcrow")
    quote = QuoteBlock()
    image = ImageBlock()
    table = TableBlock(template="editorial/blocks/table.html")
    code = CodeBlock()
    video = VideoBlock()
    resource = ResourceBlock()
    notice = NoticeBlock()

    class Meta:
        required = False
