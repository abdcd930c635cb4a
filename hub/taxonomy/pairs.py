"""Function × industry: how the hub says who somebody is without saying who they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hub.taxonomy.models import Function, Industry


@dataclass(frozen=True, slots=True)
class Pair:
    """What `components/pair.html` shows: a seat with the function's letter in the industry's colour."""

    function: str = ""
    initial: str = ""
    industry: str = ""
    slot: int | None = None


def pair_of(function: Function | None, industry: Industry | None) -> Pair | None:
    """The pair of a person or a text; None where neither is known."""
    if function is None and industry is None:
        return None
    return Pair(
        function=function.name if function else "",
        initial=function.initial if function else "",
        industry=industry.name if industry else "",
        slot=industry.colour_slot if industry else None,
    )


def first_pair(functions: Iterable[Any], industries: Iterable[Any]) -> Pair | None:
    """The first function and the first industry of a text."""
    return pair_of(next(iter(functions), None), next(iter(industries), None))
