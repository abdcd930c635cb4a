from django.apps import AppConfig


class PracticesConfig(AppConfig):
    name = "hub.practices"
    label = "practices"
    verbose_name = "Practices"

    def ready(self) -> None:
        from hub.archive.registry import register
        from hub.editorial.registry import register_door
        from hub.practices import kinds  # noqa: F401 - registers them
        from hub.practices.domain.catalogue import register_practices
        from hub.practices.domain.doors import front_door
        from hub.practices.domain.importing import PRACTICES

        register_practices()
        register(PRACTICES)
        register_door(front_door)
