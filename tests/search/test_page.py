"""The page of results: what it shows, what it costs, and that nothing anybody types breaks it."""

import pytest
from django.core.management import call_command

from hub.editorial.models import Byline
from hub.pages.enums import Audience
from search.domain.query import find
from search.domain.rows import rows
from tests.factories import FunctionFactory, IndustryFactory, PracticePageFactory, TopicFactory
from tests.search.asking import titles

pytestmark = pytest.mark.django_db

HOSTILE = [
    "", " ", "*", "?", '"', '""', "'", "((", "title:secret", "a AND", "OR NOT", "-", "~", "a^b", "[a TO b]", "{", "\\",
    "%", "_", "%00", "\x00", "\x00heron\x1f", "a" * 10_000, "heron " * 2_000, "<script>alert(1)</script>", "&lt;",
    "цапля", "鷺", "サギ", "अगुला", "นกกระสา", "مالك الحزين", "\u202eheron", "🦩", "e\u0301", "ﬁ", "İ", "ß", "\ud800",
    "'; DROP TABLE search_entry; --", "heron*", "her?n", "heron~2", '"heron crane', "«heron crane»", "1", "-1", "1e999",
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_nothing_that_can_be_typed_breaks_it(client, index, number):
    PracticePageFactory(title="Heron", gist="A bird in a river.")
    index()
    query = HOSTILE[number].encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    response = client.get("/search/", {"q": query, "page": query[:50], "sort": query[:50], "year": query[:50]})
    assert response.status_code == 200
    assert b"<script>alert" not in response.content


def test_odd_filters_and_pages_are_left_out_and_said(client, index):
    PracticePageFactory(title="Heron")
    index()
    odd = {"kind": ["nothing", "practice"], "topic": ["no-such", "\x00", "x" * 500], "year": ["0", "99999", "ten"]}
    response = client.get("/search/", {"q": "heron", "page": "99999999", **odd})
    assert response.status_code == 200
    assert response.context["total"] == 1
    assert response.context["page_obj"].number == 1
    assert "left out" in response.context["notes"][0]
    assert client.post("/search/").status_code == 405


def test_it_costs_ten_queries_at_most_however_much_is_found(client, index, member, django_assert_max_num_queries):
    topics = [TopicFactory() for _ in range(3)]
    function, industry = FunctionFactory(), IndustryFactory()
    for number in range(15):
        PracticePageFactory(
            title=f"Heron {number}", many={"topics": topics, "functions": [function], "industries": [industry]}
        )
    index()
    client.force_login(member)
    with django_assert_max_num_queries(10):
        response = client.get("/search/", {"q": "heron", "topic": topics[0].slug, "kind": "practice"})
    assert response.context["total"] == 15
    assert len(response.context["results"]) == 10


def test_what_a_row_shows(index, member, client):
    function, industry = FunctionFactory(name="Research", initial="R"), IndustryFactory(name="Health")
    page = PracticePageFactory(
        title="Reporting <b>up</b>",
        gist="Report to executives & boards.",
        many={"functions": [function], "industries": [industry]},
    )
    Byline.objects.create(page_id=page.pk, external_name="Hannah Voss")
    index()
    row = rows(find("executive report"))[0]
    assert row.title_html == "<mark>Reporting</mark> &lt;b&gt;up&lt;/b&gt;"
    assert row.gist_html == "<mark>Report</mark> to <mark>executives</mark> &amp; boards."
    assert (row.pair.function, row.pair.initial, row.pair.industry) == ("Research", "R", "Health")
    assert list(row.facts) == ["Hannah Voss"]
    response = client.get("/search/", {"q": "executive report"})
    assert "<mark>executives</mark>" in response.content.decode()
    assert "noindex" in response["X-Robots-Tag"]
    assert "private" in response["Cache-Control"]


def test_the_words_of_the_text_are_shown_where_the_gist_has_none(index):
    page = PracticePageFactory(title="Letter", gist="Nothing of it here.")
    page.problem = [("text", f"<p>{'Much else. ' * 60}The <b>heron</b> stands in the river. {'More. ' * 60}</p>")]
    page.save_revision().publish()
    index()
    row = rows(find("heron"))[0]
    assert "<mark>heron</mark> stands" in row.gist_html
    assert len(row.gist) < 300


def test_choices_of_one_facet_widen_and_of_two_narrow(client, index):
    herons, cranes = TopicFactory(name="Herons", slug="herons"), TopicFactory(name="Cranes", slug="cranes")
    function = FunctionFactory()
    PracticePageFactory(title="Bird 1", many={"topics": [herons], "functions": [function]})
    PracticePageFactory(title="Bird 2", many={"topics": [cranes]})
    PracticePageFactory(title="Bird 3", many={"topics": [herons, cranes]})
    index()
    assert len(titles("bird", topic=["herons"])) == 2
    assert len(titles("bird", topic=["herons", "cranes"])) == 3
    assert titles("bird", topic=["herons"], function=[function.slug]) == ["Bird 1"]
    response = client.get("/search/", {"q": "bird", "topic": "herons"})
    facet = next(facet for facet in response.context["facets"] if facet.name == "topic")
    assert {option.value: (option.count, option.selected) for option in facet.options} == {
        "herons": (2, True),
        "cranes": (2, False),
    }
    assert response.context["active_filters"][0].url == "?q=bird"


def test_newest_first(index):
    import datetime

    from tests.factories import ReportPageFactory

    for year in (2021, 2024, 2022):
        ReportPageFactory(title=f"Heron {year}", published_on=datetime.date(year, 5, 1))
    index()
    assert titles("heron", sort="newest") == ["Heron 2024", "Heron 2022", "Heron 2021"]
    assert titles("heron", year=["2022", "2021"], sort="newest") == ["Heron 2022", "Heron 2021"]
    assert find("heron").facets["year"] == {2024: 1, 2022: 1, 2021: 1}


def test_did_you_mean_knows_only_what_the_viewer_may_know(client, index, staff):
    PracticePageFactory(title="Reporting to executives")
    PracticePageFactory(title="Reorganisation of cormorants", audience=Audience.STAFF)
    index()
    assert find("exectives").suggestion == "executives"
    assert find("cormoramts").suggestion == ""
    assert find("cormoramts", viewer=staff).suggestion == "cormorants"
    assert b"executives" in client.get("/search/", {"q": "exectives"}).content


def test_a_phrase_in_quotes_is_meant(index):
    PracticePageFactory(title="The core team")
    PracticePageFactory(title="A team at the core")
    index()
    assert set(titles("core team")) == {"The core team", "A team at the core"}
    assert titles('"core team"') == ["The core team"]


def test_the_page_of_results_answers_while_the_index_is_gone(client, own_index):
    own_index.parent.mkdir(parents=True, exist_ok=True)
    own_index.write_text("not a folder")
    PracticePageFactory(title="Heron")
    response = client.get("/search/", {"q": "heron"})
    own_index.unlink()
    assert response.context["total"] == 1


def test_commands_say_what_others_rely_on(index, capsys, tmp_path, member):
    import json

    PracticePageFactory(title="Heron", gist="A bird.", source_path="birds/heron.md")
    PracticePageFactory(title="Heron inside", audience=Audience.MEMBERS)
    index()

    def said(*args, **options):
        call_command(*args, **options)
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    (answer,) = said("search", "heron", "--json")
    assert set(answer) == {"total", "results", "facets", "suggestion"}
    assert answer["total"] == 1
    assert set(answer["results"][0]) == {"kind", "title", "url", "score", "gist", "source", "promoted"}
    assert answer["results"][0]["source"] == "birds/heron.md"
    assert answer["results"][0]["score"] > 0
    assert answer["facets"]["kind"] == {"practice": 1}
    (inside,) = said("search", "heron", "--as", "MEMBER@example.org", "--limit", "1", "--json")
    assert (inside["total"], len(inside["results"])) == (2, 1)
    batch = tmp_path / "questions.jsonl"
    batch.write_text('{"id": "a", "text": "heron"}\n\n{"id": 2, "text": "nothing"}\n')
    assert [(line["id"], line["total"]) for line in said("search", batch=str(batch))] == [("a", 1), (2, 0)]
    (status,) = said("search_status", "--json")
    assert {"entries", "indexed", "lag", "engine", "last_error"} <= set(status)
    assert (status["entries"], status["indexed"], status["lag"], status["engine"]) == (3, 3, 0, "Whoosh")
