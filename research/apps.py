from django.apps import AppConfig


class ResearchConfig(AppConfig):
    name = "research"
    verbose_name = "Research"

    def ready(self) -> None:
        from hub.archive.registry import register
        from research.domain.catalogue import register_reports
        from research.domain.importing import REPORTS

        register_reports()
        register(REPORTS)
