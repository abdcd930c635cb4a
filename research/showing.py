"""What the pages of this app hand to their templates."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from hub.editorial import showing
from hub.editorial.narrowing import narrow
from hub.editorial.showing import Link, Row
from hub.editorial.ties import Ties, pairs_of
from hub.kernel.dates import in_words
from research.models import ReportPage, ResearchIndexPage


def newest(viewer: Any) -> Any:
    """The reports `viewer` may see, the newest first, ready to be shown in a list."""
    visible = ReportPage.objects.visible_to(viewer)
    return showing.with_verifier(visible).order_by(F("published_on").desc(nulls_last=True), "-pk")


def index(page: ResearchIndexPage, request: HttpRequest) -> dict[str, Any]:
    """The reports, narrowed down by what the address asks for."""
    narrowed = narrow(newest(request.user), request.GET)
    found = showing.listed(narrowed.queryset, request)
    return {"narrowed": narrowed, "page_obj": found, "rows": rows(found, request, pairs_of(found))}


def rows(found: Iterable[ReportPage], request: HttpRequest, ties: dict[int, Ties]) -> list[Row]:
    """Reports in a list, each with the day it came out."""
    today = timezone.localdate()
    days = {one.pk: [in_words(one.published_on, today)] if one.published_on else [] for one in found}
    return [showing.row(one, request, ties[one.pk], facts=days[one.pk]) for one in found]


def report(page: ReportPage, request: HttpRequest) -> dict[str, Any]:
    """One report with its table of contents, its method, and how to cite it."""
    text = showing.parts(page.body, {"how-we-know", "cite", "related"})
    contents = showing.contents(text)
    if page.method:
        contents.append(Link("How we know", "#how-we-know"))
    contents.append(Link("How to cite", "#cite"))
    context = showing.detail(page, request)
    return {
        **context,
        "text": text,
        "contents": contents if len(contents) > 2 else [],
        "minutes": showing.minutes(page.body),
        "authors": ", ".join(person.name for person in context["people"] if person.is_known),
    }
