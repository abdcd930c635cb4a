"""The desk of mail that did not arrive. It says whom and why, never what: that is between the hub and its reader."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail_modeladmin.helpers import ButtonHelper, PermissionHelper
from wagtail_modeladmin.menus import ModelAdminMenuItem

from hub.kernel.modeladmin import HubModelAdmin
from hub.notifications.domain import deliveries
from hub.notifications.models import Delivery


class MailPermissions(PermissionHelper):
    """Mail is looked at and sent again, never written or deleted here."""

    def user_can_create(self, user: Any) -> bool:
        return False

    def user_can_edit_obj(self, user: Any, obj: Any) -> bool:
        return False

    def user_can_delete_obj(self, user: Any, obj: Any) -> bool:
        return False

    def user_can_send(self, user: Any) -> bool:
        """Whether `user` may have mail sent again."""
        return bool(self.user_has_specific_permission(user, self.get_perm_codename("change")))


class MailButtons(ButtonHelper):
    """“Look at it” instead of “Inspect”."""

    def inspect_button(self, pk: Any, classnames_add: Any = None, classnames_exclude: Any = None) -> dict[str, Any]:
        button = super().inspect_button(pk, classnames_add, classnames_exclude)
        return {**button, "label": "Look at it", "title": "What the mail server said, and sending it again"}


class LostMenuItem(ModelAdminMenuItem):
    """A menu item that says how many mails of the last days were lost."""

    def render_component(self, request: HttpRequest) -> Any:
        lost = deliveries.lost().count()
        item = copy(self)
        if lost:
            item.label = f"{self.label} ({lost})"
        return super(LostMenuItem, item).render_component(request)


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
    permission_helper_class = MailPermissions
    button_helper_class = MailButtons

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return deliveries.in_trouble().prefetch_related("news").order_by(*self.ordering)

    def get_menu_item(self, order: int | None = None) -> ModelAdminMenuItem:
        return LostMenuItem(self, order or self.get_menu_order())

    def reader(self, delivery: Delivery) -> str:
        return delivery.user.email

    reader.short_description = "To"  # type: ignore[attr-defined]
    reader.admin_order_field = "user__email"  # type: ignore[attr-defined]

    def get_admin_urls_for_registration(self) -> Any:
        again = path("notifications/delivery/<int:pk>/again/", send_again, name="notifications_delivery_again")
        return (*super().get_admin_urls_for_registration(), again)

    def register_indexing(self) -> None:
        """Mail uses no pages, pictures or documents."""


@require_POST
def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the worker try a mail once more."""
    if not MailPermissions(Delivery).user_can_send(request.user):
        raise PermissionDenied
    delivery = get_object_or_404(Delivery, pk=pk)
    if deliveries.send_again(delivery):
        messages.success(request, "It is sent again. If it fails, it stands in this list again with the reason.")
    else:
        messages.warning(request, "It was sent, or is being sent, in the meantime.")
    return redirect("notifications_delivery_modeladmin_index")
