"""What is close to a page: a page of its own, and the piece of it that the page itself fetches."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from search.domain import similar
from search.domain.filters import Vocabulary
from search.domain.query import Hit
from search.domain.rows import NOTHING, row

ON_A_PAGE = 10


@require_safe
@never_cache
def close(request: HttpRequest, page_id: int) -> HttpResponse:
    """Pages close to a page that the viewer may read. Asked for by the page's own script, only the rows."""
    entry = similar.of_page(page_id, request.user) if page_id < 2**63 else None
    if entry is None:
        raise Http404
    is_piece = request.headers.get("X-Requested-With") == "fetch"
    entries = similar.close_to(entry, request.user, shown=similar.SHOWN if is_piece else ON_A_PAGE)
    vocabulary = Vocabulary.load(()) if entries else Vocabulary()
    rows = [row(Hit(one), NOTHING, vocabulary) for one in entries]
    template = "search/close_rows.html" if is_piece else "search/close.html"
    response = render(request, template, {"rows": rows, "entry": entry, "wide": "wide" in request.GET})
    response["X-Robots-Tag"] = "noindex"
    patch_vary_headers(response, ["Cookie", "X-Requested-With"])
    return response
