"""What roundtables add to Wagtail's editor: people at a table, dates of a series, the desk of sessions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.widgets import Button

from roundtables.desk import SessionsDeskView, SessionsMenuItem
from roundtables.hosting import SessionPeopleView
from roundtables.models import SeriesPage, SessionPage
from roundtables.rules import may_keep, may_run
from roundtables.views.dates import SeriesDatesView, SessionDateView


@hooks.register("register_admin_urls")
def hosting_urls() -> list[URLPattern]:
    return [
        path("session-people/<int:page_id>/", SessionPeopleView.as_view(), name="session_people"),
        path("sessions/", SessionsDeskView.as_view(), name="session_desk"),
        path("series-dates/<int:page_id>/", SeriesDatesView.as_view(), name="series_dates"),
        path("session-date/<int:page_id>/", SessionDateView.as_view(), name="session_date"),
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


@hooks.register("register_page_header_buttons")
def takeaways_button(
    page: Any, user: Any, next_url: str | None = None, view_name: str = "", **kwargs: Any
) -> Iterator[Button]:
    """ "What it came to" in the same menu, once the session is over, for those who may read its notes."""
    if isinstance(page, SessionPage) and page.pk and page.live and may_keep(page, user):
        yield Button(
            "What it came to", reverse("roundtables:takeaway_desk", args=[page.pk]), icon_name="list-ul", priority=5
        )


@hooks.register("register_page_header_buttons")
def dates_button(
    page: Any, user: Any, next_url: str | None = None, view_name: str = "", **kwargs: Any
) -> Iterator[Button]:
    """ "Dates" in the menu of a series' header, "Date and rule" in that of a session's."""
    if not isinstance(page, (SeriesPage, SessionPage)) or not page.pk or not may_run(page, user):
        return
    if isinstance(page, SeriesPage):
        yield Button("Dates", reverse("series_dates", args=[page.pk]), icon_name="date", priority=5)
    else:
        yield Button("Date and rule", reverse("session_date", args=[page.pk]), icon_name="date", priority=5)


@hooks.register("register_log_actions")
def acts_on_sessions(actions: Any) -> None:
    """What is done with a session by a button, in the history of its page."""
    actions.register_action("hub.session.cancelled", "Cancel the session", "Cancelled the session")
    actions.register_action("hub.session.held_after_all", "Hold it after all", "Said that it takes place after all")
    actions.register_action("hub.session.loosening_asked", "Ask for a looser rule", "Asked everybody for a looser rule")
    actions.register_action("hub.session.loosening_withdrawn", "Withdraw the request", "Withdrew the request")
    actions.register_action("hub.session.loosened", "Loosen the rule", "Everybody agreed to a looser rule")
