"""What requests pass through: writes in the editor, and addresses that lead elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from wagtail.contrib.redirects.middleware import RedirectMiddleware

from hub.pages.locks import lock_tree
from hub.pages.models import BasePage
from hub.pages.routing import page_at
from hub.pages.serving import turn_away

SAFE_METHODS = {"GET", "HEAD", "OPTIONS", "TRACE"}
ADMIN_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; frame-src 'self'; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'self'"
)


class AtomicAdminWritesMiddleware:
    """Runs every unsafe request to the editor in one transaction that begins with a lock.

    Wagtail's publish view is several transactions: a process killed between them leaves a page
    without a revision, and two moves at once corrupt the tree. On SQLite the transaction is
    IMMEDIATE, so there is one writer; on PostgreSQL an advisory lock does the same for the editor.
    Measured: 0 of 40 kills left a half-made page, against 10 of 38 without (docs/deviations.md).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path_info.startswith("/admin/") and "Content-Security-Policy" not in response:
            response["Content-Security-Policy"] = ADMIN_POLICY
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if request.method in SAFE_METHODS or not request.path_info.startswith("/admin/"):
            return None
        with transaction.atomic():
            lock_tree()
            response = view(request, *args, **kwargs)
            if hasattr(response, "render") and not getattr(response, "is_rendered", True):
                response = response.render()  # a template that fails must undo the write as well
            return response  # type: ignore[no-any-return]


class DiscreetRedirectMiddleware(RedirectMiddleware):
    """Wagtail's redirects, followed only by those who may read the page they lead to: its address is its title."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        answer: HttpResponse = super().process_response(request, response)
        if answer is response:
            return response
        place = urlsplit(answer["Location"])
        page = page_at(BasePage.objects, request, place.path) if place.netloc in ("", request.get_host()) else None
        try:
            return (page is not None and turn_away(page, request)) or answer
        except Http404:
            return response
