"""What roundtables add to Wagtail's editor: the people at a session's table, and the desk of those who run sessions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.widgets import Button

from roundtables.desk import SessionsDeskView, SessionsMenuItem
from roundtables.hosting import SessionPeopleView
from roundtables.models import SessionPage
from roundtables.rules import may_run


@hooks.register("register_admin_urls")
def hosting_urls() -> list[URLPattern]:
    return [
        path("session-people/<int:page_id>/", SessionPeopleView.as_view(), name="session_people"),
        path("sessions/", SessionsDeskView.as_view(), name="session_desk"),
    ]


@hooks.register("register_admin_menu_item")
def sessions_menu() -> SessionsMenuItem:
    return SessionsMenuItem()


@hooks.register("register_page_header_buttons")
def table_button(
    page: Any, user: Any, next_url: str | None = None, view_name: str = "", **kwargs: Any
) -> Iterator[Button]:
    """ "People at this table" in the menu of a session's header."""
    if isinstance(page, SessionPage) and page.pk and may_run(page, user):
        yield Button("People at this table", reverse("session_people", args=[page.pk]), icon_name="group", priority=4)
