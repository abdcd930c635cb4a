from django.apps import AppConfig


class EditorialConfig(AppConfig):
    name = "hub.editorial"
    label = "editorial"
    verbose_name = "Editorial"

    def ready(self) -> None:
        from hub.editorial import receivers  # noqa: F401
