"""Saying whether a page is still true, and reading it as it was before a correction."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from hub.accounts.http import AccountRequest
from hub.accounts.rules import role_of
from hub.editorial.domain import upkeep
from hub.editorial.domain.keepers import asked, may_keep
from hub.editorial.models import Correction, KnowledgePage, UpkeepTask
from hub.kernel.errors import HubError
from hub.kernel.freshness import freshness
from hub.pages.models import BasePage


class AnswerForm(forms.Form):
    """The three answers, and what belongs to two of them."""

    STILL_TRUE, NEEDS_EDIT, OBSOLETE = "still_true", "needs_edit", "obsolete"

    answer = forms.ChoiceField(choices=[(name, name) for name in (STILL_TRUE, NEEDS_EDIT, OBSOLETE)])
    remark = forms.CharField(
        label="What has to be changed?", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One or two sentences. Those who write the page read them.",
    )  # fmt: skip
    instead = forms.CharField(
        label="Where to read what holds now", required=False, max_length=500,
        help_text="The address of another page of the hub, if there is one.",
    )  # fmt: skip

    def __init__(self, *args: Any, viewer: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer = viewer

    def clean_remark(self) -> str:
        remark = str(self.cleaned_data["remark"]).strip()
        if self.data.get("answer") == self.NEEDS_EDIT and not remark:
            raise forms.ValidationError("Say in a sentence what has to be changed, so that somebody else can do it.")
        return remark

    def clean_instead(self) -> BasePage | None:
        """The page at the address that was typed, if the person may read it."""
        typed = str(self.cleaned_data["instead"]).strip()
        if not typed or self.data.get("answer") != self.OBSOLETE:
            return None
        path = "/" + typed.partition("://")[2].partition("/")[2] if "://" in typed else typed
        wanted = f"/{path.partition('?')[0].partition('#')[0].strip('/')}/"
        for page in BasePage.objects.visible_to(self.viewer).filter(url_path__endswith=wanted)[:5]:
            if (page.get_url() or "").endswith(wanted):
                return page
        raise forms.ValidationError(
            "No page of the hub has this address. Copy it from the other page, or leave it empty."
        )


@login_required
@never_cache
@require_safe
def mine(request: AccountRequest) -> HttpResponse:
    """The pages this person is asked about."""
    return render(request, "editorial/upkeep_mine.html", {"tasks": asked(request.user)})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def keep(request: AccountRequest, pk: int) -> HttpResponse:
    """Still true, needs an edit, obsolete: one click for the first."""
    page = get_object_or_404(BasePage, pk=pk).specific
    if not isinstance(page, KnowledgePage) or not page.live or not may_keep(request.user, page):
        raise Http404
    form = AnswerForm(request.POST or None, viewer=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, _answer(page, form.cleaned_data, request.user))
            return redirect(page.get_url(request) or "upkeep:mine")
        except HubError as error:
            form.add_error(None, str(error))
    task = UpkeepTask.objects.open().filter(page_id=page.pk).first()
    mark = freshness(page.verified_on, page.verify_by, today=timezone.localdate(), obsolete_since=page.obsolete_since)
    values = {"page": page, "form": form, "task": task, "mark": mark, "edits": _edits(page, request.user)}
    return render(request, "editorial/upkeep_keep.html", values)


@never_cache
@require_safe
def earlier(request: HttpRequest, pk: int) -> HttpResponse:
    """The words of a page as they were before a correction, for those who could read them then and may now."""
    correction = get_object_or_404(Correction.objects.select_related("page"), pk=pk)
    if correction.audience > role_of(request.user) or not correction.page.is_visible_to(request.user):
        raise Http404
    return render(request, "editorial/earlier.html", {"correction": correction, "page": correction.page})


def _answer(page: Any, said: dict[str, Any], user: Any) -> str:
    if said["answer"] == AnswerForm.STILL_TRUE:
        upkeep.still_true(page, by=user)
        return "Thank you. The page says so, with today’s date."
    if said["answer"] == AnswerForm.NEEDS_EDIT:
        upkeep.needs_edit(page, by=user, remark=said["remark"])
        return "Thank you. Whoever looks after the page is asked to change it."
    upkeep.obsolete(page, by=user, replaced_by=said["instead"])
    return "The page says now that it does not hold any more. It stays where it is, and you can take this back."


def _edits(page: Any, user: Any) -> bool:
    return bool(page.permissions_for_user(user).can_change_text())
