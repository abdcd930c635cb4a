"""Pieces of pages that look the same whenever they are drawn from the same values, so they are drawn once.

What is remembered is found again by the values themselves, never by the name of the thing they come
from: a person who hides their name is another value, and gets another drawing. Nothing has to be
cleared, and nobody sees what their own values do not say.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from django.conf import settings
from django.db.models import Model
from django.utils.safestring import SafeString

MOST = 2_000  # pieces in each of two generations
LONGEST = 50_000  # characters; a longer piece is drawn again each time

_PLAIN = frozenset([str, SafeString, int, bool, float, type(None)])
_young: dict[Hashable, SafeString] = {}
_old: dict[Hashable, SafeString] = {}


class NoKey(TypeError):
    """A value that cannot be told apart from others by what it says."""


def remembered(key: Hashable, draw: Callable[[], SafeString]) -> SafeString:
    """The piece drawn for `key` before, or now. `draw` must depend on nothing but what is in `key`."""
    global _young, _old
    if settings.DEBUG:  # templates are being written
        return draw()
    found = _young.get(key)
    if found is None:
        found = _old.get(key)
        if found is None:
            found = draw()
        if len(found) <= LONGEST:
            if len(_young) >= MOST:
                _young, _old = {}, _young
            _young[key] = found
    return found


def key_of(value: Any) -> Hashable:
    """What `value` says, as a key: equal only for values that every template draws alike.

    A text that is safe HTML and the same text that is not differ, and so do 1 and True. A data class in
    which neither can happen says so by `equal_is_alike`, and is its own key.

    Raises:
        NoKey: for objects other than plain values, collections, data classes and rows of the database.
    """
    kind = type(value)
    if kind in _PLAIN:
        return kind, value
    if kind in (list, tuple):
        return kind, tuple(map(key_of, value))
    if kind is dict:
        return kind, tuple((name, key_of(one)) for name, one in value.items())
    if getattr(kind, "equal_is_alike", False):
        return kind, value
    if is_dataclass(value):
        return kind, tuple(key_of(getattr(value, field.name)) for field in fields(value))
    if isinstance(value, Enum):
        return kind, value.name
    if isinstance(value, datetime | date):
        return kind, value.isoformat()
    if isinstance(value, Model):
        return kind, tuple((name, key_of(one)) for name, one in vars(value).items() if name != "_state")
    raise NoKey(kind.__name__)
