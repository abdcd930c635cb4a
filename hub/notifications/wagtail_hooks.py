"""Mail that did not arrive, in the editor's menu and on the dashboard of staff."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail_modeladmin.options import modeladmin_register

from hub.notifications.desk import MailDesk
from hub.notifications.domain import deliveries

modeladmin_register(MailDesk)


class LostMailPanel(Component):
    """How many mails of the last days did not arrive, and where to see which."""

    name = "lost_mail"
    order = 90
    template_name = "notifications/desk/lost_mail_panel.html"

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        return {"number": deliveries.lost().count(), "days": deliveries.RECENT.days}


@hooks.register("construct_homepage_panels")
def tell_of_lost_mail(request: HttpRequest, panels: list[Any]) -> None:
    if request.user.has_perm("notifications.view_delivery"):
        panels.append(LostMailPanel())
