"""Applying for membership."""

from __future__ import annotations

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from hub.accounts.domain import applications
from hub.accounts.forms import ApplicationForm


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest) -> HttpResponse:
    """The application form. The answer is the same whether the address is known or not."""
    if request.user.is_authenticated:
        return redirect("/my-hub/")
    form = ApplicationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if form.is_from_a_machine:
            return redirect("accounts:thanks")
        values = {name: form.cleaned_data[name] for name in ApplicationForm.Meta.fields}
        # By mail address as well, so that nobody's mailbox can be filled by applying in their name.
        if not ratelimit.consume(request, action="apply", key=values["email"].lower()):
            return ratelimit.respond_429(request)
        applications.apply(**values)
        return redirect("accounts:thanks")
    return render(request, "accounts/apply.html", {"form": form})


@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    """What happens next, for everybody who applied."""
    return render(request, "accounts/thanks.html")
