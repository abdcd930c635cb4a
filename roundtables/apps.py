from django.apps import AppConfig


class RoundtablesConfig(AppConfig):
    name = "roundtables"
    verbose_name = "Roundtables"

    def ready(self) -> None:
        from hub.archive.registry import register
        from roundtables.domain.catalogue import register_roundtables
        from roundtables.domain.importing import SESSIONS

        register_roundtables()
        register(SESSIONS)
