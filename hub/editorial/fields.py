"""The StreamField of the hub's texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wagtail.fields import StreamField

from hub.editorial.blocks import BodyBlock


class BodyField(StreamField):
    """A text made of `BodyBlock`. Its blocks are not written into migrations: they are code, not schema."""

    def __init__(self, block_types: Any = None, **kwargs: Any) -> None:
        kwargs.pop("block_lookup", None)
        kwargs.setdefault("blank", True)
        super().__init__(block_types or BodyBlock(), **kwargs)

    if TYPE_CHECKING:  # it takes what a StreamField takes, and gives a StreamValue

        def __get__(self, instance: Any, owner: Any = None) -> Any: ...

        def __set__(self, instance: Any, value: Any) -> None: ...

    def deconstruct(self) -> Any:
        name, path, _, kwargs = super().deconstruct()
        kwargs.pop("block_lookup", None)
        return name, path, [], kwargs
