"""What the hub's templates add to Wagtail's editor."""

from __future__ import annotations

from typing import Any

from django import template

from hub.editorial.domain.checks import remarks_on
from hub.editorial.registry import Remark

register = template.Library()


@register.simple_tag
def content_remarks(page: Any) -> list[Remark]:
    """What the content checks say about `page` as it was opened."""
    return remarks_on(page)
