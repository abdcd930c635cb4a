"""Proposing a practice: one form that works plainly, and saves by itself where scripts run."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from hub.accounts.http import AccountRequest
from hub.kernel.errors import HubError
from hub.members.domain.profiles import profile_of
from hub.practices import rules
from hub.practices.domain import answers, attachments, proposals
from hub.practices.domain.proposals import NotComplete, ProposalRefused, Saved
from hub.practices.enums import ProposalState
from hub.practices.form_showing import proposal_frame, similar_rows
from hub.practices.forms import ProposalForm
from hub.practices.models import PracticePage
from hub.practices.standing import state_of

View = Callable[..., HttpResponse]
MISSING = {
    "functions": "Tick at least one: readers look for people who do what they do.",
    "industries": "Tick at least one: readers look for their own field, and for others.",
}


def for_members(view: View) -> View:
    """For members and up; visitors log in first."""

    @login_required
    @never_cache
    @wraps(view)
    def guarded(request: AccountRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not rules.may_propose(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def _writable(request: AccountRequest, pk: int) -> PracticePage:
    """The newest draft, for those whose it is; 404 for everybody else, whatever they may do in the editor."""
    stored = PracticePage.objects.filter(pk=pk).first() if pk < 2**63 else None
    if stored is None or not rules.may_write(stored, request.user):
        raise Http404
    return stored.get_latest_revision_as_object()  # type: ignore[no-any-return]


@for_members
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: AccountRequest) -> HttpResponse:
    """A practice that is not there yet. The first save makes it."""
    if request.method == "POST":
        return _posted(request, None)
    profile = profile_of(request.user)
    initial = {
        "functions": str(profile.function_id or ""),
        "industries": str(profile.industry_id or ""),
        "key": uuid.uuid4(),
        "base": "{}",
    }
    return _page(request, ProposalForm(initial=initial), None)


@for_members
@require_http_methods(["GET", "HEAD", "POST"])
def proposal(request: AccountRequest, pk: int) -> HttpResponse:
    """A draft of one's own, as it lies there now, whoever changed it last and by whichever door."""
    page = _writable(request, pk)
    if request.method == "POST":
        return _posted(request, page)
    said = answers.read(page)
    initial = {**said, "audience": page.audience, "base": answers.version(said)}
    return _page(request, ProposalForm(initial=initial), page)


@for_members
@require_POST
def similar(request: AccountRequest) -> HttpResponse:
    """What is close to what is being typed. Asked for by the form's script; nothing is kept."""
    if not ratelimit.consume(request, action="propose_similar", user=request.user):
        return HttpResponse(status=429)
    number = request.POST.get("page", "")
    typed = {name: request.POST.get(name, "")[:4000] for name in ("title", "gist", "problem", "what_we_did")}
    rows = similar_rows(typed, request.user, without=int(number) if number.isdecimal() and len(number) < 16 else None)
    return render(request, "practices/propose_similar.html", {"rows": rows})


@for_members
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: AccountRequest, pk: int) -> HttpResponse:
    """Take it back from review, after a question."""
    page = _writable(request, pk)
    if request.method != "POST":
        return render(request, "practices/propose_withdraw.html", {"proposal": page})
    try:
        proposals.withdraw(page.pk, user=request.user)
        messages.success(request, "You took it back. It stays here as your draft, and you can hand it in again.")
    except HubError as refusal:
        messages.error(request, str(refusal))
    return redirect("practices:proposal", page.pk)


@for_members
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: AccountRequest, pk: int) -> HttpResponse:
    """Delete a draft that was never published, after a question."""
    page = _writable(request, pk)
    if request.method != "POST":
        return render(request, "practices/propose_discard.html", {"proposal": page})
    try:
        proposals.discard(page.pk, user=request.user)
    except HubError as refusal:
        messages.error(request, str(refusal))
        return redirect("practices:proposal", page.pk)
    messages.success(request, "The draft is deleted.")
    return redirect("my_hub")


# --- what was posted -------------------------------------------------------------------------------


def _posted(request: AccountRequest, page: PracticePage | None) -> HttpResponse:
    form = ProposalForm(request.POST, request.FILES)
    wants_json = request.headers.get("X-Requested-With") == "fetch"
    if not ratelimit.consume(request, action="propose_save" if page else "propose", user=request.user):
        return JsonResponse({"state": "later"}, status=429) if wants_json else ratelimit.respond_429(request)
    if not form.is_valid():
        if wants_json:
            return JsonResponse({"state": "wrong", "errors": form.errors}, status=422)
        return _page(request, form, page, status=422)
    try:
        saved = _save(request, form, page, by_itself=wants_json)
    except HubError as refusal:
        if wants_json:
            return JsonResponse({"state": "refused", "message": str(refusal)}, status=409)
        messages.error(request, str(refusal))
        return _page(request, form, page, status=409)
    if page is not None and "answer" in request.POST:
        proposals.answer(page.pk, user=request.user, text=form.cleaned_data["answer"])
    if wants_json:
        return _told(saved, page is None)
    if saved.conflicts:
        return _both_shown(request, form, saved)
    return _acted(request, form, saved)


def _save(request: AccountRequest, form: ProposalForm, page: PracticePage | None, *, by_itself: bool) -> Saved:
    values = form.cleaned_data
    if page is None:
        return proposals.begin(
            user=request.user, key=values["key"] or uuid.uuid4(), typed=form.typed(), audience=values["audience"]
        )
    return proposals.save(
        page.pk, user=request.user, typed=form.typed(), base=_marks(values["base"]), audience=values["audience"],
        by_itself=by_itself,
    )  # fmt: skip


def _marks(sent: str) -> dict[str, str]:
    try:
        marks = json.loads(sent or "{}")
    except ValueError:
        return {}
    return {str(name): str(mark) for name, mark in marks.items()} if isinstance(marks, dict) else {}


def _told(saved: Saved, is_new: bool) -> JsonResponse:
    """What the form's script has to know after a save: what others wrote, and what both did."""
    marks = json.loads(answers.version({**saved.said, **saved.others}))
    return JsonResponse(
        {
            "state": "conflict" if saved.conflicts else "saved",
            "at": f"{timezone.localtime():%H:%M}",
            "url": reverse("practices:proposal", args=[saved.page.pk]),
            "is_new": is_new,
            "marks": {name: mark for name, mark in marks.items() if name not in saved.conflicts},
            "others": saved.others,
            "conflicts": {
                name: {"theirs": text, "mark": answers.mark(text), "label": answers.LABELS[name]}
                for name, text in saved.conflicts.items()
            },
        },
        status=409 if saved.conflicts else 200,
    )


def _both_shown(request: AccountRequest, form: ProposalForm, saved: Saved) -> HttpResponse:
    """The form once more, with what was typed and, beside it, what somebody else made of the same answers."""
    data: Any = form.data.copy()  # type: ignore[attr-defined]
    data["base"] = answers.version({**saved.said, **saved.others})
    for name, text in saved.others.items():
        data.setlist(name, text.split()) if name in answers.TERMS else data.update({name: ""})
        if name not in answers.TERMS:
            data[name] = text
    again = ProposalForm(data)
    again.is_valid()
    return _page(request, again, saved.page, conflicts=saved.conflicts, status=409)


def _acted(request: AccountRequest, form: ProposalForm, saved: Saved) -> HttpResponse:
    """The button that was pressed, once everything typed is safe."""
    do, page = request.POST.get("do", "save"), saved.page
    try:
        if upload := form.cleaned_data["file"]:
            if not ratelimit.consume(request, action="propose_file", user=request.user):
                return ratelimit.respond_429(request)
            attachments.attach(page.pk, user=request.user, upload=upload)
            messages.success(request, f"“{upload.name}” is part of your draft.")
        if do.startswith("remove:"):
            attachments.remove(page.pk, user=request.user, block_id=do.removeprefix("remove:"))
            messages.success(request, "The file is taken off.")
        if do == "submit":
            proposals.submit(page.pk, user=request.user)
            messages.success(request, "Handed in. You hear from us as soon as somebody has read it.")
            return redirect("my_hub")
    except NotComplete as incomplete:
        messages.warning(request, str(incomplete))
        return _incomplete(request, saved, incomplete.missing)
    except HubError as refusal:
        messages.error(request, str(refusal))
        return redirect("practices:proposal", page.pk)
    if do == "save" and not form.cleaned_data["file"]:
        waits = state_of(page) == ProposalState.WAITING
        then = "Whoever reviews it reads the newest text." if waits else "Nobody sees it until you hand it in."
        messages.success(request, f"Saved. {then}")
    return redirect("practices:proposal", page.pk)


def _incomplete(request: AccountRequest, saved: Saved, missing: list[str]) -> HttpResponse:
    data: dict[str, Any] = {**saved.said, "base": answers.version(saved.said), "audience": saved.page.audience}
    data |= {name: saved.said[name].split() for name in answers.TERMS}
    data["answer"] = request.POST.get("answer", "")
    form = ProposalForm(data)
    form.is_valid()
    for name in missing:
        form.add_error(name, MISSING.get(name, "Readers need this answer. A sentence or two are enough."))
    return _page(request, form, saved.page, status=422)


def _page(
    request: AccountRequest, form: ProposalForm, page: PracticePage | None, *, status: int = 200,
    conflicts: dict[str, str] | None = None,
) -> HttpResponse:  # fmt: skip
    frame = proposal_frame(form, page, request.user, conflicts or {})
    return HttpResponse(render_to_string("practices/propose.html", frame, request), status=status)


__all__ = ["ProposalRefused", "discard", "proposal", "propose", "similar", "withdraw"]
