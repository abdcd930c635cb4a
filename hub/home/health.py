"""The one address for machines that watch the hub."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hub.home.domain.status import is_alive


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the hub can answer people, 503 while it cannot. Says nothing else: anybody may ask."""
    alive = is_alive()
    return HttpResponse("ok" if alive else "the database does not answer", status=200 if alive else 503,
                        content_type="text/plain")  # fmt: skip
