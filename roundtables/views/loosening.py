"""A question to those who were there: may what was said be told?"""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hub.accounts.http import AccountRequest
from roundtables.domain import loosening as domain
from roundtables.enums import AttributionMode, LooseningState
from roundtables.models import LooseningAnswer


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: AccountRequest, pk: int) -> HttpResponse:
    """Yes or no, for those who were asked and may still read the page; not found for everybody else."""
    mine = (
        LooseningAnswer.objects.filter(loosening=pk, profile__user=request.user)
        .select_related("loosening__session", "profile")
        .first()
    )
    if mine is None or not mine.loosening.session.is_visible_to(request.user):
        raise Http404
    session = mine.loosening.session
    if request.method == "POST" and request.POST.get("answer") in ("yes", "no"):
        agrees = request.POST["answer"] == "yes"
        try:
            domain.answer(mine.loosening, mine.profile, agrees=agrees)
        except domain.LooseningRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, YES if agrees else NO)
        return redirect(session.get_url(request))
    values = {
        "session": session,
        "session_url": session.get_url(request),
        "loosening": mine.loosening,
        "is_open": mine.loosening.state == LooseningState.ASKED,
        "agreed": mine.agrees,
        "now": AttributionMode(session.attribution_mode).label,
        "wanted": AttributionMode(mine.loosening.mode).label,
    }
    return render(request, "roundtables/loosening.html", values)


YES = "Thank you. If everybody agrees, the new rule holds, and you hear of it."
NO = "Thank you. The rule stays as it is, and nobody learns whose answer that was."
