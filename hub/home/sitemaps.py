"""The sitemap: what a visitor may read, and nothing else.

Wagtail's own sitemap does not know audiences, so it is not mounted (docs/deviations.md).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet

from hub.pages.models import BasePage


class PublicPages(Sitemap):
    """Every live page whose audience is everybody, in pages of a thousand."""

    limit = 1000

    def items(self) -> QuerySet[Any]:
        return BasePage.objects.visible_to(None).filter(depth__gt=1).order_by("pk")

    def location(self, item: BasePage) -> str:
        return item.get_url() or "/"

    def lastmod(self, item: BasePage) -> datetime | None:
        return item.last_published_at


SITEMAPS = {"pages": PublicPages}
