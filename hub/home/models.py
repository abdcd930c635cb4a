"""The front page, and pages of plain text such as the house rules."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel
from wagtail.search import index

from hub.editorial.fields import BodyField
from hub.editorial.models import KnowledgePage
from hub.pages.models import BasePage


class HomePage(BasePage):
    """The front page: a question to visitors, a living room to members."""

    welcome = models.CharField(
        max_length=160, blank=True, help_text="The large sentence visitors see, such as: Leaders who solve it together."
    )
    intro = models.TextField(blank=True, max_length=600)

    content_panels = [*BasePage.content_panels, FieldPanel("welcome"), FieldPanel("intro")]
    settings_panels = BasePage.settings_panels  # the front page is always public

    template = "home/home_page.html"
    parent_page_types = ["pages.BasePage"]
    subpage_types = [
        "home.StandardPage",
        "roundtables.RoundtablesIndexPage",
        "practices.PracticesIndexPage",
        "research.ResearchIndexPage",
    ]
    max_count = 1

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The question, and what is new for this reader."""
        from hub.home import showing  # it needs the models

        return {**super().get_context(request, *args, **kwargs), **showing.home(self, request)}


class StandardPage(KnowledgePage):
    """A page of plain text: about us, house rules, a community's own page."""

    body = BodyField()

    search_fields = [*KnowledgePage.search_fields, index.SearchField("body")]
    content_panels: list[Any] = [
        *KnowledgePage.opening_panels,
        FieldPanel("body"),
    ]
    upkeep_panels = KnowledgePage.correction_panels
    prose_fields = ("body",)

    template = "home/standard_page.html"
    parent_page_types = ["home.HomePage", "home.StandardPage"]
    subpage_types = ["home.StandardPage"]

    class Meta:
        verbose_name = "page"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The text, and the pages below it."""
        from hub.home import showing  # it needs the models

        return {**super().get_context(request, *args, **kwargs), **showing.standard(self, request)}
