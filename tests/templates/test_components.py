"""Components say what they take in their first line, and keep their promises to those who do not see the page."""

from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.template import Context, Engine, Template
from django.template.loader import render_to_string
from django.test import RequestFactory

from hub.home.templatetags.hub_tags import counted, host, initials, page_numbers, section
from hub.taxonomy.pairs import Pair
from roundtables.figures import Seat, State, describe, seat_table

COMPONENTS = sorted((settings.BASE_DIR / "templates" / "components").glob("*.html"))


class Form(forms.Form):
    name = forms.CharField(help_text="As others know you.", error_messages={"required": "Please give a name."})
    agree = forms.BooleanField(required=False, label="I agree")
    level = forms.ChoiceField(choices=[("a", "Some"), ("b", "All")], widget=forms.RadioSelect)


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_every_component_says_what_it_takes(path: Path):
    first = path.read_text().splitlines()[0]
    assert first.startswith("{# ")
    assert "Takes" in first


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_components_are_called_with_only(path: Path):
    for line in path.read_text().splitlines():
        for piece in line.split("{% include ")[1:]:
            assert " only %}" in piece.split("%}")[0] + "%}", line


def test_a_wrong_field_says_so_to_everybody():
    html = render_to_string("components/field.html", {"field": Form({})["name"]})
    assert 'for="id_name"' in html
    assert 'aria-invalid="true"' in html
    assert 'class="input"' in html
    assert "Please give a name." in html
    described = html.split('aria-describedby="')[1].split('"')[0].split()
    assert described
    assert all(f'id="{name}"' in html for name in described)


def test_choices_are_a_group_with_a_name():
    html = render_to_string("components/field.html", {"field": Form()["level"]})
    assert "<fieldset" in html
    assert "<legend" in html
    assert html.count('type="radio"') == 2
    html = render_to_string("components/field.html", {"field": Form()["agree"]})
    assert html.count("<label") == 1


def test_pages_of_a_list_keep_what_was_asked():
    page = Paginator(range(200), 20).page(5)
    assert page_numbers(page) == [1, "…", 4, 5, 6, "…", 10]
    request = RequestFactory().get("/practices/?topic=budgets&page=5")
    html = render_to_string("components/pagination.html", {"page_obj": page}, request=request)
    assert 'href="?topic=budgets&amp;page=6"' in html
    assert html.count('aria-current="page"') == 1
    assert render_to_string("components/pagination.html", {"page_obj": Paginator([1], 20).page(1)}).strip() == ""


def test_the_table_has_words_for_what_is_drawn():
    seats = [Seat(first_name="Sofia", initial="C", slot=3, role="host"), Seat(state=State.OPEN)]
    figure = seat_table(seats, size="large", heads=1, rings=2)
    html = render_to_string(
        "components/seat_table.html",
        {"figure": figure, "id": "t", "title": "<Next>", "desc": describe(seats), "number": 1, "line": "seat left"},
    )
    assert 'role="img" aria-labelledby="t-t t-d"' in html
    assert "&lt;Next&gt;" in html
    assert "Sofia (host)" in html
    assert html.count("seat-table__ring") == 2
    assert "style=" not in html


def test_a_pair_with_one_half_is_shown_as_it_is():
    html = render_to_string("components/pair.html", {"pair": Pair(function="Research", initial="R")})
    assert "industry--private" in html
    assert "×" not in html


def test_rows_escape_what_they_are_given():
    html = render_to_string("components/row.html", {"title": "<script>", "url": "/x/", "gist": "a & b"})
    assert "<script>" not in html
    assert "a &amp; b" in html


def test_the_page_of_a_broken_server_needs_nothing():
    html = Engine(dirs=[settings.BASE_DIR / "templates"]).get_template("500.html").render(Context())
    assert "Something broke on our side" in html
    assert "{%" not in html


def test_words():
    assert counted(1, "person,people") == "1 person"
    assert counted(1200, "seat") == "1,200 seats"
    assert initials("Kwame Ansah-Reid") == "KA"
    assert initials(None) == "–"
    assert host("https://www.example.org/a?b") == "example.org"
    assert section("/roundtables/x/") == "roundtables"
    assert Template("{% load hub_tags %}{% icon 'seat' 's' %}").render(Context()).count("icon--s") == 1
