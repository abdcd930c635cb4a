"""What the apps above add: checks of a text before it is handed in, and places to write that are not the editor.

Filled in `AppConfig.ready()`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse


@dataclass(frozen=True, slots=True)
class Remark:
    """Something readers would miss or mind: what, what to do about it, and where it stands.

    `path` is the content path of the field or block, as Wagtail's comments use it: "context", or
    "context.<id of the block>". No remark ever stops anybody from saving.
    """

    check: str
    text: str
    path: str = ""


Check = Callable[[Any], Iterable[Remark]]

_checks: list[tuple[type, Check]] = []


def register_check(model: type, check: Check) -> None:
    """Have `check(page)` look at every text of this type, as it lies in memory: drafts may lack anything."""
    if (model, check) not in _checks:
        _checks.append((model, check))


def checks_for(page: Any) -> list[Check]:
    return [check for model, check in _checks if isinstance(page, model)]


Door = Callable[[Any, Any], str]

_doors: list[Door] = []


def register_door(door: Door) -> None:
    """Add a place to write: `door(page, user)` is its address for this person, or nothing if it is not for them."""
    if door not in _doors:
        _doors.append(door)


def writing_place(page: Any, user: Any) -> str:
    """Where `user`, who works on `page`, opens it: a form of the site made for them, or the editor."""
    found = (door(page, user) for door in _doors)
    return next(filter(None, found), "") or reverse("wagtailadmin_pages:edit", args=[page.pk])
