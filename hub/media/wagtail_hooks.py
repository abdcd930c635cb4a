"""Documents pass the hub's own check before they are served, and may be read again on request."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.views.decorators.http import require_POST
from wagtail import hooks

from hub.media import rules
from hub.media.domain import reading
from hub.media.models import HubDocument


@hooks.register("before_serve_document")
def check_audience(document: Any, request: HttpRequest) -> None:
    """404 for everybody who may not see the document: its title is in the address, so it must not be confirmed."""
    if not rules.may_see(document, request.user):
        raise Http404


@hooks.register("register_admin_urls")
def reading_urls() -> list[Any]:
    return [path("documents/<int:document_id>/read-again/", read_again, name="media_read_again")]


@require_POST
def read_again(request: HttpRequest, document_id: int) -> HttpResponse:
    """Have background work try a file once more that could not be read."""
    document = get_object_or_404(HubDocument, pk=document_id)
    if not document.is_editable_by_user(request.user):
        raise PermissionDenied
    reading.follow_file(document, again=True)
    messages.success(request, "The file is read again. Look here in a minute.")
    return redirect("wagtaildocs:edit", document_id)
