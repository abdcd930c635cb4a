"""Whether news is still for the person who was told it: a page may have been hidden, a seat may have ended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from hub.accounts.models import User
from hub.notifications import registry
from hub.notifications.enums import Needs
from hub.pages.models import BasePage


def still_theirs(user: User, news: Iterable[Any]) -> set[int]:
    """Keys of those `news` (`Notification`s of `user`) whose words they may still read, in at most two queries a page.

    News that names no page stays. What was told to somebody who works on a page holds a draft's title and
    others' remarks: it is theirs only while the editor opens that page for them.
    """
    news = list(news)
    read = {one.page_id for one in news if one.needs == Needs.READ}
    open_ = {one.page_id for one in news if one.needs == Needs.OPEN}
    allowed: dict[str, set[int]] = {
        Needs.READ: set(BasePage.objects.visible_to(user).filter(pk__in=read).values_list("pk", flat=True))
        if read
        else set(),
        Needs.OPEN: {
            page.pk for page in BasePage.objects.filter(pk__in=open_) if page.permissions_for_user(user).can_edit()
        }
        if open_
        else set(),
    }
    return {one.pk for one in news if not one.needs or one.page_id in allowed[one.needs]}


def listed(notification: Any) -> Sequence[registry.Item] | None:
    """What a piece of news lists, as far as its reader may know it now; None if its kind lists nothing."""
    kind = registry.kind_of(notification.kind)
    return kind.items(notification) if kind is not None and kind.items is not None else None
