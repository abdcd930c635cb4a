"""Enforces audiences where Wagtail serves pages, and where it offers them to choose from."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from wagtail import hooks

from hub.accounts.enums import Role
from hub.accounts.rules import role_of
from hub.pages.models import BasePage
from hub.pages.policies import pages_known_to


@hooks.register("before_serve_page")
def enforce_audience(page: BasePage, request: HttpRequest, args: Any, kwargs: Any) -> HttpResponse | None:
    """Let only the page's audience read it.

    A visitor who asks for something that members may read is sent to the login page; anything
    stricter does not exist for those it is not for.
    """
    if page.is_visible_to(request.user):
        return None
    if not request.user.is_authenticated and page.effective_audience <= Role.MEMBER:
        return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
    raise Http404


@hooks.register("construct_page_chooser_queryset")
def offer_known_pages(pages: Any, request: HttpRequest) -> Any:
    """Offer only pages whose title the person may know. (Wagtail offers every page there is.)"""
    if role_of(request.user) >= Role.STAFF:
        return pages
    return pages.filter(pk__in=pages_known_to(request.user).values("pk"))
