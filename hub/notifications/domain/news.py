"""Telling people: into their inbox with the change itself, by e-mail once it is committed."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from hub.accounts.models import User
from hub.notifications import tasks
from hub.notifications.enums import Timing
from hub.notifications.models import Mute, Notification
from hub.notifications.registry import Kind


def unique_people(people: Iterable[User | None], *, without: User | None = None) -> list[User]:
    """Everybody once, in the order they were named; nobody without an open account, and not `without`."""
    found: dict[int, User] = {}
    for user in people:
        if user is not None and user.is_active and (without is None or user.pk != without.pk):
            found.setdefault(user.pk, user)
    return list(found.values())


@transaction.atomic
def tell(user: User, *, kind: Kind, text: str, url: str = "", detail: str = "") -> Notification:
    """Tell one person one thing.

    Side effects: a row in their inbox, in the running transaction; after its commit a task that mails
    it, unless they do not want that kind by e-mail. A transaction that is undone tells nobody.
    """
    notification = Notification.objects.create(
        user=user, kind=kind.key, text=" ".join(text.split())[:500], url=url, detail=detail.strip()
    )
    if kind.timing == Timing.AT_ONCE and not Mute.objects.filter(user=user, kind=kind.key).exists():
        transaction.on_commit(lambda: tasks.mail_notification.enqueue(notification.pk))
    return notification
