"""Finds the page of an address in two queries, however deep it lies; in one, where it has been found before.

Wagtail asks each ancestor for its child, and loads each of them twice. Every page knows its own
`url_path`, which is indexed here, so one look is enough. Addresses that no page has are left to
Wagtail, whose page types may answer for addresses below their own (docs/deviations.md).
"""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.http import Http404, HttpRequest
from django.http.request import split_domain_port
from wagtail.models import AbstractPage, Site

from hub.kernel import prepared


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
    site = site_of(request)
    if site is None:
        return None
    root = next((root for root in Site.get_site_root_paths() if root.site_id == site.pk), None)
    if root is None:
        return None
    inner = "/".join(part for part in path.split("/") if part)
    url_path = root.root_path + (f"{inner}/" if inner else "")
    page = _of_type(_types[url_path], url_path) if url_path in _types else None
    if page is None:
        found = prepared.rows(
            "page at", lambda address: pages.filter(url_path=address).values_list("content_type_id")[:1], url_path
        )
        model: Any = ContentType.objects.get_for_id(found[0][0]).model_class() if found else None
        page = _of_type(model, url_path) if model is not None else None
        if page is not None:
            _types[url_path] = model
    return page


_types: dict[str, Any] = {}  # which type the page of an address had; only where to look first


def _of_type(model: Any, url_path: str) -> Any:
    pages = model._default_manager.select_related(*model.served_with) if model.served_with else model._default_manager
    found = prepared.rows(("page", model), lambda address: pages.filter(url_path=address).order_by()[:1], url_path)
    return found[0] if found else None


def site_of(request: HttpRequest) -> Site | None:
    """The site of a request, as Wagtail finds it, and remembered where Wagtail looks for it.

    Where only one site can be meant that is the answer. Who decides between several is Wagtail.
    """
    if not hasattr(request, "_wagtail_site"):
        host = split_domain_port(request._get_raw_host())[0]  # type: ignore[attr-defined]
        found = prepared.rows("sites of a host", _sites, host)
        if len(found) != 1:
            return Site.find_for_request(request)
        request._wagtail_site = found[0]  # type: ignore[attr-defined]
    return request._wagtail_site  # type: ignore[attr-defined]


def _sites(host: Any) -> Any:
    return Site.objects.filter(Q(hostname=host) | Q(is_default_site=True)).order_by()


class _Located:
    """As much of a page as Wagtail needs to say where it lies."""

    get_url = AbstractPage.get_url
    get_url_parts = AbstractPage.get_url_parts
    _get_relevant_site_root_paths = AbstractPage._get_relevant_site_root_paths
    _get_site_root_paths = AbstractPage._get_site_root_paths

    def __init__(self, url_path: str) -> None:
        self.url_path = url_path


def url_of(url_path: str, request: HttpRequest | None = None) -> str:
    """What `get_url` says of the page with this `url_path`, without the page; "" if it has no address."""
    return _Located(url_path).get_url(request) or ""
