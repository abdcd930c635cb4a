"""The milestones of a page: texts of it that were given a name."""

from __future__ import annotations

from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from hub.accounts.models import User
from hub.editorial.domain.people import name_for
from hub.editorial.domain.texts import MilestoneError, name_text
from hub.pages.models import BasePage


@require_http_methods(["GET", "POST"])
def page_milestones(request: HttpRequest, page_id: int) -> HttpResponse:
    """Read the milestones of a page, and name its newest text. For everybody who may open the page in the editor."""
    page, user = get_object_or_404(BasePage, pk=page_id).specific, cast(User, request.user)
    permissions = page.permissions_for_user(user)
    if not permissions.can_edit():
        raise PermissionDenied
    name, error = request.POST.get("name", ""), ""
    if request.method == "POST":
        try:
            milestone = name_text(page, name=name, by=user)
        except MilestoneError as refused:
            error = str(refused)
        else:
            messages.success(request, f"The text as it is now is called “{milestone}”, and stays as it is.")
            return redirect("page_milestones", page.pk)
    rows = [
        {"milestone": milestone, "by": name_for(milestone.named_by, user), "at": milestone.revision.created_at}
        for milestone in page.milestones.select_related("revision", "named_by").defer("revision__content")
    ]
    values = {
        "page": page,
        "rows": rows,
        "name": name,
        "error": error,
        "may_write": permissions.can_change_text(),
        "page_title": "Milestones",
        "page_subtitle": page.get_admin_display_title(),
        "header_icon": "history",
    }
    return render(request, "editorial/page_milestones.html", values, status=422 if error else 200)
