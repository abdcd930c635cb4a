"""Documents pass the hub's own check before they are served."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from wagtail import hooks

from hub.media import rules


@hooks.register("before_serve_document")
def check_audience(document: Any, request: HttpRequest) -> None:
    """404 for everybody who may not see the document: its title is in the address, so it must not be confirmed."""
    if not rules.may_see(document, request.user):
        raise Http404
