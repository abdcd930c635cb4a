"""Many people on one page, each as a line: read as plain values, for a row of the database costs ten times as much.

A `Line` holds what is hidden, too. Like a profile it goes through `members.rules.shown(…, brief=True)`
before anybody sees it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hub.members.enums import LINE_FIELDS
from hub.members.models import address_of
from hub.taxonomy.terms import Term

_OWN = ("pk", "user_id", "slug", "is_listed", "time_zone", "name", "organisation")
_LEVELS = tuple(f"{name}_shown_to" for name in LINE_FIELDS)
_TERMS = (
    "function__name", "function__slug", "function__initial", "industry__name", "industry__slug", "industry__colour_slot"
)  # fmt: skip


@dataclass(slots=True)
class Line:
    """A profile as far as a line about somebody needs it."""

    pk: int
    user_id: int | None
    slug: str
    is_listed: bool
    time_zone: str
    name: str
    organisation: str
    name_shown_to: int
    organisation_shown_to: int
    function_shown_to: int
    industry_shown_to: int
    function: Term | None
    industry: Term | None

    def get_absolute_url(self) -> str:
        return address_of(self.slug)


def columns(prefix: str = "") -> list[str]:
    """What to read for `line`; with the prefix of a relation that leads to the profile, such as `profile__`."""
    return [prefix + name for name in (*_OWN, *_LEVELS, *_TERMS)]


def line(values: Sequence[Any]) -> Line:
    """The person that the values of `columns` are about."""
    own = len(_OWN) + len(_LEVELS)
    function, function_slug, initial, industry, industry_slug, slot = values[own:]
    terms = [
        Term(function, function_slug, initial=initial) if function_slug else None,
        Term(industry, industry_slug, colour_slot=slot) if industry_slug else None,
    ]
    return Line(*[*values[:own], *terms])
