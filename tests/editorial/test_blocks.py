"""What the blocks show, tell a search, and never tell."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hub.editorial.blocks import BodyBlock
from hub.editorial.charts import bars
from hub.editorial.domain.catalogue import words_of
from hub.editorial.links import resolve
from hub.editorial.showing import parts
from hub.editorial.templatetags.text_tags import drawn
from roundtables.enums import AttributionMode
from search.models import Entry
from tests.factories import PracticePageFactory, SessionPageFactory

NUMBERS = {
    "data": [["Who", "How many", "Remark"], ["Old hands", "3", "few"], ["Newcomers", "12", ""]],
    "first_row_is_table_header": True,
    "first_col_is_header": True,
}


def body(*blocks):
    return BodyBlock().normalize(list(blocks))


def look(*blocks, hides_names=False):
    return drawn(parts(body(*blocks)), hides_names=hides_names)


def quote(mode, **more):
    return "quote", {
        "text": "Say less.", "mode": mode, "attribution": "Quentin Quoted", "described_as": "a head of service", **more
    }  # fmt: skip


@pytest.mark.parametrize(
    ("mode", "hides_names", "told"),
    [
        ("named", False, "Quentin Quoted"),
        ("named", True, None),
        ("described", False, "a head of service"),
        ("described", True, "a head of service"),
        ("unnamed", False, None),
        ("unnamed", True, None),
    ],
)
def test_a_quotation_tells_of_its_speaker_what_its_mode_says(mode, hides_names, told):
    shown = look(quote(mode), hides_names=hides_names)
    assert "Say less." in shown
    assert [name for name in ("Quentin Quoted", "a head of service") if name in shown] == ([told] if told else [])


def test_a_quotation_from_before_there_were_modes_is_by_name():
    old = BodyBlock().to_python([{"type": "quote", "value": {"text": "Yes.", "attribution": "Bo"}}])
    assert old[0].value["mode"] == "named"
    assert "Bo" in drawn(parts(old))


@pytest.mark.django_db
@pytest.mark.parametrize("mode", ["described", "unnamed"])
def test_no_search_finds_a_quotation_by_a_name_that_is_not_told(mode):
    page = PracticePageFactory(context=[quote(mode)])
    assert "Quentin" not in Entry.objects.get(source_id=page.pk, kind="practice").text
    assert "Quentin" not in " ".join(page.context[0].block.get_searchable_content(page.context[0].value))
    page.context = [quote("named")]
    page.save()
    assert "Quentin" in Entry.objects.get(source_id=page.pk, kind="practice").text


@pytest.mark.django_db
def test_under_chatham_house_a_description_is_found_and_a_name_is_not():
    page = SessionPageFactory(
        attribution_mode=AttributionMode.CHATHAM_HOUSE, body=[quote("named"), quote("described", text="And listen.")]
    )
    text = Entry.objects.get(source_id=page.pk, kind="session").text
    assert "head of service" in text
    assert "Quentin" not in text


@pytest.mark.django_db
def test_words_of_steps_takeaways_and_figures_are_found():
    page = PracticePageFactory(
        what_we_did=[
            ("steps", [("step", {"title": "Ask aloud", "text": "<p>In the <b>kitchen</b>.</p>"})]),
            ("takeaways", [("takeaway", "Asking is half of it.")]),
            ("figure", {"title": "Answers by age", "table": NUMBERS, "source": "Our ledger"}),
        ]
    )
    words = " ".join(words_of(page, ["what_we_did"]))
    for word in ("Ask aloud", "kitchen", "Asking is half", "Answers by age", "Newcomers", "Our ledger"):
        assert word in words
    assert "True" not in words


@pytest.mark.django_db
def test_links_inside_steps_lead_only_where_the_reader_may_go():
    open_page, draft = PracticePageFactory(title="Open"), PracticePageFactory(title="Hidden", live=False)
    text = f'<p><a linktype="page" id="{open_page.pk}">one</a> <a linktype="page" id="{draft.pk}">two</a></p>'
    page = PracticePageFactory(what_we_did=[("steps", [("step", {"title": str(n), "text": text}) for n in range(5)])])
    page.refresh_from_db()
    resolve(page)
    with CaptureQueriesContext(connection) as queries:
        shown = drawn(parts(page.what_we_did))
    assert len(queries) == 0
    assert shown.count(open_page.url) == 5
    assert draft.slug not in shown


def test_the_table_of_a_figure_is_there_with_and_without_bars():
    for as_bars in (True, False):
        shown = look(("figure", {"title": "More newcomers came", "table": NUMBERS, "as_bars": as_bars}))
        assert re.search(r"<caption[^>]*>More newcomers came</caption>", shown)
        assert shown.count('<th scope="col">') == 3
        assert shown.count('<th scope="row">') == 2
        assert ("<rect" in shown) is as_bars
    assert 'width="25.0%"' in look(("figure", {"title": "T", "table": NUMBERS}))


@pytest.mark.parametrize(
    "data",
    [
        [],
        [["Who", "How many"]],
        [["Who", "How many"], ["a", "-3"], ["b", "4"]],
        [["Who", "How many"], ["a", "three"]],
        [["Who", "How many"], ["a", "0"]],
        [["Who"], ["a"]],
        [["Who", "How many"], *([str(n), "1"] for n in range(99))],
        [[None, None], ["a", None]],
        [["Who", "When"], ["a", "12 June 2026"]],
    ],
)
def test_what_cannot_be_drawn_as_bars_is_not(data):
    assert bars(data) == []


def test_bars_read_numbers_as_people_write_them():
    drawn_bars = bars([["", "€"], ["a", "£ 1,200"], ["b", "300.50"], ["", ""], ["c", "12 %"], ["d", "1 000 people"]])
    assert [(bar.label, bar.percent) for bar in drawn_bars] == [("a", 100), ("b", 25.0), ("c", 1.0), ("d", 83.3)]


@pytest.mark.django_db
def test_a_call_for_experience_leads_to_where_it_is_told(client):
    page = PracticePageFactory(what_came_of_it=[("call", {"words": "Has this failed for you?"})])
    html = client.get(page.url).content.decode()
    place = re.search(r'href="#(\w+)">Has this failed for you\?', html)[1]
    at_the_end = html.split(f'id="{place}"', 1)[1]
    assert reverse("practices:tried", args=[page.pk]) in at_the_end
    assert "Has this failed" in " ".join(words_of(page, ["what_came_of_it"]))
    assert "call" not in BodyBlock().child_blocks  # other pages have nothing to lead to
