"""What people mean to try after a session, and the topics they would go on with."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hub.accounts.http import AccountRequest
from hub.kernel.errors import HubError
from roundtables import kept
from roundtables.domain import commitments, follow_ups
from roundtables.forms.takeaways import CommitmentForm, FollowUpForm, OutcomeForm
from roundtables.models import Commitment, FollowUp, SessionPage
from roundtables.rules import may_check, may_keep

BIGGEST = 2**63


def _session(request: AccountRequest, session_id: int) -> SessionPage:
    """A session that this person was at; 404 for everybody else."""
    pk = session_id if session_id < BIGGEST else 0
    session = SessionPage.objects.visible_to(request.user).filter(pk=pk).first()
    if session is None or not may_check(session, request.user):
        raise Http404
    return session


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def commit(request: AccountRequest, session_id: int) -> HttpResponse:
    """ "I will try …", after a session I was at."""
    session = _session(request, session_id)
    form = CommitmentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            commitments.commit(
                session, by=request.user, key=said["key"], text=said["text"], due_on=said["due_on"],
                shared=said["is_shared"],
            )  # fmt: skip
            messages.success(request, "Kept. We ask you on that day what came of it.")
            return redirect(session.get_url(request))
        except HubError as refusal:
            form.add_error(None, str(refusal))
    context = {"session": session, "session_url": session.get_url(request), "form": form}
    return render(request, "roundtables/commit.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_safe
def mine(request: AccountRequest) -> HttpResponse:
    """All that I said I would try, with how it went."""
    found = Commitment.objects.filter(profile__user=request.user).select_related("profile")
    rows = kept.commitment_rows(found, request.user)
    return render(request, "roundtables/commitments.html", {"rows": rows})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def commitment(request: AccountRequest, pk: int) -> HttpResponse:
    """One thing I wanted to try: what came of it. Nobody else's page."""
    found = _own(request, pk)
    initial = {"outcome": found.outcome, "words": found.words, "is_shared": found.is_shared}
    form = OutcomeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            commitments.show_to_the_table(found, by=request.user, shared=said["is_shared"])
            commitments.say_what_came_of_it(
                found, by=request.user, outcome=said["outcome"], words=said["words"], due_on=said["due_on"]
            )
            messages.success(request, "Kept. What did not work is worth as much as what did.")
            return redirect("roundtables:commitments")
        except HubError as refusal:
            form.add_error(None, str(refusal))
    session = found.session if found.session.is_visible_to(request.user) else None
    context = {
        "commitment": found,
        "session": session,
        "session_url": session.get_url(request) if session else "",
        "form": form,
    }
    return render(request, "roundtables/commitment.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_POST
def take_back(request: AccountRequest, pk: int) -> HttpResponse:
    """Forget what I wanted to try."""
    commitments.take_back(_own(request, pk), by=request.user)
    messages.success(request, "It is gone, for you and for everybody.")
    return redirect("roundtables:commitments")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def go_on(request: AccountRequest, session_id: int) -> HttpResponse:
    """Propose a topic for a next session to those who run this one."""
    session = _session(request, session_id)
    form = FollowUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            follow_ups.propose(session, by=request.user, key=said["key"], topic=said["topic"], why=said["why"])
            messages.success(request, "Those who run this session have it, without your name. You hear from us.")
            return redirect(session.get_url(request))
        except HubError as refusal:
            form.add_error(None, str(refusal))
    context = {"session": session, "session_url": session.get_url(request), "form": form}
    return render(request, "roundtables/go_on.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_POST
def answer_follow_up(request: AccountRequest, pk: int) -> HttpResponse:
    """Make a draft of a topic, or say that it is not for now."""
    proposal = FollowUp.objects.select_related("session").filter(pk=pk if pk < BIGGEST else 0).first()
    if proposal is None or not may_keep(proposal.session, request.user):
        raise Http404
    try:
        if request.POST.get("do") == "draft":
            page = follow_ups.make_draft(proposal, by=request.user)
            messages.success(request, "Here is the draft, on the terms of the last one. Give it a day.")
            return redirect(reverse("wagtailadmin_pages:edit", args=[page.pk]))
        follow_ups.decline(proposal, by=request.user)
        messages.success(request, "Whoever proposed it is told that it is not for now.")
    except HubError as refusal:
        messages.error(request, str(refusal))
    return redirect("roundtables:takeaway_desk", proposal.session_id)


def _own(request: AccountRequest, pk: int) -> Commitment:
    mine = Commitment.objects.select_related("session").filter(profile__user=request.user)
    found = mine.filter(pk=pk if pk < BIGGEST else 0).first()
    if found is None:
        raise Http404
    return found
