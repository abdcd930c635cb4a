"""Who somebody is to the hub."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from hub.accounts.enums import ROLE_OF_GROUP, Role

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from hub.accounts.models import User

    Viewer: TypeAlias = User | AnonymousUser | None
else:
    Viewer = Any

SECOND_FACTOR_SHOWN = "hub_second_factor_shown"  # session key: the person who set one up in this session


def role_of(viewer: Viewer) -> Role:
    """The role `viewer` reads the hub with; nobody, strangers and closed accounts are visitors."""
    if viewer is None or not viewer.is_authenticated or not viewer.is_active:
        return Role.VISITOR
    return viewer.role


def highest_role(group_names: list[str]) -> Role:
    """The highest role that any of the groups carries."""
    return max((ROLE_OF_GROUP[name] for name in group_names if name in ROLE_OF_GROUP), default=Role.VISITOR)
