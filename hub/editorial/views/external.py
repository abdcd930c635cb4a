"""The page that somebody outside opens by their link: one text as its readers will see it, and a form beneath it.

The link is all there is. No cookie of the browser is asked who this is, so whoever is logged in sees
the same as everybody else: what a visitor may know of people, other pages and sessions.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from hub.editorial import references
from hub.editorial.domain import external
from hub.editorial.forms import ExternalAnswerForm
from hub.editorial.models import ExternalReview
from hub.kernel.errors import HubError
from hub.kernel.limits import within
from hub.media.models import HubImage, HubRendition
from hub.media.signing import is_signed
from hub.media.views import file_of

AN_HOUR = 3600
MOST_LOOKS = 600  # an hour and address; pictures count
MOST_ANSWERS = 30  # an hour and link
Opened = Callable[..., HttpResponseBase]


def by_link(view: Opened) -> Opened:
    """Calls `view` with the review its token opens; a link that has ended says so, any other is not there.

    What it answers is kept nowhere, is in no index, and tells no other site where the reader came from.
    """

    @wraps(view)
    def opened(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponseBase:
        request.user = AnonymousUser()
        if not within("external-look", get_adapter().get_client_ip(request) or "", most=MOST_LOOKS, seconds=AN_HOUR):
            return _private(render(request, "429.html", status=429))
        review = ExternalReview.objects.select_related("revision", "page").by_token(token)
        if review is None:
            raise Http404
        if not review.is_open:
            return _private(render(request, "editorial/external_over.html", status=410))
        return _private(view(request, review, **kwargs))

    return opened


def _private(response: HttpResponseBase) -> HttpResponseBase:
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


@never_cache
@csrf_exempt  # nothing here is done in the name of a logged-in person; the link is what one has to have
@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def external_review(request: HttpRequest, review: ExternalReview) -> HttpResponseBase:
    """The text, what was said about it, and what may be said now."""
    form = ExternalAnswerForm(standing=external.standing(review))
    if request.method == "POST":
        form = ExternalAnswerForm(request.POST, standing=external.standing(review))
        if not within("external-answer", str(review.pk), most=MOST_ANSWERS, seconds=AN_HOUR):
            form.add_error(None, "That was a lot in one hour. What you typed is kept here; send it a little later.")
        elif form.is_valid():
            try:
                _answer(review, form)
            except HubError as error:
                form.add_error(None, str(error))
            else:
                return redirect(f"{review.get_absolute_url()}#said")
    else:
        external.opened(review)
    return _shown(request, review, form)


def _answer(review: ExternalReview, form: ExternalAnswerForm) -> None:
    said = form.cleaned_data
    if form.decided:
        external.decide(review, form.decided, comment=said["text"])
    else:
        external.remark(review, text=said["text"], passage=said["passage"])


def _shown(request: HttpRequest, review: ExternalReview, form: ExternalAnswerForm) -> HttpResponse:
    request.is_preview = True  # type: ignore[attr-defined]  # the ties of this text, not of the published one
    page = review.revision.as_object()
    response = TemplateResponse(
        request,
        "editorial/external_review.html",
        {
            **page.get_context(request),
            "page_template": page.get_template(request),
            "review": review,
            "answer": form,
            "remarks": review.remarks.all(),
            "votes": review.votes.all(),
            "crumbs": [],
        },
        status=422 if form.errors else 200,
    ).render()
    # Pictures of a draft open for its editors only. Those of this text also open below this link.
    pictures = reverse("editorial:external_picture", args=[review.token, 0, "0"]).removesuffix("0/0/")
    response.content = response.content.replace(b'"/pictures/', b'"' + pictures.encode()).replace(
        b", /pictures/", b", " + pictures.encode()
    )
    return response


@require_safe
@never_cache
@by_link
def external_picture(
    request: HttpRequest, review: ExternalReview, rendition_id: int, signature: str
) -> HttpResponseBase:
    """A picture of the text the link is for."""
    if not is_signed(rendition_id, signature):
        raise Http404
    rendition = get_object_or_404(HubRendition, pk=rendition_id)
    if (HubImage, str(rendition.image_id)) not in references.in_text(review.revision.as_object()):
        raise Http404
    return file_of(rendition)
