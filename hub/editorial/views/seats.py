"""People on this page: who works on it, who was asked, what people outside said, and asking somebody."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from wagtail.admin import messages

from hub.accounts.enums import Role
from hub.accounts.http import AccountRequest
from hub.accounts.models import User
from hub.accounts.rules import role_of
from hub.editorial.domain import external, leading, seats
from hub.editorial.domain.people import name_for
from hub.editorial.forms import AskForm, LeaderForm, UntilForm
from hub.editorial.forms.seats import end_of
from hub.kernel.errors import HubError
from hub.pages.enums import PageSeatRole
from hub.pages.models import BasePage


def people_on_page(request: AccountRequest, page_id: int) -> HttpResponse:
    """The list, and for those who decide about seats the box to ask somebody."""
    page = get_object_or_404(BasePage.objects.select_related("latest_revision", "owner"), pk=page_id)
    permissions = page.permissions_for_user(request.user)
    if not (permissions.can_edit() or permissions.can_manage_seats()):
        raise PermissionDenied
    if request.method != "POST":
        return _shown(request, page, AskForm(page=page, asker=request.user))
    try:
        for name, act in ACTIONS.items():
            if name in request.POST:
                return act(request, page)
    except HubError as error:
        messages.error(request, str(error))
        return redirect("page_people", page.pk)
    return _ask(request, page)


def _appoint(request: AccountRequest, page: BasePage) -> HttpResponse:
    form = LeaderForm(request.POST)
    if not form.is_valid():
        return _shown(request, page, AskForm(page=page, asker=request.user), form)
    leading.appoint(page, form.user, by=request.user)
    messages.success(request, f"{name_for(form.user, request.user)} leads what lies below this page, and was told.")
    return redirect("page_people", page.pk)


def _ask(request: AccountRequest, page: BasePage) -> HttpResponse:
    form = AskForm(request.POST, page=page, asker=request.user)
    if form.is_valid() and form.is_sending:
        try:
            messages.success(request, form.send())
        except HubError as error:
            form.add_error(None, str(error))
        else:
            return redirect("page_people", page.pk)
    return _shown(request, page, form)


def _end(request: AccountRequest, page: BasePage) -> HttpResponse:
    seat = get_object_or_404(page.page_seats, pk=request.POST["end"])
    own = seat.user_id == request.user.pk
    seats.end(seat, by=request.user)
    messages.success(request, "The seat has ended. It counts at once.")
    return redirect("wagtailadmin_home") if own else redirect("page_people", page.pk)


def _set_end(request: AccountRequest, page: BasePage) -> HttpResponse:
    seat = get_object_or_404(page.page_seats, pk=request.POST["date"])
    form = UntilForm(request.POST)
    if not form.is_valid():
        raise seats.SeatError("That is no date. Choose one from the calendar, or leave it empty.")
    seats.set_end(seat, end_of(form.cleaned_data["until"]), by=request.user)
    messages.success(request, "It is noted when the seat ends." if seat.expires_at else "The seat has no end any more.")
    return redirect("page_people", page.pk)


def _hand_over(request: AccountRequest, page: BasePage) -> HttpResponse:
    seat = get_object_or_404(page.page_seats.select_related("user"), pk=request.POST["hand_over"])
    seats.hand_over(seat, by=request.user)
    messages.success(request, f"{name_for(seat.user, request.user)} is responsible for the page now, and was told.")
    return redirect("page_people", page.pk)


def _withdraw(request: AccountRequest, page: BasePage) -> HttpResponse:
    seats.withdraw(get_object_or_404(page.page_invitations.open(), pk=request.POST["withdraw"]), by=request.user)
    messages.success(request, "The invitation is withdrawn; its link opens nothing any more.")
    return redirect("page_people", page.pk)


def _revoke(request: AccountRequest, page: BasePage) -> HttpResponse:
    external.revoke(get_object_or_404(page.external_reviews, pk=request.POST["revoke"]), by=request.user)
    messages.success(request, "The link opens nothing any more.")
    return redirect("page_people", page.pk)


def _send_newest(request: AccountRequest, page: BasePage) -> HttpResponse:
    review = external.send_newest(get_object_or_404(page.external_reviews, pk=request.POST["renew"]), by=request.user)
    messages.success(request, f"{review.name} gets a link to the text as it is now; the old one has ended.")
    return redirect("page_people", page.pk)


def _dismiss(request: AccountRequest, page: BasePage) -> HttpResponse:
    leading.dismiss(page, get_object_or_404(User, pk=request.POST["dismiss"]), by=request.user)
    messages.success(request, "They lead this section no more. Seats they hold on pages in it are not touched.")
    return redirect("page_people", page.pk)


ACTIONS = {
    "appoint": _appoint,
    "dismiss": _dismiss,
    "end": _end,
    "date": _set_end,
    "hand_over": _hand_over,
    "withdraw": _withdraw,
    "revoke": _revoke,
    "renew": _send_newest,
}


def _shown(
    request: AccountRequest, page: BasePage, form: AskForm, leader_form: LeaderForm | None = None
) -> HttpResponse:
    permissions = page.permissions_for_user(request.user)
    may_manage = permissions.can_manage_seats()
    may_hand_over = may_manage or (page.owner_id == request.user.pk and permissions.can_change_text())
    context = {
        "page": page,
        "page_title": "People on this page",
        "page_subtitle": page.draft_title or page.title,
        "header_icon": "group",
        "form": form,
        "may_manage": may_manage,
        "may_hand_over": may_hand_over,
        "responsible": name_for(page.owner, request.user) if page.owner else "",
        "seats": [_seat(seat, page, request) for seat in page.page_seats.select_related("user")],
        "invitations": _invitations(page, request) if may_manage else [],
        "external_reviews": _external(page),
        "is_section": leading.is_section(page),
        "leaders": [{"pk": user.pk, "name": name_for(user, request.user)} for user in leading.leaders_of(page)],
        "leader_form": (leader_form or LeaderForm()) if role_of(request.user) >= Role.STAFF else None,
    }
    return TemplateResponse(request, "editorial/page_people.html", context)


def _seat(seat: Any, page: BasePage, request: AccountRequest) -> dict[str, Any]:
    return {
        "pk": seat.pk,
        "name": name_for(seat.user, request.user),
        "role": seat.get_role_display(),
        "may_invite": seat.may_invite,
        "until": seat.expires_at,
        "is_me": seat.user_id == request.user.pk,
        "is_responsible": seat.user_id == page.owner_id,
        "may_be_responsible": seat.role == PageSeatRole.CO_AUTHOR and seat.user_id != page.owner_id,
    }


def _invitations(page: BasePage, request: AccountRequest) -> list[dict[str, Any]]:
    return [
        {
            "pk": invitation.pk,
            "name": name_for(invitation.invitee, request.user) if invitation.invitee else invitation.email,
            "role": invitation.get_role_display(),
            "until": invitation.expires_at,
        }
        for invitation in page.page_invitations.open().select_related("invitee")
    ]


def _external(page: BasePage) -> list[dict[str, Any]]:
    """Who was asked from outside, and what they said. Their addresses are for nobody to read here."""
    return [
        {
            "pk": review.pk,
            "name": review.name,
            "is_open": review.is_open,
            "until": review.expires_at,
            "may_approve": review.may_approve,
            "opened_at": review.opened_at,
            "text_of": review.revision.created_at,
            "is_newest": review.revision_id == page.latest_revision_id,
            "votes": review.votes.all(),
            "remarks": review.remarks.all(),
        }
        for review in page.external_reviews.select_related("revision").prefetch_related("votes", "remarks")
    ]
