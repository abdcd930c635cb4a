"""Following an invitation: it lands on the page, not in the lobby of the editor."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from hub.accounts.http import AccountRequest
from hub.editorial.domain import seats
from hub.pages.models import PageInvitation


@never_cache
@login_required
def accept(request: AccountRequest, pk: int) -> HttpResponse:
    """The link in an inbox. Only those it was sent to learn that it exists."""
    mine = Q(invitee=request.user) | Q(email=request.user.email)
    return _take(request, PageInvitation.objects.filter(mine, pk=pk).first())


@never_cache
@login_required
def accept_link(request: AccountRequest, token: str) -> HttpResponse:
    """The link in a mail to an address without an account. It waits behind the login for the account it is for."""
    return _take(request, PageInvitation.objects.filter(token_digest=seats.digest_of(token)).first())


def _take(request: AccountRequest, invitation: PageInvitation | None) -> HttpResponse:
    if invitation is None:
        raise Http404
    try:
        seat = seats.accept(invitation, user=request.user)
    except seats.SeatError as error:
        return render(request, "editorial/invitation_refused.html", {"reason": str(error)}, status=403)
    return redirect("wagtailadmin_pages:edit", seat.page_id)
