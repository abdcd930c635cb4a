"""Whether a field of the editor came back with other words, or only with the editor's own marks on the same ones."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from wagtail.blocks.base import BlockField

_MARKS = re.compile(r' data-block-key="[^"]*"')  # Draftail numbers each paragraph that has no number yet


def differs(field: forms.Field, before: Any, now: Any) -> bool:
    """Whether `now`, a cleaned value of `field`, says something else than `before`, its initial value."""
    if not isinstance(field, BlockField):
        return True
    block = field.block
    return bool(_unmarked(block.get_prep_value(block.normalize(before))) != _unmarked(block.get_prep_value(now)))


def _unmarked(value: Any) -> Any:
    if isinstance(value, str):
        return _MARKS.sub("", value)
    if isinstance(value, dict):
        return {key: _unmarked(part) for key, part in value.items()}
    return [_unmarked(part) for part in value] if isinstance(value, list) else value
