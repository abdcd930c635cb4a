from typing import Any

from django.apps import AppConfig


class RoundtablesConfig(AppConfig):
    name = "roundtables"
    verbose_name = "Roundtables"

    def ready(self) -> None:
        from hub.archive.registry import register
        from hub.editorial.registry import register_check
        from hub.media.registry import register_field
        from hub.pages.doors import open_door
        from hub.pages.registry import on_page_saved, on_subtree_changed
        from hub.practices.registry import register_origins
        from roundtables import kinds, receivers  # noqa: F401
        from roundtables.domain.catalogue import (
            refresh_takeaways_below,
            refresh_takeaways_of,
            register_roundtables,
        )
        from roundtables.domain.checks import session_remarks
        from roundtables.domain.importing import SESSIONS
        from roundtables.domain.origins import origin_of
        from roundtables.domain.outcomes import register_outcomes
        from roundtables.forms import SeriesPageForm
        from roundtables.models import SeriesPage, SessionPage
        from roundtables.recording import may_hear
        from roundtables.rules import may_read_notes

        SeriesPage.base_form_class = SeriesPageForm
        register_roundtables()
        register_origins(origin_of)
        on_page_saved(refresh_takeaways_of)
        on_subtree_changed(refresh_takeaways_below)
        register(SESSIONS)
        register_check(SessionPage, session_remarks)
        register_field(SessionPage, "notes", may_read_notes)
        register_field(SessionPage, "recording_file", may_hear)
        register_field(SessionPage, "transcript_file", may_hear)
        register_outcomes()
        open_door("session_desk")
        open_door("session_people", _runs_page)
        open_door("session_date", _runs_page)
        open_door("series_dates", _runs_page)


def _runs_page(request: Any, kwargs: dict[str, Any]) -> bool:
    """The session or series in the address is one that the person runs."""
    from hub.pages.models import BasePage
    from roundtables.rules import may_run

    page = BasePage.objects.filter(pk=kwargs.get("page_id")).first()
    return page is not None and may_run(page, request.user)
