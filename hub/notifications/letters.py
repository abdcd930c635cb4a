"""Writes mails, as text and as HTML, from what their reader may know at the moment of writing."""

from __future__ import annotations

import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from hub.accounts.models import User
from hub.members.models import MemberProfile
from hub.notifications import rules
from hub.notifications.enums import Timing
from hub.notifications.links import ALL_DIGESTS, address_of, list_id, mail_name, stop_link
from hub.notifications.models import Delivery, Notification, Preference
from hub.notifications.registry import Kind, kind_of, kinds

MOST_LISTED = 12  # of one kind in one mail; the rest is behind its button


@dataclass(frozen=True)
class Told:
    """One piece of news in a mail, with the addresses it leads to."""

    text: str
    url: str = ""
    detail: str = ""
    items: Sequence[tuple[Any, str]] = ()
    more: int = 0


@dataclass
class Group:
    """The news of one kind in a digest."""

    kind: Kind
    stop_url: str
    news: list[Told] = field(default_factory=list)
    more: int = 0


def write(delivery: Delivery) -> EmailMultiAlternatives | None:
    """The mail of `delivery`; None if nothing is left to say.

    Left out is what its reader may not know any more, what they have opened in the hub since, and
    what they have said they do not want by mail.
    """
    news = list(delivery.news.order_by("created_at", "pk"))
    theirs = rules.still_theirs(delivery.user, news)
    unwanted = set(Preference.objects.filter(user=delivery.user, timing=Timing.NEVER).values_list("kind", flat=True))
    left = [(one, told) for one in news if one.pk in theirs and one.kind not in unwanted and (told := _told(one))]
    if delivery.digest_of is None:
        return _single(delivery, *left[0]) if left else None
    left = [(one, told) for one, told in left if one.read_at is None]
    with timezone.override(zone_of(delivery.user)):
        return _digest(delivery, left) if left else None


def zone_of(user: User) -> zoneinfo.ZoneInfo:
    """Where a person's day begins."""
    name = MemberProfile.objects.filter(user_id=user.pk).values_list("time_zone", flat=True).first()
    try:
        return zoneinfo.ZoneInfo(name or settings.TIME_ZONE)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo(settings.TIME_ZONE)


def _told(notification: Notification) -> Told | None:
    items = rules.listed(notification)
    if items is not None and not items:
        return None  # all of it was hidden or deleted in the meantime
    items = items or []
    return Told(
        text=notification.text,
        url=address_of(notification.url) if notification.url else "",
        detail=notification.detail,
        items=[(item, address_of(item.path)) for item in items[:MOST_LISTED]],
        more=max(0, len(items) - MOST_LISTED),
    )


def _single(delivery: Delivery, notification: Notification, told: Told) -> EmailMultiAlternatives:
    thread = {}
    if notification.thread:
        root = mail_name("thread", notification.thread)  # no mail has this name; programs sort by it all the same
        thread = {"In-Reply-To": root, "References": root}
    return _mail(
        delivery,
        subject=notification.text,
        letter="news",
        stop=notification.kind,
        headers=thread,
        told=told,
        kind=kind_of(notification.kind),
    )


def _digest(delivery: Delivery, left: Sequence[tuple[Notification, Told]]) -> EmailMultiAlternatives:
    groups = {kind.key: Group(kind, stop_link(delivery.user_id, kind.key)) for kind in kinds()}
    shown = 0
    for notification, told in reversed(left):  # the newest first
        group = groups.get(notification.kind)
        if group is None:
            continue
        shown += 1
        if len(group.news) < MOST_LISTED:
            group.news.append(told)
        else:
            group.more += 1
    number = "One piece of news" if shown == 1 else f"{shown} pieces of news"
    return _mail(
        delivery,
        subject=f"{number} for you at {settings.HUB_NAME}",
        letter="digest",
        stop=ALL_DIGESTS,
        headers={},
        groups=[group for group in groups.values() if group.news],
        day=delivery.digest_of,
    )


def _mail(
    delivery: Delivery, *, subject: str, letter: str, stop: str, headers: dict[str, str], **values: Any
) -> EmailMultiAlternatives:
    subject = " ".join(subject.split())
    stop_url = stop_link(delivery.user_id, stop)
    values |= {
        "subject": subject,
        "stop_url": stop_url,
        "choose_url": address_of(reverse("notifications:preferences")),
        "inbox_url": address_of(reverse("notifications:inbox")),
        "hub_name": settings.HUB_NAME,
        "hub_url": address_of("/"),
    }
    message = EmailMultiAlternatives(
        subject,
        render_to_string(f"emails/notifications/{letter}.txt", values),
        to=[delivery.user.email],
        headers={
            "Message-ID": mail_name("mail", delivery.message_id.hex),
            "Auto-Submitted": "auto-generated",
            "List-Id": list_id(stop),
            "List-Unsubscribe": f"<{stop_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            **headers,
        },
    )
    message.attach_alternative(render_to_string(f"emails/notifications/{letter}.html", values), "text/html")
    return message
