"""Suggesting an edit of somebody else's practice, and answering one."""

from __future__ import annotations

import uuid

from allauth.core import ratelimit
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from hub.accounts.http import AccountRequest
from hub.editorial.domain.people import name_for
from hub.editorial.registry import writing_place
from hub.kernel.errors import HubError
from hub.practices import rules
from hub.practices.domain import answers, suggestions
from hub.practices.enums import SuggestionState
from hub.practices.forms import SuggestionForm
from hub.practices.models import EditSuggestion, PracticePage
from hub.practices.views.proposing import for_members


def readable(request: AccountRequest, page_id: int) -> PracticePage:
    """The published practice; 404 for those who may not read it."""
    visible = PracticePage.objects.visible_to(request.user)
    return get_object_or_404(visible, pk=page_id if page_id < 2**63 else None)


@for_members
@require_http_methods(["GET", "HEAD", "POST"])
def suggest(request: AccountRequest, page_id: int) -> HttpResponse:
    """The published text in a form. Who writes the practice anyway is led to where they write it."""
    page = readable(request, page_id)
    if rules.may_write(page, request.user):
        return redirect(writing_place(page, request.user))
    before = suggestions.open_edit(page, request.user)
    said = {name: text for name, text in answers.read(page).items() if name in answers.TEXTS}
    if request.method != "POST":
        initial = {
            **said,
            **(before.texts if before else {}),
            "note": before.note if before else "",
            "key": uuid.uuid4(),
        }
        return _page(request, SuggestionForm(initial=initial), page, before)
    form = SuggestionForm(request.POST)
    if not form.is_valid():
        return _page(request, form, page, before, status=422)
    if not ratelimit.consume(request, action="suggest_edit", user=request.user):
        return ratelimit.respond_429(request)
    try:
        edit = suggestions.suggest(
            page, user=request.user, key=form.cleaned_data["key"], typed=form.typed(), note=form.cleaned_data["note"]
        )
    except HubError as refusal:
        messages.error(request, str(refusal))
        return _page(request, form, page, before, status=409)
    messages.success(request, "Thank you. Those who wrote it read your edit and answer you; the page stays as it is.")
    return redirect(edit)


@for_members
@require_http_methods(["GET", "HEAD", "POST"])
def suggestion(request: AccountRequest, pk: int) -> HttpResponse:
    """An edit as a difference: for whoever suggested it, and for those who decide."""
    edit = get_object_or_404(EditSuggestion.objects.select_related("practice", "proposed_by"), pk=pk)
    is_mine = edit.proposed_by_id == request.user.pk and edit.practice.is_visible_to(request.user)
    decides = rules.may_decide(edit.practice, request.user) and edit.proposed_by_id != request.user.pk
    if not (is_mine or decides):
        raise Http404
    if request.method == "POST" and decides:
        return _answered(request, edit)
    parts = suggestions.parts_of(edit, for_writer=decides)
    context = {
        "edit": edit,
        "parts": parts,
        "has_moved": any(part.has_moved for part in parts),
        "proposed_by": "You" if is_mine else name_for(edit.proposed_by, request.user),
        "decided_by": name_for(edit.decided_by, request.user) if edit.decided_by else "",
        "is_mine": is_mine,
        "may_answer": decides and edit.state == SuggestionState.OPEN,
        "place": writing_place(edit.practice, request.user) if decides else "",
    }
    return render(request, "practices/suggestion.html", context)


@for_members
@require_POST
def withdraw(request: AccountRequest, pk: int) -> HttpResponse:
    """Take one's own edit back."""
    edit = get_object_or_404(EditSuggestion, pk=pk, proposed_by=request.user)
    try:
        suggestions.withdraw(edit, by=request.user)
        messages.success(request, "You took your edit back.")
    except HubError as refusal:
        messages.error(request, str(refusal))
    return redirect("my_hub")


def _answered(request: AccountRequest, edit: EditSuggestion) -> HttpResponse:
    answer = request.POST.get("answer", "")[:1000]
    try:
        if request.POST.get("do") == "decline":
            suggestions.decline(edit, by=request.user, answer=answer)
            messages.success(request, "Declined with thanks. Whoever suggested it reads your answer.")
        else:
            suggestions.take_over(
                edit,
                by=request.user,
                names=request.POST.getlist("part"),
                is_named=request.POST.get("named") == "on",
                answer=answer,
            )
            messages.success(request, "It is in your draft now. Read it once more, and hand it in for review.")
            return redirect(writing_place(edit.practice, request.user))
    except HubError as refusal:
        messages.error(request, str(refusal))
    return redirect(edit)


def _page(
    request: AccountRequest, form: SuggestionForm, page: PracticePage, before: EditSuggestion | None, status: int = 200
) -> HttpResponse:
    context = {"form": form, "practice": page, "practice_url": page.get_url(request), "before": before}
    return render(request, "practices/suggest.html", context, status=status)
