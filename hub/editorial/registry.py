"""What the apps above look for in a text before it is handed in; filled in `AppConfig.ready()`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any


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
