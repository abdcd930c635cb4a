"""Sessions for calendar programs: one as a file, a member's own as an address, and where those addresses are made."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import parse_etags, quote_etag
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hub.accounts.http import AccountRequest
from hub.kernel.limits import within
from roundtables.domain import feeds, ics
from roundtables.domain.ics import Entry
from roundtables.forms import CalendarFeedForm
from roundtables.models import CalendarFeed, SessionPage

AN_HOUR = 3600
MOST_FETCHES = 120  # an hour and address of a calendar
MOST_GUESSES = 60  # an hour and place on the net: a program whose address was taken away goes on asking for it


@require_safe
def session_file(request: HttpRequest, session_id: int) -> HttpResponse:
    """One session, as a file to open with a calendar program."""
    session = SessionPage.objects.visible_to(request.user).filter(pk=session_id).defer_streamfields().first()
    entry = feeds.entry_of(session, request.user) if session is not None else None
    if session is None or entry is None:
        raise Http404
    return _file(request, [entry], session.title, f"{session.slug}.ics")


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """A member's own sessions, for whoever has the address; no cookie is read, and none is set."""
    found = feeds.opened_by(token)
    if found is None:
        guesser = get_adapter().get_client_ip(request) or ""
        if not within("calendar-guess", guesser, most=MOST_GUESSES, seconds=AN_HOUR):
            return _too_often()
        raise Http404
    if not within("calendar-fetch", str(found.pk), most=MOST_FETCHES, seconds=AN_HOUR):
        return _too_often()
    feeds.note_use(found)
    response = _file(request, feeds.entries_of(found), f"{settings.HUB_NAME}: roundtables", "roundtables.ics")
    response["Referrer-Policy"] = "no-referrer"
    return response


def _file(request: HttpRequest, entries: list[Entry], name: str, filename: str) -> HttpResponse:
    """The file of `entries`; or that nothing changed since the program fetched it, which costs no writing."""
    etag = quote_etag(ics.fingerprint(entries, name))
    known = {tag.removeprefix("W/") for tag in parse_etags(request.headers.get("If-None-Match", ""))}
    response: HttpResponse
    if etag in known or "*" in known:
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(ics.written(entries, name), content_type="text/calendar; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{filename}"'
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


def _too_often() -> HttpResponse:
    words = "This calendar was fetched too often. Ask again in an hour; once an hour is enough."
    return HttpResponse(words, status=429, content_type="text/plain; charset=utf-8", headers={"Retry-After": "3600"})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: AccountRequest) -> HttpResponse:
    """The addresses of one's own calendars; a new one is shown with the answer, once."""
    if not feeds.may_subscribe(request.user):
        raise PermissionDenied
    form = CalendarFeedForm(request.POST or None)
    made, token = None, ""
    if request.method == "POST" and form.is_valid():
        try:
            made, token = feeds.make(request.user, **form.cleaned_data)
        except feeds.FeedRefused as refusal:
            form.add_error("name", str(refusal))
        else:
            form = CalendarFeedForm()
    return _addresses(request, form, made, token)


@login_required
@never_cache
@require_POST
def renew(request: AccountRequest, pk: int) -> HttpResponse:
    """Another address instead of one that got into wrong hands; it is shown with the answer, once."""
    feed = get_object_or_404(CalendarFeed, pk=pk, user=request.user)
    return _addresses(request, CalendarFeedForm(), feed, feeds.renew(feed))


@login_required
@require_POST
def revoke(request: AccountRequest, pk: int) -> HttpResponse:
    """Take an address away."""
    feed = get_object_or_404(CalendarFeed, pk=pk, user=request.user)
    feeds.revoke(feed)
    messages.success(request, f"The address for “{feed.name}” is gone. Whatever used it gets nothing more.")
    return redirect("roundtables:calendars")


def _addresses(request: AccountRequest, form: CalendarFeedForm, made: CalendarFeed | None, token: str) -> HttpResponse:
    path = reverse("roundtables:feed", args=[token]) if token else ""
    address = f"{settings.HUB_BASE_URL}{path}" if token else ""
    context = {
        "form": form,
        "held": CalendarFeed.objects.filter(user=request.user),
        "made": made,
        "address": address,
        "opens_with": f"webcal:{address.partition(':')[2]}" if token else "",
    }
    return render(request, "roundtables/calendars.html", context, status=400 if form.errors else 200)
