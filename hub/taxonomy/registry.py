"""Tables that only repeat what others say (the search catalogue): no use of a word, and nothing a merge moves.

They follow from the things they describe, and are brought up to date by whoever keeps them.
"""

from __future__ import annotations

from typing import Any

_derived: set[type[Any]] = set()


def leave_out(model: type[Any]) -> None:
    """Do not count `model`, nor the tables between it and a vocabulary, as a use."""
    _derived.add(model)


def is_derived(model: type[Any]) -> bool:
    """Whether `model` only repeats what others say."""
    return model in _derived
