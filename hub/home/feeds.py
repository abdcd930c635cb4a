"""What is new for everybody to read, for programs that follow sites: an Atom feed without people in it."""

from __future__ import annotations

from datetime import datetime
from heapq import nlargest
from itertools import chain
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import conditional_page, require_safe

from hub.editorial.models import KnowledgePage
from hub.practices.models import PracticePage
from research.models import ReportPage
from roundtables.models import SessionPage

MOST = 30
KINDS: tuple[type[KnowledgePage], ...] = (SessionPage, PracticePage, ReportPage)


class PublicNews(Feed):
    """The newest sessions, practices and reports that a visitor may read.

    Everybody gets the same, whoever asks: nobody is logged in here. No names either: who may be linked with a
    session changes with the clock, and what a program has fetched it keeps.
    """

    feed_type = Atom1Feed
    subtitle = "Sessions, practices and reports that everybody may read."

    def title(self) -> str:
        return f"New on {settings.HUB_NAME}"

    def author_name(self) -> str:
        return str(settings.HUB_NAME)

    def link(self) -> str:
        return f"{settings.HUB_BASE_URL}/"

    def feed_url(self) -> str:
        return f"{settings.HUB_BASE_URL}{reverse('feed')}"

    def feed_guid(self) -> str:
        return self.feed_url()

    def items(self) -> list[Any]:
        newest = (
            kind.objects.visible_to(None)  # type: ignore[attr-defined]
            .filter(first_published_at__isnull=False)
            .defer_streamfields()
            .order_by("-first_published_at", "-pk")[:MOST]
            for kind in KINDS
        )
        return nlargest(MOST, chain.from_iterable(newest), key=lambda page: (page.first_published_at, page.pk))

    def item_title(self, item: Any) -> str:
        return _plain(f"Cancelled: {item.title}" if getattr(item, "cancelled", False) else item.title)

    def item_description(self, item: Any) -> str:
        return _plain(item.gist)

    def item_link(self, item: Any) -> str:
        path = item.get_url() or "/"
        return path if path.startswith("http") else f"{settings.HUB_BASE_URL}{path}"

    def item_guid(self, item: Any) -> str:
        return f"urn:uuid:{item.translation_key}"

    def item_pubdate(self, item: Any) -> datetime:
        return item.first_published_at  # type: ignore[no-any-return]

    def item_updateddate(self, item: Any) -> datetime:
        return item.last_published_at or item.first_published_at  # type: ignore[no-any-return]

    def item_categories(self, item: Any) -> list[str]:
        return [item._meta.verbose_name]


def _plain(text: str) -> str:
    """Without the control characters that XML cannot carry."""
    return "".join(letter for letter in text if letter.isprintable() or letter in "\n\t")


public_news = require_safe(conditional_page(PublicNews()))
