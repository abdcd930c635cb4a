"""A seat at a session: taking it, giving it back, being shown there or not."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, resolve_url
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from hub.accounts.http import AccountRequest
from hub.kernel.errors import HubError
from hub.members.domain.profiles import profile_of
from hub.members.models import MemberProfile
from roundtables.domain import answers, seats
from roundtables.enums import SeatState
from roundtables.models import SeriesPage, SessionPage, SessionSeat

SEATED = "You have a seat. If you cannot come, give it back here, so that somebody else can."
LET_GO = "Thank you for saying so. The seat goes to whoever comes next."

Act = Callable[[HttpRequest, SessionPage, MemberProfile], str]


def on_a_session(act: Act) -> Callable[..., HttpResponse]:
    """A button on the page of a session: `act` returns what to say, and the person is back on the page.

    Who is not logged in (any more) logs in and finds themselves on the page, not on an address that only takes a post.
    """

    @require_POST
    @wraps(act)
    def view(request: HttpRequest, session_id: int) -> HttpResponse:
        session = SessionPage.objects.visible_to(request.user).filter(pk=session_id).first()
        if not request.user.is_authenticated:
            back = session.get_url(request) if session else None
            return redirect_to_login(back or "/my-hub/", resolve_url(settings.LOGIN_URL))
        if session is None:
            raise Http404
        try:
            messages.success(request, act(request, session, profile_of(request.user)))
        except HubError as refusal:
            messages.error(request, str(refusal))
        return redirect(session.get_url(request))

    return view


@require_POST
@login_required
def take_series(request: AccountRequest, series_id: int) -> HttpResponse:
    """Take a seat at every session of a series, those that have no date yet as well."""
    series = get_object_or_404(SeriesPage.objects.visible_to(request.user), pk=series_id)
    try:
        taken = seats.take_series(series, profile_of(request.user), show=_wants_to_be_shown(request))
    except seats.SeatRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(series.get_url(request))
    waits = sum(1 for seat in taken if seat.state == SeatState.WAITLISTED)
    words = "You have a seat in the whole series, and hear from us when a new date is set."
    if waits:
        words += f" At {waits} of {len(taken)} dates no seat is left: you are on the waiting list there."
    messages.success(request, words)
    return redirect(series.get_url(request))


@require_POST
@login_required
def leave_series(request: AccountRequest, series_id: int) -> HttpResponse:
    """Give back every seat to come in a series."""
    series = get_object_or_404(SeriesPage.objects.visible_to(request.user), pk=series_id)
    seats.leave_series(series, profile_of(request.user))
    messages.success(request, "All your seats in this series are free for others. You can take single ones again.")
    return redirect(series.get_url(request))


@on_a_session
def take(request: HttpRequest, session: SessionPage, profile: MemberProfile) -> str:
    """Take a seat; full tables put the person on the waiting list and say so."""
    seat = seats.take_seat(session, profile, show=_wants_to_be_shown(request))
    if seat.state == SeatState.GOING:
        return SEATED
    if session.keeps_seats:
        return "No seat is left for you yet. You are on the waiting list, and hear from us when you move up."
    return "The table is full. You are on the waiting list, and hear from us when you move up."


@on_a_session
def show(request: HttpRequest, session: SessionPage, profile: MemberProfile) -> str:
    """Be shown at the table, or no longer."""
    seats.show_at_table(session, profile, show=_wants_to_be_shown(request))
    if _wants_to_be_shown(request):
        return "You are shown at the table, as far as your profile lets others see you."
    return "You are not shown at the table. Your seat is counted, and nobody learns that it is yours."


@on_a_session
def accept(request: HttpRequest, session: SessionPage, profile: MemberProfile) -> str:
    """Take the seat that is offered."""
    seats.accept(session, profile)
    return SEATED


@require_safe
@login_required
@never_cache
def answer(request: AccountRequest, token: str) -> HttpResponse:
    """Yes or no to an offered seat, from the mail that offers it.

    It is a link, and acts: what a form's token does for a form, the signature does here (`answers`). A browser that
    only fetches ahead is turned away.
    """
    if "prefetch" in request.headers.get("Sec-Purpose", ""):
        return HttpResponse(status=503)
    if request.method == "HEAD" or (found := answers.read(token, request.user)) is None:
        raise Http404
    seat, is_yes, waits = found
    session, back = seat.session, redirect(seat.session.get_url(request))
    if not session.is_visible_to(request.user):
        raise Http404
    try:
        if not waits:
            messages.info(request, "You answered before, or the time for it has run out. Here is how things stand.")
        elif is_yes:
            seats.accept(session, seat.profile)
            messages.success(request, SEATED)
        else:
            seats.give_back(session, seat.profile)
            messages.success(request, LET_GO)
    except seats.SeatRefused as refusal:
        messages.error(request, str(refusal))
    return back


@on_a_session
def give_back(request: HttpRequest, session: SessionPage, profile: MemberProfile) -> str:
    """Give the seat back, let an offered one go, or leave the waiting list; it goes to whoever has waited longest."""
    state = SessionSeat.objects.filter(session=session, profile=profile).values_list("state", flat=True).first()
    seats.give_back(session, profile)
    if state == SeatState.WAITLISTED:
        return "You left the waiting list."
    if state == SeatState.OFFERED:
        return LET_GO
    return "Your seat is free for somebody else. You can come back while there is room."


def _wants_to_be_shown(request: HttpRequest) -> bool:
    return request.POST.get("show") == "on"
