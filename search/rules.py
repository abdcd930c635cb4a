"""Who finds what: the scopes a viewer holds, and the scope that an audience asks for."""

from __future__ import annotations

from hub.accounts.enums import Role
from hub.accounts.rules import Viewer, role_of
from hub.pages.enums import Audience
from search.enums import Scope, Variant

_SCOPE_OF_AUDIENCE = {
    Audience.PUBLIC: Scope.PUBLIC,
    Audience.MEMBERS: Scope.MEMBERS,
    Audience.LEADERS: Scope.LEADERS,
    Audience.STAFF: Scope.STAFF,
}


def scopes_of(viewer: Viewer) -> frozenset[str]:
    """The scope tokens `viewer` holds; an entry is found by those who hold its token, and by nobody else."""
    role = role_of(viewer)
    scopes = {Scope.PUBLIC}
    if role < Role.MEMBER:
        scopes.add(Scope.VISITOR)
    if role >= Role.MEMBER:
        scopes.add(Scope.MEMBERS)
    if role >= Role.LEADER:
        scopes.add(Scope.LEADERS)
    if role >= Role.STAFF:
        scopes.add(Scope.STAFF)
    if viewer is not None and viewer.is_authenticated and viewer.is_active:
        scopes.add(Scope.of_user(viewer.pk))
    return frozenset(scopes)


def can_steer(user: Viewer) -> bool:
    """Whether `user` may read what was asked, and say what means the same and what comes first."""
    return role_of(user) >= Role.STAFF and user is not None and user.has_perm("search.view_asking")


def scope_of_page(audience: int, variant: str) -> str:
    """The scope of a page's entry. `audience` is the page's *effective* audience.

    A public page whose people are named to members only has two entries: OUTER without the names for
    visitors, INNER with them for members. Once the page itself is for members, OUTER is for nobody.
    """
    if variant == Variant.OUTER:
        return Scope.VISITOR if audience == Audience.PUBLIC else Scope.NOBODY
    if variant == Variant.INNER and audience == Audience.PUBLIC:
        return Scope.MEMBERS
    return _SCOPE_OF_AUDIENCE[Audience(audience)]


def breadth_of(scope: str) -> int:
    """How many people a scope is for, to compare: a thing whose scope grows is new to somebody."""
    order = (Scope.STAFF, Scope.LEADERS, Scope.MEMBERS)
    if scope in (Scope.PUBLIC, Scope.VISITOR):
        return len(order) + 1
    return order.index(scope) + 1 if scope in order else 0
