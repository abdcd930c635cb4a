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
        from roundtables import kinds, receivers  # noqa: F401
        from roundtables.domain.catalogue import register_roundtables
        from roundtables.domain.checks import session_remarks
        from roundtables.domain.importing import SESSIONS
        from roundtables.models import SessionPage
        from roundtables.recording import may_hear
        from roundtables.rules import may_read_notes

        register_roundtables()
        register(SESSIONS)
        register_check(SessionPage, session_remarks)
        register_field(SessionPage, "notes", may_read_notes)
        register_field(SessionPage, "recording_file", may_hear)
        register_field(SessionPage, "transcript_file", may_hear)
        open_door("session_people", _runs_session)
        open_door("session_desk")


def _runs_session(request: Any, kwargs: dict[str, Any]) -> bool:
    """The session in the address is one that the person runs."""
    from roundtables.models import SessionPage
    from roundtables.rules import may_run

    session = SessionPage.objects.filter(pk=kwargs.get("page_id")).first()
    return session is not None and may_run(session, request.user)
