"""Enforces audiences where Wagtail serves pages, and where it offers them to choose from."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from wagtail import hooks

from hub.accounts.enums import Role
from hub.accounts.rules import role_of
from hub.pages.models import BasePage
from hub.pages.policies import pages_known_to
from hub.pages.serving import turn_away


@hooks.register("before_serve_page")
def enforce_audience(page: BasePage, request: HttpRequest, args: Any, kwargs: Any) -> HttpResponse | None:
    """Let only the page's audience read it."""
    return turn_away(page, request)


@hooks.register("construct_page_chooser_queryset")
def offer_known_pages(pages: Any, request: HttpRequest) -> Any:
    """Offer only pages whose title the person may know. (Wagtail offers every page there is.)"""
    if role_of(request.user) >= Role.STAFF:
        return pages
    return pages.filter(pk__in=pages_known_to(request.user).values("pk"))
