"""The inbox, and when which news is mailed."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from hub.accounts.http import AccountRequest
from hub.notifications import registry, rules
from hub.notifications.domain import inbox as domain
from hub.notifications.domain import preferences as choosing
from hub.notifications.forms import PreferencesForm
from hub.notifications.links import ALL_DIGESTS, read_stop_token
from hub.notifications.models import Notification

PER_PAGE = 30


@login_required
@never_cache
def inbox(request: AccountRequest) -> HttpResponse:
    """Everything the person was told, the newest first."""
    page_obj = Paginator(Notification.objects.filter(user=request.user), PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "notifications/inbox.html",
        {
            "page_obj": page_obj,
            "news": domain.shown_to(request.user, page_obj.object_list),
            "unread": domain.waiting_for(request.user).count(),
        },
    )


@login_required
def open_notification(request: AccountRequest, pk: int) -> HttpResponse:
    """Go where the news leads. The address is one of ours, written by the hub; it can tell as much as a title."""
    notification = get_object_or_404(Notification, pk=pk, user=request.user)
    domain.read(notification)
    theirs = rules.still_theirs(request.user, [notification])
    return redirect(notification.url if theirs and notification.url else "notifications:inbox")


@login_required
@require_POST
def read_all(request: AccountRequest) -> HttpResponse:
    domain.read_all(request.user)
    return redirect("notifications:inbox")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: AccountRequest) -> HttpResponse:
    """When each kind of news is mailed."""
    form = PreferencesForm(request.POST or None, timings=choosing.timings_of(request.user.pk))
    if request.method == "POST" and form.is_valid():
        choosing.choose(request.user.pk, form.cleaned_data)
        messages.success(request, "Saved. Whatever you chose, everything comes into this inbox at once.")
        return redirect("notifications:inbox")
    return render(request, "notifications/preferences.html", {"form": form})


@csrf_exempt  # mail programs post it with one click; the signed token is the proof
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stop one kind of e-mail without logging in. A GET only asks: programs that look at mails follow links."""
    try:
        user_id, key = read_stop_token(token)
    except signing.BadSignature as error:
        raise Http404 from error
    if request.method == "POST":
        choosing.stop(user_id, key)
    values = {"kind": registry.kind_of(key), "is_all": key == ALL_DIGESTS, "is_stopped": request.method == "POST"}
    return render(request, "notifications/stop.html", values)
