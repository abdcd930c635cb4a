from django.apps import AppConfig


class MediaConfig(AppConfig):
    name = "hub.media"
    label = "media"
    verbose_name = "Media"

    def ready(self) -> None:
        from hub.media import receivers  # noqa: F401
