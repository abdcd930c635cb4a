"""Tells people what is new for the searches they saved.

The words that stay in the inbox say how much is new, never what: that is looked up, as its reader may
find it, when the mail is written and whenever the list is opened.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.urls import Resolver404, resolve
from django.utils import timezone

from hub.notifications.domain import news
from hub.notifications.models import Notification
from hub.notifications.registry import Item, kind_of
from search.domain import saved as saving
from search.models import SavedSearch, SearchAlert

logger = logging.getLogger(__name__)
KIND = "notifications.search_alert"


@dataclass
class Sent:
    """What one run did."""

    looked: int = 0
    told: int = 0
    failed: int = 0


def send_alerts() -> Sent:
    """Tell everybody whose turn it is. To be run as often as one likes, also twice at once.

    For each search one transaction moves its marker on, notes what was told and writes it into the
    inbox; the marker is moved only from where it was read, so of two runs one does it. A search that
    fails holds up no other and is looked at again by the next run.
    """
    done, now = Sent(), timezone.now()
    for search in saving.due(now):  # read at once: SQLite lets nobody write between the rows of an open reading
        try:
            with transaction.atomic():
                alert = saving.collect(search, now)
                if alert is not None:
                    _tell(alert)
            done.looked += 1
            done.told += alert is not None
        except Exception:
            logger.exception("The alert for saved search %s could not be sent", search.pk)
            done.failed += 1
    return done


def items_of(notification: Notification) -> Sequence[Item]:
    """What an alert is about, as far as its reader may find it now."""
    try:
        pk = resolve(notification.url).kwargs["pk"]
    except (Resolver404, KeyError):
        return []
    alerts = SearchAlert.objects.select_related("search__owner").filter(search__owner=notification.user_id)
    alert = alerts.filter(pk=pk).first()
    if alert is None:
        return []
    return [Item(entry.title, entry.url, entry.get_kind_display()) for entry in saving.news_of(alert)]


def _tell(alert: SearchAlert) -> None:
    kind = kind_of(KIND)
    search: SavedSearch = alert.search
    number = len(saving.news_of(alert))
    if kind is None or not number:
        return
    things = "One new thing" if number == 1 else f"{number} new things"
    text = f"{things} for “{search.name}”"
    news.tell(search.owner, kind=kind, text=text, url=alert.get_absolute_url(), thread=f"search-{search.pk}")
