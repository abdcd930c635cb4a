"""The desk of mail that did not arrive. It says whom and why, never what: that is between the hub and its reader."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import display
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from hub.kernel.modeladmin import CountingMenuItem, HubModelAdmin, InspectButtons, ReadOnlyPermissions
from hub.notifications.domain import deliveries
from hub.notifications.models import Delivery


class MailButtons(InspectButtons):
    """“Look at it”."""

    label = "Look at it"
    title = "What the mail server said, and sending it again"


class LostMenuItem(CountingMenuItem):
    """How many mails of the last days were lost."""

    def count(self) -> int:
        return int(deliveries.lost().count())


class MailDesk(HubModelAdmin):
    """Mail that was given up, or is being tried again."""

    model = Delivery
    menu_label = "Mail not delivered"
    menu_icon = "mail"
    add_to_settings_menu = True
    list_display = ("reader", "what", "state", "reason", "tries", "created_at")
    list_select_related = ("user__profile",)
    search_fields = ("user__email", "reason")
    ordering = ("-created_at",)
    inspect_view_enabled = True
    inspect_view_fields = ("user", "what", "state", "reason", "tries", "cut_off", "created_at", "claimed_at", "due_at")
    inspect_template_name = "notifications/desk/mail.html"
    permission_helper_class = ReadOnlyPermissions
    button_helper_class = MailButtons
    menu_item_class = LostMenuItem

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return deliveries.in_trouble().prefetch_related("news").order_by(*self.ordering)

    @display(description="To", ordering="user__email")
    def reader(self, delivery: Delivery) -> str:
        return delivery.user.email

    def get_admin_urls_for_registration(self) -> Any:
        again = path("notifications/delivery/<int:pk>/again/", send_again, name="notifications_delivery_again")
        return (*super().get_admin_urls_for_registration(), again)

    def register_indexing(self) -> None:
        """Mail uses no pages, pictures or documents."""


@require_POST
def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the worker try a mail once more."""
    if not ReadOnlyPermissions(Delivery).user_can_deal_with(request.user):
        raise PermissionDenied
    delivery = get_object_or_404(Delivery, pk=pk)
    if deliveries.send_again(delivery):
        messages.success(request, "It is sent again. If it fails, it stands in this list again with the reason.")
    else:
        messages.warning(request, "It was sent, or is being sent, in the meantime.")
    return redirect("notifications_delivery_modeladmin_index")
