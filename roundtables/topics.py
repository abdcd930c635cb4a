"""What was held, topic by topic: the latest sessions of each, and how many more there are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest
from django.utils import timezone

from hub.editorial.showing import Link
from hub.kernel.dates import in_words
from hub.pages.routing import url_of
from roundtables.models import SessionPage

SHOWN = 3  # of each topic


@dataclass
class Topic:
    """A topic with its latest sessions."""

    name: str
    slug: str
    number: int
    latest: list[tuple[Link, str]] = field(default_factory=list)


def held(request: HttpRequest) -> list[Topic]:
    """Every topic that a session was held about, as far as the viewer may read it; one query."""
    found: dict[str, Topic] = {}
    today = timezone.localdate()
    for name, slug, number, title, url_path, starts_at, zone in _rows(request):
        topic = found.setdefault(slug, Topic(name, slug, number))
        day = in_words(starts_at.astimezone(ZoneInfo(zone)).date(), today)
        topic.latest.append((Link(title, url_of(url_path, request)), day))
    return list(found.values())


def _rows(request: HttpRequest) -> Any:
    past = SessionPage.objects.visible_to(request.user).past().filter(cancelled=False, starts_at__isnull=False)
    topic = F("topics__pk")
    ranked = past.filter(topics__isnull=False).annotate(
        rank=Window(RowNumber(), partition_by=topic, order_by=[F("starts_at").desc(), F("pk").desc()]),
        of_all=Window(Count("pk"), partition_by=topic),
    )
    latest = ranked.filter(rank__lte=SHOWN).order_by("topics__name", "topics__slug", "rank")
    columns = ("topics__name", "topics__slug", "of_all", "title", "url_path", "starts_at", "time_zone")
    return latest.values_list(*columns)
