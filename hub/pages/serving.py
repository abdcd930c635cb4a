"""What happens to somebody who asks for a page that is not for them."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import resolve_url

from hub.accounts.enums import Role
from hub.pages.models import BasePage


def turn_away(page: BasePage, request: HttpRequest) -> HttpResponse | None:
    """None for those the page is for.

    A visitor who asks for something that members may read is sent to the login page; anything
    stricter does not exist (Http404) for those it is not for.
    """
    if page.is_visible_to(request.user):
        return None
    if page.live and not request.user.is_authenticated and page.effective_audience <= Role.MEMBER:
        return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
    raise Http404
