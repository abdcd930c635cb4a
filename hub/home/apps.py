from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "hub.home"
    label = "home"
    verbose_name = "Home"

    def ready(self) -> None:
        from hub.archive.registry import register
        from hub.home.domain.catalogue import register_plain_pages
        from hub.home.domain.importing import PAGES

        register_plain_pages()
        register(PAGES)
