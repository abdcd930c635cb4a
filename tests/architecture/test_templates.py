"""Templates: components with a contract, nothing a strict content security policy would refuse, text escaped."""

from __future__ import annotations

import re

import pytest

from tests.architecture.source import TEMPLATES, modules, relative, templates

COMPONENTS = sorted((TEMPLATES / "components").rglob("*.html"))
INCLUDE = re.compile(r"{%-?\s*include\s+(?P<what>\S+)(?P<rest>[^%]*)%}")
INLINE = re.compile(
    r"""<style\b|\sstyle\s*=\s*["']|\son[a-z]+\s*=\s*["']|javascript:|<script\b(?![^>]*(?:\ssrc=|\snonce=|application/))""",
    re.IGNORECASE,
)
# Mail programs read neither style sheets nor policies; the editor has a policy of its own.
NOT_ON_THE_SITE = ("templates/emails/", "templates/wagtailadmin/")
UNESCAPED = re.compile(r"\|\s*safe(?:seq)?\b|{%\s*autoescape\s+off")
# Every place that puts text on a page unescaped, and why that is right.
SAFE_BECAUSE = {
    "templates/components/field.html": "help texts are ours and Django's, written in code; some carry a list or a link",
}


@pytest.mark.parametrize("path", COMPONENTS, ids=relative)
def test_component_says_what_it_takes(path):
    first = path.read_text().lstrip()
    assert first.startswith(("{#", "{% comment")), "Begin with a comment: what it shows, and what it takes."
    comment = re.match(r"{#(.*?)#}|{% comment[^%]*%}(.*?){% endcomment %}", first, re.DOTALL)
    assert comment and re.search(r"\bTakes\b", comment[0]), "The comment says what the component takes."


@pytest.mark.parametrize("path", templates(), ids=relative)
def test_components_are_called_with_only(path):
    """Without `only` a component sees everything the page knows, and soon needs it."""
    calls = INCLUDE.finditer(path.read_text())
    loose = [call[0] for call in calls if _is_component(call["what"]) and not re.search(r"\bonly\s*-?$", call["rest"])]
    assert loose == []


@pytest.mark.parametrize("path", templates(), ids=relative)
def test_nothing_inline(path):
    """The policy of the site allows no style or script that does not come from a file of ours."""
    if relative(path).startswith(NOT_ON_THE_SITE):
        return
    assert [match[0] for match in INLINE.finditer(_without_comments(path.read_text()))] == []


def test_inline_is_recognised():
    for bad in (
        '<p style="color:red">',
        "<a onclick='x()'>",
        "<script>x</script>",
        '<a href="javascript:x">',
        "<STYLE>",
    ):
        assert INLINE.search(bad), bad
    for good in ('<script type="module" src="/x.js"></script>', '<script type="application/json">{}</script>'):
        assert not INLINE.search(good), good


def test_unescaped_text_has_a_reason():
    found = {relative(path) for path in templates() if UNESCAPED.search(_without_comments(path.read_text()))}
    assert found == set(SAFE_BECAUSE), "Name the place and the reason in SAFE_BECAUSE, or escape the text."


def test_templates_close_what_they_open():
    """Every template compiles; a page that nobody tested is not found out by a visitor."""
    from django.template import Engine

    engine = Engine.get_default()
    for path in templates():
        engine.from_string(path.read_text())


def test_every_component_is_used():
    called = "\n".join(path.read_text() for path in [*templates(), *modules()])
    unused = [relative(path) for path in COMPONENTS if f"components/{path.name}" not in called]
    assert unused == []


def test_no_template_lies_outside_its_app():
    """`templates/<app label>/…`, or one of the folders that Django, allauth and Wagtail look into."""
    from django.apps import apps

    known = {config.label for config in apps.get_app_configs()}
    known |= {"account", "allauth", "components", "emails", "mfa", "usersessions", "wagtailadmin"}
    folders = {path.relative_to(TEMPLATES).parts[0] for path in TEMPLATES.rglob("*.html") if path.parent != TEMPLATES}
    assert folders - known == set()


def _is_component(what):
    return what.strip("\"'").startswith("components/") and what[0] in "\"'"


def _without_comments(text):
    text = re.sub(r"{#.*?#}", "", text)
    return re.sub(r"{% comment[^%]*%}.*?{% endcomment %}", "", text, flags=re.DOTALL)
