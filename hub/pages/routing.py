"""Finds the page of an address in two queries, however deep it lies.

Wagtail asks each ancestor for its child, and loads each of them twice. Every page knows its own
`url_path`, which is indexed here, so one look is enough. Addresses that no page has are left to
Wagtail, whose page types may answer for addresses below their own (docs/deviations.md).
"""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.http import Http404, HttpRequest
from wagtail.models import AbstractPage, Site


def route_for_request(pages: Any, request: HttpRequest, path: str) -> Any:
    """The `RouteResult` for `path` of the request's site, or None; remembered on the request, as Wagtail does."""
    if not hasattr(request, "_wagtail_route_for_request"):
        page = page_at(pages, request, path)
        if page is None:
            return AbstractPage.route_for_request(request, path)
        try:
            request._wagtail_route_for_request = page.route(request, [])  # type: ignore[attr-defined]
        except Http404:
            request._wagtail_route_for_request = None  # type: ignore[attr-defined]
    return request._wagtail_route_for_request  # type: ignore[attr-defined]


def page_at(pages: Any, request: HttpRequest, path: str) -> Any:
    """The page of this address, in its most specific type, live or not; None if no page has it."""
    site = Site.find_for_request(request)
    if site is None:
        return None
    root = next((root for root in Site.get_site_root_paths() if root.site_id == site.pk), None)
    if root is None:
        return None
    inner = "/".join(part for part in path.split("/") if part)
    url_path = root.root_path + (f"{inner}/" if inner else "")
    found = pages.filter(url_path=url_path).values_list("pk", "content_type_id").first()
    if found is None:
        return None
    model = ContentType.objects.get_for_id(found[1]).model_class()
    return model._default_manager.filter(pk=found[0]).first() if model is not None else None
