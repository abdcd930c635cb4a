"""Asking others to a session's table, and asking to be asked."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from hub.accounts.http import AccountRequest
from hub.members.domain.profiles import profile_of
from hub.members.models import MemberProfile
from hub.members.rules import shown
from roundtables.domain import invitations
from roundtables.models import InvitationRequest, SessionPage
from roundtables.models.invitations import LONGEST_WHY
from roundtables.rules import may_host


@login_required
@never_cache
def invite(request: AccountRequest, session_id: int) -> HttpResponse:
    """Whom to ask to a table, with the reason; for its hosts also who asks to be asked. 404 for everybody else."""
    session = SessionPage.objects.visible_to(request.user).filter(pk=session_id).first()
    own = profile_of(request.user)
    if session is None or not invitations.may_invite(session, own):
        raise Http404
    why = request.POST.get("why", "").strip()[:LONGEST_WHY]
    query = request.GET.get("q", "").strip()[:80]
    if request.method == "POST":
        try:
            messages.success(request, _act(request, session, own, why))
            return redirect("roundtables:invite", session.pk)
        except invitations.InvitationRefused as refusal:
            messages.error(request, str(refusal))  # and what was typed stays in the form below
    hosts = may_host(session, request.user)
    requests = InvitationRequest.objects.filter(session=session, is_open=True) if hosts else None
    waiting = requests.select_related("profile__function", "profile__industry") if requests is not None else []
    people = invitations.people_to_ask(session, request.user, query)
    return render(
        request,
        "roundtables/invite.html",
        {
            "session": session,
            "query": query,
            "why": why,
            "longest": LONGEST_WHY,
            "people": [(person.pk, shown(person, request.user, brief=True)) for person in people],
            "asking": [
                (one.profile_id, shown(one.profile, request.user, brief=True).name or "A member", one.why)
                for one in waiting
            ],
        },
    )


@login_required
@require_POST
def ask(request: AccountRequest, session_id: int) -> HttpResponse:
    """Ask the hosts of a session whose seats are by invitation for one."""
    session = SessionPage.objects.visible_to(request.user).filter(pk=session_id).first()
    if session is None:
        raise Http404
    try:
        invitations.ask(session, profile_of(request.user), why=request.POST.get("why", "")[:LONGEST_WHY])
        messages.success(request, "Its host has your question. If they invite you, you hear from us.")
    except invitations.InvitationRefused as refusal:
        messages.error(request, str(refusal))
    return redirect(session.get_url(request))


def _act(request: AccountRequest, session: SessionPage, own: MemberProfile, why: str) -> str:
    """What a button did, in words."""
    number = request.POST.get("person", "")
    if not (number.isascii() and number.isdecimal()):
        raise Http404
    if request.POST.get("do") == "set_aside":
        asking = InvitationRequest.objects.filter(session=session, profile=int(number)).first()
        if asking is None:
            raise Http404
        invitations.set_aside(session, own, asking.profile)
        return "Set aside. They are told nothing."
    known = MemberProfile.objects.listed_to(request.user).filter(pk=int(number)).first()
    asks = InvitationRequest.objects.filter(session=session, profile=int(number), is_open=True).first()
    invited = known or (asks.profile if asks and may_host(session, request.user) else None)
    if invited is None:
        raise Http404
    invitations.invite(session, own, invited, why=why)
    return "Invited. Unless they have a seat already, they hear from us, with your name and what you wrote."
