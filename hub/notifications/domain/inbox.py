"""What a person was told, and what they want to be mailed about."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from hub.accounts.models import User
from hub.notifications import registry
from hub.notifications.models import Mute, Notification, NotificationQuerySet


def waiting_for(user: User) -> NotificationQuerySet:
    """News this person has not opened yet, the newest first."""
    return Notification.objects.filter(user_id=user.pk).unread()


def read(notification: Notification) -> None:
    """The person has seen it."""
    Notification.objects.filter(pk=notification.pk, read_at__isnull=True).update(read_at=timezone.now())


def read_all(user: User) -> int:
    """The person has seen everything; returns how much that was."""
    return waiting_for(user).update(read_at=timezone.now())


def mailed_kinds(user: User) -> set[str]:
    """Keys of the kinds of news that this person gets by e-mail."""
    muted = set(Mute.objects.filter(user_id=user.pk).values_list("kind", flat=True))
    return {kind.key for kind in registry.kinds()} - muted


@transaction.atomic
def choose_mailed_kinds(user: User, keys: Iterable[str]) -> None:
    """Mail this person these kinds of news and no others. Kinds of apps that are gone keep their setting."""
    wanted = set(keys)
    for kind in registry.kinds():
        if kind.key in wanted:
            Mute.objects.filter(user_id=user.pk, kind=kind.key).delete()
        else:
            Mute.objects.get_or_create(user_id=user.pk, kind=kind.key)


def stop(user_id: int, kind: str) -> None:
    """No more e-mail of this kind to this person."""
    if User.objects.filter(pk=user_id).exists():
        Mute.objects.get_or_create(user_id=user_id, kind=kind)
