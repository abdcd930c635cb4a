"""The inbox, and the switches of what is mailed."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from hub.accounts.http import AccountRequest
from hub.notifications import registry
from hub.notifications.domain import inbox as domain
from hub.notifications.links import read_stop_token
from hub.notifications.models import Notification

PER_PAGE = 30


@login_required
def inbox(request: AccountRequest) -> HttpResponse:
    """Everything the person was told, the newest first."""
    news = Notification.objects.filter(user=request.user)
    page_obj = Paginator(news, PER_PAGE).get_page(request.GET.get("page"))
    mailed = domain.mailed_kinds(request.user)
    return render(
        request,
        "notifications/inbox.html",
        {
            "page_obj": page_obj,
            "unread": domain.waiting_for(request.user).count(),
            "kinds": [(kind, kind.key in mailed) for kind in registry.kinds()],
        },
    )


@login_required
def open_notification(request: AccountRequest, pk: int) -> HttpResponse:
    """Go where the news leads. The address is one of ours, written by the hub."""
    notification = get_object_or_404(Notification, pk=pk, user=request.user)
    domain.read(notification)
    return redirect(notification.url or "notifications:inbox")


@login_required
@require_POST
def read_all(request: AccountRequest) -> HttpResponse:
    domain.read_all(request.user)
    return redirect("notifications:inbox")


@login_required
@require_POST
def choose(request: AccountRequest) -> HttpResponse:
    """Keep which kinds of news come by e-mail."""
    domain.choose_mailed_kinds(request.user, request.POST.getlist("kind"))
    messages.success(request, "Saved. What you switched off still comes into this inbox.")
    return redirect("notifications:inbox")


@csrf_exempt  # mail programs post it with one click; the signed token is the proof
def stop(request: AccountRequest, token: str) -> HttpResponse:
    """Stop one kind of e-mail without logging in. A GET only asks: programs that look at mails follow links."""
    try:
        user_id, key = read_stop_token(token)
    except signing.BadSignature as error:
        raise Http404 from error
    if request.method == "POST":
        domain.stop(user_id, key)
    return render(
        request,
        "notifications/stop.html",
        {"kind": registry.kind_of(key), "is_stopped": request.method == "POST"},
    )
