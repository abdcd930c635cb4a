"""What came of a question: a result was opened, or the person says whether it helped.

Both change one row that the signed token of the page names, and nothing else: so they need no session
and no CSRF token, which would make a cookie for every visitor who searches.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from search.domain import asking


@csrf_exempt
@require_POST
def clicked(request: HttpRequest) -> HttpResponse:
    """A result of this page was opened; told by `navigator.sendBeacon`, which reads no answer."""
    place = request.POST.get("place", "1")
    is_ours = asking.opened(request.POST.get("asked", ""), int(place) if place.isascii() and place.isdigit() else 0)
    return HttpResponse(status=204 if is_ours else 400)


@csrf_exempt
@require_POST
@never_cache
def helped(request: HttpRequest) -> HttpResponse:
    """The answer to “Did this help?”: a page of thanks, or its sentence alone for the script of the page."""
    said = request.POST.get("helped", "")
    is_ours = said in ("yes", "no") and asking.answered(request.POST.get("asked", ""), said == "yes")
    back = request.POST.get("back", "")
    if not (back.startswith("/search/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)):
        back = "/search/"
    context = {"is_ours": is_ours, "it_helped": said == "yes", "back": back, "request": request}
    template = "components/helped.html" if request.headers.get("X-Requested-With") else "search/helped.html"
    return render(request, template, context, status=200 if is_ours else 400)
