"""What apps above members add: to a person's page, and to what the roles may do.

For pages an app registers a function `(profile, viewer) -> iterable` in its `AppConfig.ready()`. It gives the
person's contributions that `viewer` may see, newest first. The function decides about visibility: a page
that is not for the viewer, or a Chatham House session the person spoke at, is not among them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from hub.accounts.enums import Role

Contributions = Callable[[Any, Any], Iterable[Any]]

_contributions: list[Contributions] = []


def register_contributions(contributions: Contributions) -> None:
    """Add a kind of contribution to the pages of people."""
    if contributions not in _contributions:
        _contributions.append(contributions)


def contributions_of(profile: Any, viewer: Any) -> list[Any]:
    """Everything of `profile` that `viewer` may see, one kind after the other."""
    return [item for contributions in _contributions for item in contributions(profile, viewer)]


_permissions: dict[Role, list[str]] = {}


def grant(role: Role, *permissions: str) -> None:
    """Let a role have Django permissions (“editorial.change_task”) that an app above brings along.

    They take effect with the next `sync_roles`, which every `migrate` runs.
    """
    held = _permissions.setdefault(role, [])
    held.extend(permission for permission in permissions if permission not in held)


def permissions_of(role: Role) -> list[str]:
    """The permissions that apps above have granted to `role`."""
    return list(_permissions.get(role, []))
