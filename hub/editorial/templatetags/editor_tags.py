"""What the hub's templates add to Wagtail's editor."""

from __future__ import annotations

from typing import Any

from django import template

from hub.editorial.domain import texts
from hub.editorial.domain.checks import remarks_on
from hub.editorial.domain.mentions import can_be_mentioned
from hub.editorial.registry import Remark

register = template.Library()


@register.simple_tag
def known_before(page: Any, user: Any) -> int | None:
    """The number of the text that `user` knew before others last changed it."""
    return texts.known_before(page, user)


@register.simple_tag
def people_to_mention(page: Any, user: Any) -> list[str]:
    """The names that `user` can call in a remark on `page`: those of the others with a seat on it."""
    return [name for name, _ in can_be_mentioned(page, user)]


@register.simple_tag
def content_remarks(page: Any) -> list[Remark]:
    """What the content checks say about `page` as it was opened."""
    return remarks_on(page)
