"""Who may write a practice through the site's form, suggest an edit of it, and decide about one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hub.accounts.enums import Role
from hub.accounts.rules import Viewer, role_of
from hub.pages.enums import PageSeatRole

if TYPE_CHECKING:
    from hub.practices.models import PracticePage

SMALLEST_CELL = 5  # people; a smaller number would point at somebody


def may_propose(viewer: Viewer) -> bool:
    """Whether this person may bring a practice: members and up."""
    return role_of(viewer) >= Role.MEMBER


def may_write(page: PracticePage, user: Any) -> bool:
    """Whether the form opens `page` for this person: whoever proposed it and those with a co-author's seat on it.

    Staff write in the editor; a person's draft is not opened by somebody who only could. A seat that
    was taken away closes the form at once, also for whoever made the page.
    """
    if not may_propose(user):
        return False
    permissions = page.permissions_for_user(user)
    is_theirs = page.owner_id == user.pk or permissions.seat_role == PageSeatRole.CO_AUTHOR
    return is_theirs and permissions.can_change_text()


def may_contribute(page: PracticePage, viewer: Viewer) -> bool:
    """Whether this person may suggest an edit of `page`, or say that they tried it: a member who may read it."""
    return may_propose(viewer) and page.is_visible_to(viewer)


def may_decide(page: PracticePage, user: Any) -> bool:
    """Whether this person takes over or declines edits of `page`: its co-authors, and staff."""
    return role_of(user) >= Role.MEMBER and bool(page.permissions_for_user(user).can_change_text())
