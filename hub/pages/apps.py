from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "hub.pages"
    label = "pages"
    verbose_name = "Pages"

    def ready(self) -> None:
        from wagtail.models import AbstractPage
        from wagtail.permissions import register_permission_policy

        from hub.pages import checks, receivers  # noqa: F401
        from hub.pages.policies import PageSeatPermissionPolicy

        register_permission_policy(AbstractPage, PageSeatPermissionPolicy())
