"""Research: reports of the community's staff and member-leaders."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel
from wagtail.search import index

from hub.editorial.fields import BodyField
from hub.editorial.models import KnowledgePage
from hub.pages.models import BasePage


class ResearchIndexPage(BasePage):
    """All reports."""

    intro = models.TextField(blank=True, max_length=600)

    content_panels = [*BasePage.content_panels, FieldPanel("intro")]
    settings_panels = [FieldPanel("audience"), *BasePage.settings_panels]

    template = "research/research_index_page.html"
    parent_page_types = ["home.HomePage"]
    subpage_types = ["research.ReportPage"]
    max_count = 1

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The reports, narrowed down by what the address asks for."""
        from research import showing  # it needs the models

        return {**super().get_context(request, *args, **kwargs), **showing.index(self, request)}


class ReportPage(KnowledgePage):
    """A piece of research, written to be read and to be printed."""

    published_on = models.DateField(null=True, blank=True, db_index=True)
    body = BodyField()
    method = models.TextField(
        "how we know", blank=True, help_text="Who was asked, how many, when, and what this cannot say."
    )

    search_fields = [*KnowledgePage.search_fields, index.SearchField("body"), index.SearchField("method")]
    content_panels: list[Any] = [
        *KnowledgePage.opening_panels,
        FieldPanel("published_on"),
        FieldPanel("body"),
        FieldPanel("method"),
    ]

    verify_every = 24
    prose_fields = ("body", "method")

    template = "research/report_page.html"
    parent_page_types = ["research.ResearchIndexPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = "report"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The text with its contents, method and citation."""
        from research import showing  # it needs the models

        return {**super().get_context(request, *args, **kwargs), **showing.report(self, request)}
