"""Every page type says itself where it may stand, what may stand below it, and how it looks."""

from __future__ import annotations

import pytest
from django.template.loader import get_template

from hub.pages import checks
from hub.pages.models import BasePage
from tests.architecture.source import TEMPLATES, relative


@pytest.mark.parametrize("page_type", checks.page_types(), ids=lambda page_type: page_type._meta.label)
def test_page_type_is_complete(page_type):
    assert checks.missing_statements(page_type) == []


@pytest.mark.parametrize("page_type", checks.page_types(), ids=lambda page_type: page_type._meta.label)
def test_template_is_ours(page_type):
    template = get_template(page_type.template)
    assert TEMPLATES in _origin(template).parents
    assert page_type.template.split("/")[0] == page_type._meta.app_label, "templates/<app label>/<model>.html"


def test_every_page_type_can_be_reached_from_the_front_page():
    from hub.home.models import HomePage

    reached, waiting = set(), [HomePage]
    while waiting:
        page_type = waiting.pop()
        if page_type not in reached:
            reached.add(page_type)
            waiting += page_type.creatable_subpage_models() if page_type is not HomePage else []
            waiting += page_type.clean_subpage_models()
    assert set(checks.page_types()) <= reached


def test_check_complains_about_what_a_page_type_leaves_unsaid():
    class Silent:
        """Inherits its statements, which is what the check is there to refuse."""

        parent_page_types = ()
        subpage_types = ()
        template = ""

    class Heir(Silent):
        pass

    assert checks.missing_statements(Silent) == []
    assert checks.missing_statements(Heir) == ["parent_page_types", "subpage_types", "template"]


def test_check_is_registered():
    from django.core.checks.registry import registry

    assert checks.page_types_speak_for_themselves in registry.registered_checks
    assert checks.page_types_speak_for_themselves(app_configs=None) == []


def test_every_page_type_descends_from_the_one_with_an_audience():
    from wagtail.models import get_page_models

    ours = {page_type for page_type in get_page_models() if not page_type._meta.abstract}
    assert all(issubclass(page_type, BasePage) for page_type in ours)


def _origin(template):
    from pathlib import Path

    path = Path(template.origin.name)
    assert path.is_file(), relative(path)
    return path
