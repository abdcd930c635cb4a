"""What roundtables add to Wagtail's editor: the people at a session's table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.widgets import Button

from roundtables.hosting import SessionPeopleView
from roundtables.models import SessionPage
from roundtables.rules import may_keep, may_run


@hooks.register("register_admin_urls")
def hosting_urls() -> list[URLPattern]:
    return [path("session-people/<int:page_id>/", SessionPeopleView.as_view(), name="session_people")]


@hooks.register("register_page_header_buttons")
def table_button(
    page: Any, user: Any, next_url: str | None = None, view_name: str = "", **kwargs: Any
) -> Iterator[Button]:
    """ "People at this table" in the menu of a session's header."""
    if isinstance(page, SessionPage) and page.pk and may_run(page, user):
        yield Button("People at this table", reverse("session_people", args=[page.pk]), icon_name="group", priority=4)


@hooks.register("register_page_header_buttons")
def takeaways_button(
    page: Any, user: Any, next_url: str | None = None, view_name: str = "", **kwargs: Any
) -> Iterator[Button]:
    """ "What it came to" in the same menu, once the session is over, for those who may read its notes."""
    if isinstance(page, SessionPage) and page.pk and page.live and may_keep(page, user):
        yield Button(
            "What it came to", reverse("roundtables:takeaway_desk", args=[page.pk]), icon_name="list-ul", priority=5
        )
