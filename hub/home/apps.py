from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "hub.home"
    label = "home"
    verbose_name = "Home"

    def ready(self) -> None:
        from hub.archive.registry import register
        from hub.editorial.showing import written_by
        from hub.home.domain.catalogue import register_plain_pages
        from hub.home.domain.importing import PAGES
        from hub.members.registry import register_contributions

        register_plain_pages()
        register(PAGES)
        register_contributions(written_by)
