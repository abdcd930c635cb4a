"""Draws the blocks of a text; those whose look depends on their own words alone are remembered."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any

from django import template
from django.db.models import Model
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from wagtail.blocks import StreamValue, StructValue
from wagtail.rich_text import RichText

from hub.editorial.showing import Part
from hub.kernel.remembered import NoKey, key_of, remembered

register = template.Library()


@register.simple_tag
def drawn(parts: Iterable[Part], deeper: Any = False, hides_names: Any = False) -> SafeString:
    """A text. `deeper`: headings stand a level lower; `hides_names`: quotations stand without a name."""
    return mark_safe("".join(_drawn(part, deeper, hides_names) for part in parts))


def _drawn(part: Part, deeper: Any, hides_names: Any) -> SafeString:
    def draw() -> SafeString:
        context = {"anchor": part.anchor, "deeper": deeper, "hides_names": hides_names}
        return conditional_escape(part.block.render_as_block(context=context))

    try:
        says = _says(part.block.value)
    except NoKey:
        return draw()
    return remembered((part.block.block_type, part.anchor, bool(deeper), bool(hides_names), says), draw)


def _says(value: Any) -> Hashable:
    """What a block says, if that is all it depends on: a picture, or a link still to be resolved, is more."""
    if isinstance(value, RichText):
        if "linktype=" in value.source or "<embed" in value.source:
            raise NoKey("RichText")
        return RichText, value.source
    if isinstance(value, Model):
        raise NoKey(type(value).__name__)
    if isinstance(value, StructValue):
        return StructValue, tuple((name, _says(one)) for name, one in value.items())
    if isinstance(value, StreamValue):
        return StreamValue, tuple((block.block_type, _says(block.value)) for block in value)
    return key_of(value)
