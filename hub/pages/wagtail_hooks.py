"""Enforces audiences where Wagtail serves pages."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.conf import settings
from wagtail import hooks

from hub.accounts.enums import Role
from hub.accounts.rules import role_of
from hub.pages.models import BasePage


@hooks.register("before_serve_page")
def enforce_audience(page: BasePage, request: HttpRequest, args: Any, kwargs: Any) -> HttpResponse | None:
    """Let only the page's audience read it.

    A visitor who asks for something that members may read is sent to the login page; anything
    stricter does not exist for those it is not for.
    """
    if page.is_visible_to(request.user):
        return None
    if not request.user.is_authenticated and page.effective_audience <= Role.MEMBER and role_of(request.user) == Role.VISITOR:
        return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
    raise Http404
