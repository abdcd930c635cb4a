"""System checks of page types: what a new one must say, so that nobody has to remember it."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, register

from hub.pages.models import BasePage

STATEMENTS = ("parent_page_types", "subpage_types", "template")


def page_types() -> list[type[BasePage]]:
    """Every kind of page that can exist, the base page excepted."""
    return [model for model in apps.get_models() if issubclass(model, BasePage) and model is not BasePage]


def missing_statements(page_type: type) -> list[str]:
    """What `page_type` leaves to its ancestors although it should say it in its own class body."""
    return [name for name in STATEMENTS if name not in vars(page_type)]


@register("pages")
def page_types_speak_for_themselves(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """An inherited list of parents lets a page be made where it has no business; an inherited template, look wrong."""
    return [
        Error(
            f"{page_type.__name__} does not state its {name}.",
            hint="Write it in the class body, even if it is the empty list.",
            obj=page_type,
            id="pages.E001",
        )
        for page_type in page_types()
        for name in missing_statements(page_type)
    ]
