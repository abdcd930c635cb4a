"""Taking a seat at a session and giving it back: two buttons, no more."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from hub.members.models import MemberProfile
from roundtables.domain import seats
from roundtables.enums import SeatState
from roundtables.models import SessionPage


@login_required
@require_POST
def take(request: HttpRequest, session_id: int) -> HttpResponse:
    """Take a seat; full tables put the person on the waiting list and say so."""
    session = get_object_or_404(SessionPage.objects.visible_to(request.user), pk=session_id)
    profile = get_object_or_404(MemberProfile, user=request.user)
    try:
        seat = seats.take_seat(session, profile, show=request.POST.get("show") == "on")
    except seats.SeatRefused as refusal:
        messages.error(request, str(refusal))
    else:
        if seat.state == SeatState.GOING:
            messages.success(request, "You have a seat. The link to join appears here an hour before it starts.")
        else:
            messages.info(request, "The table is full. You are on the waiting list and move up when somebody leaves.")
    return redirect(session.get_url(request))


@login_required
@require_POST
def give_back(request: HttpRequest, session_id: int) -> HttpResponse:
    """Give the seat back; whoever has waited longest gets it."""
    session = get_object_or_404(SessionPage.objects.visible_to(request.user), pk=session_id)
    profile = get_object_or_404(MemberProfile, user=request.user)
    try:
        seats.give_back(session, profile)
    except seats.SeatRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Your seat is free for somebody else. You can come back while there is room.")
    return redirect(session.get_url(request))
