"""The StreamField of the hub's texts."""

from __future__ import annotations

from typing import Any

from wagtail.fields import StreamField

from hub.editorial.blocks import BodyBlock


class BodyField(StreamField):
    """A text made of `BodyBlock`. Its blocks are not written into migrations: they are code, not schema."""

    def __init__(self, block_types: Any = None, **kwargs: Any) -> None:
        kwargs.pop("block_lookup", None)
        kwargs.setdefault("blank", True)
        super().__init__(BodyBlock() if not block_types else block_types, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("block_lookup", None)
        return name, path, [], kwargs
