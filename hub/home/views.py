"""My hub, and robots.txt."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hub.home.domain.desk import desk_of
from roundtables import recommending, tables

PRIVATE_PATHS = ("/admin/", "/accounts/", "/my-hub/", "/calendar/", "/people/", "/search/", "/read/")


@login_required
@never_cache
@require_safe
def my_hub(request: HttpRequest) -> HttpResponse:
    """What waits for the person who is logged in."""
    desk = desk_of(request.user)  # type: ignore[arg-type]
    reader = tables.Reader(request.user, desk.profile)
    found = {
        "desk": desk,
        "sessions": tables.cards(desk.sessions, reader, request),
        "recommended": recommending.for_desk(reader, request),
    }
    return render(request, "home/my_hub.html", found)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Crawlers may read public pages; personal and endless addresses are named as off limits."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in PRIVATE_PATHS)]
    lines += ["", f"Sitemap: {settings.HUB_BASE_URL}/sitemap.xml"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
