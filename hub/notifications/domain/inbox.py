"""What a person was told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from hub.accounts.models import User
from hub.notifications import rules
from hub.notifications.models import Notification, NotificationQuerySet

HIDDEN = "About a page that is no longer open to you"


@dataclass(frozen=True)
class Shown:
    """One piece of news as its reader may read it now."""

    text: str
    url: str
    detail: str
    created_at: Any
    is_new: bool


def waiting_for(user: User) -> NotificationQuerySet:
    """News this person has not opened yet, the newest first."""
    return Notification.objects.filter(user_id=user.pk).unread()


def shown_to(user: User, news: Iterable[Notification]) -> list[Shown]:
    """`news` of this person, without the words of what they may not know any more."""
    news = list(news)
    theirs = rules.still_theirs(user, news)
    return [
        Shown(
            text=one.text if one.pk in theirs else HIDDEN,
            url=one.get_absolute_url() if one.url and one.pk in theirs else "",
            detail=one.detail if one.pk in theirs else "",
            created_at=one.created_at,
            is_new=one.read_at is None,
        )
        for one in news
    ]


def read(notification: Notification) -> None:
    """The person has seen it."""
    Notification.objects.filter(pk=notification.pk, read_at__isnull=True).update(read_at=timezone.now())


def read_all(user: User) -> int:
    """The person has seen everything; returns how much that was."""
    return waiting_for(user).update(read_at=timezone.now())
