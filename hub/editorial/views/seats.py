"""People on this page: who holds a seat, who was asked, and asking somebody."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from wagtail.admin import messages

from hub.accounts.http import AccountRequest
from hub.editorial.domain import seats
from hub.editorial.domain.people import name_for
from hub.editorial.forms import InviteForm
from hub.pages.enums import PageSeatRole
from hub.pages.models import BasePage


def people_on_page(request: AccountRequest, page_id: int) -> HttpResponse:
    """The list, and for those who decide about seats the form to ask somebody."""
    page = get_object_or_404(BasePage, pk=page_id)
    permissions = page.permissions_for_user(request.user)
    if not (permissions.can_edit() or permissions.can_manage_seats()):
        raise PermissionDenied
    form = InviteForm()
    if request.method == "POST":
        try:
            answer, form = _act(request, page)
            if answer is not None:
                return answer
        except seats.SeatError as error:
            messages.error(request, str(error))
            return redirect("page_people", page.pk)
    return TemplateResponse(request, "editorial/page_people.html", _context(request, page, form))


def _act(request: AccountRequest, page: BasePage) -> tuple[HttpResponse | None, InviteForm]:
    form = InviteForm()
    if "end" in request.POST:
        seat = get_object_or_404(page.page_seats, pk=request.POST["end"])
        own = seat.user_id == request.user.pk
        seats.end(seat, by=request.user)
        messages.success(request, "The seat has ended. It counts at once.")
        return redirect("wagtailadmin_home" if own else "page_people", *([] if own else [page.pk])), form
    if "withdraw" in request.POST:
        seats.withdraw(get_object_or_404(page.page_invitations.open(), pk=request.POST["withdraw"]), by=request.user)
        messages.success(request, "The invitation is withdrawn; its link opens nothing any more.")
        return redirect("page_people", page.pk), form
    form = InviteForm(request.POST)
    if not form.is_valid():
        return None, form
    seats.invite(
        page=page,
        email=form.email,
        by_name=form.by_name,
        role=PageSeatRole(form.cleaned_data["role"]),
        may_invite=form.cleaned_data["may_invite"],
        invited_by=request.user,
    )
    messages.success(request, f"{form.cleaned_data['who']} was asked. The link in the mail opens this page.")
    return redirect("page_people", page.pk), form


def _context(request: AccountRequest, page: BasePage, form: InviteForm) -> dict[str, Any]:
    may_manage = page.permissions_for_user(request.user).can_manage_seats()
    invitations = page.page_invitations.open().select_related("invitee") if may_manage else []
    return {
        "page": page,
        "page_title": "People on this page",
        "page_subtitle": page.draft_title or page.title,
        "header_icon": "group",
        "form": form,
        "may_manage": may_manage,
        "seats": [
            {
                "pk": seat.pk,
                "name": name_for(seat.user, request.user),
                "role": seat.get_role_display(),
                "may_invite": seat.may_invite,
                "is_me": seat.user_id == request.user.pk,
            }
            for seat in page.page_seats.select_related("user")
        ],
        "invitations": [
            {
                "pk": invitation.pk,
                "name": name_for(invitation.invitee, request.user) if invitation.invitee else invitation.email,
                "role": invitation.get_role_display(),
                "until": invitation.expires_at,
            }
            for invitation in invitations
        ],
    }
