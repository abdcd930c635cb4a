from django.apps import AppConfig


class ResearchConfig(AppConfig):
    name = "research"
    verbose_name = "Research"

    def ready(self) -> None:
        from hub.archive.registry import register
        from hub.editorial.strictness import Strictness, review_strictly
        from research.domain.catalogue import register_reports
        from research.domain.importing import REPORTS

        register_reports()
        register(REPORTS)
        review_strictly(Strictness("research.ResearchIndexPage", "Research review", quorum=2, staff_approve=True))
