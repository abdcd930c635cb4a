"""Answering applications."""

from __future__ import annotations

from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from hub.accounts.domain import applications
from hub.accounts.models import Application, User
from hub.kernel.errors import HubError
from hub.members.domain import membership

LONGEST_NOTE = 2000


def _application(request: HttpRequest, pk: int) -> Application:
    if not request.user.has_perm("accounts.change_application"):
        raise PermissionDenied
    return get_object_or_404(Application, pk=pk)


@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the applicant a member."""
    application = _application(request, pk)
    try:
        membership.accept_application(application, by=cast(User, request.user))
    except HubError as error:
        messages.error(request, str(error))
        return redirect("accounts_application_modeladmin_inspect", pk)
    messages.success(request, f"{application.name} is a member now. A welcome with the link to log in is on its way.")
    return redirect("accounts_application_modeladmin_index")


@require_POST
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    """Say no, with a note that only staff read."""
    application = _application(request, pk)
    try:
        applications.decline(
            application, by=cast(User, request.user), note=request.POST.get("note", "").strip()[:LONGEST_NOTE]
        )
    except HubError as error:
        messages.error(request, str(error))
        return redirect("accounts_application_modeladmin_inspect", pk)
    messages.success(request, f"The application is declined, and {application.name} is told.")
    return redirect("accounts_application_modeladmin_index")
