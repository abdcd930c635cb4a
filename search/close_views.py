"""What is close to a page, and who to a person: a page of its own, and the piece of it that the page itself fetches."""

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
from search.enums import Kind
from search.models import Entry

ON_A_PAGE = 10
BIGGEST = 2**63  # no key is larger


@require_safe
@never_cache
def close(request: HttpRequest, page_id: int) -> HttpResponse:
    """Pages close to a page that the viewer may read. Asked for by the page's own script, only the rows."""
    return _answer(request, similar.of_page(page_id, request.user) if page_id < BIGGEST else None)


@require_safe
@never_cache
def close_person(request: HttpRequest, profile_id: int) -> HttpResponse:
    """People who have much in common with a person whom the viewer may find, in the same two forms."""
    return _answer(request, similar.of_person(profile_id, request.user) if profile_id < BIGGEST else None)


@require_safe
@never_cache
def close_takeaway(request: HttpRequest, pk: int) -> HttpResponse:
    """What is close to a takeaway that the viewer may read, in the same two forms."""
    return _answer(request, similar.of_thing(Kind.TAKEAWAY, pk, request.user) if pk < BIGGEST else None)


def _answer(request: HttpRequest, entry: Entry | None) -> HttpResponse:
    if entry is None:
        raise Http404
    is_piece = request.headers.get("X-Requested-With") == "fetch"
    entries = similar.close_to(entry, request.user, shown=similar.SHOWN if is_piece else ON_A_PAGE)
    vocabulary = Vocabulary.load(()) if entries else Vocabulary()
    context = {
        "rows": [row(Hit(one), NOTHING, vocabulary) for one in entries],
        "entry": entry,
        "is_person": entry.kind == Kind.PERSON,
        "wide": "wide" in request.GET,
    }
    response = render(request, "search/close_rows.html" if is_piece else "search/close.html", context)
    response["X-Robots-Tag"] = "noindex"
    patch_vary_headers(response, ["Cookie", "X-Requested-With"])
    return response
