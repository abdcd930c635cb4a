"""Practices: what a member's organisation does and others can try."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.search import index

from hub.editorial.fields import BodyField
from hub.editorial.models import KnowledgePage
from hub.pages.models import BasePage
from hub.practices.blocks import PracticeBlock

SECTIONS = (
    ("problem", "Problem"),
    ("context", "Context"),
    ("what_we_did", "What we did"),
    ("what_it_needs", "What it needs"),
    ("what_came_of_it", "What came of it"),
)


class PracticesIndexPage(BasePage):
    """The list of all practices."""

    intro = models.TextField(blank=True, max_length=600)

    content_panels = [*BasePage.content_panels, FieldPanel("intro")]
    settings_panels = [FieldPanel("audience"), *BasePage.settings_panels]

    template = "practices/practices_index_page.html"
    parent_page_types = ["home.HomePage"]
    subpage_types = ["practices.PracticePage"]
    max_count = 1

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The practices, narrowed down by what the address asks for."""
        from hub.practices import showing  # it needs the models

        return {**super().get_context(request, *args, **kwargs), **showing.index(self, request)}


class PracticePage(KnowledgePage):
    """Something a member's organisation does and others can try, told in five plain questions."""

    problem = BodyField(PracticeBlock(), help_text="What went wrong, for whom, and what it cost.")
    context = BodyField(PracticeBlock(), help_text="Where this happened, and what was particular about it.")
    what_we_did = BodyField(PracticeBlock(), help_text="The steps, so that somebody else could take them.")
    what_it_needs = BodyField(PracticeBlock(), help_text="Time, people, money, permission, tools.")
    what_came_of_it = BodyField(PracticeBlock(), help_text="What changed, how you know, and what did not work.")
    attachments = BodyField(
        [("document", DocumentChooserBlock())], verbose_name="files", help_text="What others need to do it as well."
    )

    search_fields = KnowledgePage.search_fields + [index.SearchField(name) for name, _ in SECTIONS]

    content_panels: list[Any] = [
        *KnowledgePage.opening_panels,
        *(FieldPanel(name) for name, _ in SECTIONS),
        FieldPanel("attachments"),
    ]

    text_begins_below = 2
    verify_every = 12
    prose_fields = tuple(name for name, _ in SECTIONS)

    template = "practices/practice_page.html"
    parent_page_types = ["practices.PracticesIndexPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = "practice"

    def parts_expected(self) -> list[str]:
        """The five parts; files are welcome, and missed by nobody."""
        return [name for name, _ in SECTIONS]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The five parts, and who stands behind them."""
        from hub.practices import showing  # it needs the models

        return {**super().get_context(request, *args, **kwargs), **showing.practice(self, request)}
