"""Who tried a practice and how it went, and saying so oneself."""

from __future__ import annotations

from allauth.core import ratelimit
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from hub.accounts.http import AccountRequest
from hub.members.domain.profiles import profile_of
from hub.practices import rules
from hub.practices.domain import use_records
from hub.practices.forms import UseRecordForm
from hub.practices.models import PracticePage
from hub.practices.views.proposing import for_members


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tried(request: HttpRequest, page_id: int) -> HttpResponse:
    """What came of a practice in other places, for everybody who may read it; members add their own."""
    page = PracticePage.objects.visible_to(request.user).filter(pk=page_id if page_id < 2**63 else None).first()
    if page is None:
        raise Http404
    known = use_records.tried(page, request.user)
    form = None
    if rules.may_contribute(page, request.user):
        profile = profile_of(request.user)  # type: ignore[arg-type]
        own = {"function": profile.function_id, "industry": profile.industry_id}
        form = UseRecordForm(request.POST or None, instance=known.mine, initial={} if known.mine else own)
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if form.is_valid():
            if not ratelimit.consume(request, action="use_record", user=request.user):
                return ratelimit.respond_429(request)
            use_records.record(page, user=request.user, **form.cleaned_data)  # type: ignore[arg-type]
            messages.success(request, "Thank you. What you tried makes it stronger for everybody.")
            return redirect("practices:tried", page.pk)
    context = {"practice": page, "practice_url": page.get_url(request), "known": known, "form": form}
    return render(request, "practices/tried.html", context, status=422 if form is not None and form.errors else 200)


@for_members
@require_POST
def forget(request: AccountRequest, page_id: int) -> HttpResponse:
    """Take one's own record back, also of a practice one may not read any more."""
    page = PracticePage.objects.filter(pk=page_id if page_id < 2**63 else None).first()
    if page is not None:
        use_records.take_back(page, user=request.user)
    messages.success(request, "What you said about it is forgotten.")
    return redirect("practices:tried", page_id) if page and page.is_visible_to(request.user) else redirect("my_hub")
