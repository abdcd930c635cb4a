"""Mails news in the background, after the change it tells of was committed."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone
from django_tasks import task

from hub.notifications import registry
from hub.notifications.links import address_of, stop_link
from hub.notifications.models import Notification

MOST_LISTED = 12  # in one mail; the rest is behind its button


@task()
def mail_notification(notification_id: int) -> None:
    """Mail one piece of news to the one person it is for; once, also if the task runs again."""
    notification = Notification.objects.select_related("user").filter(pk=notification_id).first()
    if notification is None or notification.mailed_at or not notification.user.is_active:
        return
    kind = registry.kind_of(notification.kind)
    items = kind.items(notification) if kind is not None and kind.items is not None else []
    if kind is not None and kind.items is not None and not items:
        return  # all of it was hidden or deleted in the meantime
    stop_url = stop_link(notification.user_id, notification.kind)
    subject = " ".join(notification.text.split())
    values = {
        "notification": notification,
        "subject": subject,
        "kind": kind,
        "items": [(item, address_of(item.path)) for item in items[:MOST_LISTED]],
        "more": max(0, len(items) - MOST_LISTED),
        "url": address_of(notification.url) if notification.url else "",
        "inbox_url": address_of(notification.get_absolute_url()),
        "stop_url": stop_url,
        "hub_name": settings.HUB_NAME,
        "hub_url": address_of("/"),
    }
    message = EmailMultiAlternatives(
        subject,
        render_to_string("emails/notifications/news.txt", values),
        to=[notification.user.email],
        headers={
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<{stop_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    message.attach_alternative(render_to_string("emails/notifications/news.html", values), "text/html")
    message.send()
    Notification.objects.filter(pk=notification.pk).update(mailed_at=timezone.now())
