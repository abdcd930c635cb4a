"""Serves pictures to those who may see them."""

from __future__ import annotations

import mimetypes

from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from hub.media import rules
from hub.media.models import HubRendition
from hub.media.signing import is_signed

A_DAY = 86_400
SAFE_TYPES = {"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"}


@require_safe
def rendition(request: HttpRequest, rendition_id: int, signature: str) -> HttpResponseBase:
    """The file of a rendition; 404 for a wrong signature and for those who may not see it."""
    if not is_signed(rendition_id, signature):
        raise Http404
    found = get_object_or_404(HubRendition.objects.select_related("image"), pk=rendition_id)
    if not rules.may_see(found.image, request.user):
        raise Http404
    return file_of(found)


def file_of(found: HubRendition) -> HttpResponseBase:
    """The file itself, for somebody who was found to be allowed to see it."""
    try:
        handle = found.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    content_type = mimetypes.guess_type(found.file.name)[0] or "application/octet-stream"
    response = FileResponse(handle, content_type=content_type)
    if content_type not in SAFE_TYPES:  # an SVG opened as a page could run script
        response["Content-Disposition"] = "attachment"
        response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    patch_cache_control(response, private=True, max_age=A_DAY)
    return response
