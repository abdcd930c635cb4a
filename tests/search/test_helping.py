"""Help while searching: suggestions, better spelling, like us, and where to go when nothing is found.

All of it keeps the rule of the results: nothing that the viewer may not find, not even for the moment
between a change and the index's hearing of it.
"""

from __future__ import annotations

import pytest
from django.test import Client

from hub.members.enums import ShownTo
from hub.pages.enums import Audience
from search.domain import spelling, suggestions
from search.domain.query import find, visible
from search.domain.words import Marks, ask, passage, stems_of
from search.rules import scopes_of
from tests.factories import (
    FunctionFactory,
    IndustryFactory,
    MemberProfileFactory,
    PracticePageFactory,
    TopicFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def suggested(typed, viewer=None):
    """The titles suggested, by group."""
    return {
        group.label: [str(item.title_html).replace("<mark>", "").replace("</mark>", "") for item in group.suggestions]
        for group in suggestions.suggest(typed, viewer=viewer)
    }


def everything(typed, viewer=None):
    return sorted(title for titles in suggested(typed, viewer).values() for title in titles)


# Suggestions


def test_pages_people_and_topics_in_groups(index):
    PracticePageFactory(title="Herons on the river")
    TopicFactory(name="Herons")
    MemberProfileFactory(name="Hera Heronsdale", name_shown_to=ShownTo.PUBLIC)
    index()
    assert suggested("hero") == {
        "Pages": ["Herons on the river"],
        "People": ["Hera Heronsdale"],
        "Topics": ["Herons"],
    }
    assert suggested("riv her") == {"Pages": ["Herons on the river"]}, "every word typed begins one, in any order"
    assert suggested("eron") == {}, "only beginnings"


def test_what_was_typed_of_each_word_is_marked_and_all_is_escaped(index):
    PracticePageFactory(title="<b>Herons</b> & the Éclair ﬁsh")
    index()
    (group,) = suggestions.suggest("her ecl")
    assert group.suggestions[0].title_html == (
        "&lt;b&gt;<mark>Her</mark>ons&lt;/b&gt; &amp; the <mark>Écl</mark>air ﬁsh"
    )


@pytest.mark.parametrize(
    "typed", ["", " ", "h", "*", '"', "%", "\x00", "a" * 10_000, "<script>", "🦩", "\ud800", "- _"]
)
def test_whatever_is_typed_gets_an_answer(client, index, typed):
    PracticePageFactory(title="Herons")
    index()
    typed = typed.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    response = client.get("/search/suggest/", {"q": typed})
    assert response.status_code == 200
    assert b"Herons" not in response.content
    assert b"<script" not in response.content


def test_the_piece_of_html(client, index):
    PracticePageFactory(title="Herons")
    index()
    response = client.get("/search/suggest/?q=her")
    text = response.content.decode()
    assert 'role="option" id="suggest-0"' in text
    assert 'href="/search/?q=her"' in text
    assert text.count('role="option"') == 2
    assert "<html" not in text
    assert response["Cache-Control"] == "private, no-cache"
    assert "Cookie" in response["Vary"]
    assert client.post("/search/suggest/").status_code == 405


@pytest.mark.parametrize("is_settled", [True, False])
def test_suggestions_show_what_the_viewer_may_open(index, member, leader, staff, is_settled):
    """With everything in the index, and with nothing in it yet."""
    for audience in Audience:
        PracticePageFactory(title=f"Heron for {audience.name.lower()}", audience=audience)
    PracticePageFactory(title="Heron as a draft", live=False)
    if is_settled:
        index()
    assert everything("heron") == ["Heron for public"]
    assert everything("heron", member) == ["Heron for members", "Heron for public"]
    assert everything("heron", leader) == ["Heron for leaders", "Heron for members", "Heron for public"]
    assert len(everything("heron", staff)) == 4


def test_nothing_hidden_is_suggested_not_even_for_a_moment(index, member):
    """The index still has them all as they were; nobody has settled anything since."""
    restricted, gone, renamed, drafted = (
        PracticePageFactory(title=f"Heron {name}") for name in ("restricted", "gone", "renamed", "withdrawn")
    )
    index()
    assert len(everything("heron")) == 4
    restricted.audience = Audience.MEMBERS
    restricted.save_revision().publish()
    gone.delete()
    renamed.title = "Crane"
    renamed.save_revision().publish()
    drafted.unpublish()
    assert everything("heron") == []
    assert everything("crane") == ["Crane"]
    assert everything("heron", member) == ["Heron restricted"]


def test_a_hidden_name_is_suggested_to_nobody_who_may_not_know_it(index, member):
    profile = MemberProfileFactory(name="Hera Heronsdale", name_shown_to=ShownTo.PUBLIC)
    index()
    assert everything("hera") == ["Hera Heronsdale"]
    profile.name_shown_to = ShownTo.MEMBERS
    profile.save()
    assert everything("hera") == []
    assert everything("hera", member) == ["Hera Heronsdale"]
    index()
    assert everything("hera") == []
    assert everything("hera", member) == ["Hera Heronsdale"]


def test_suggestions_go_on_while_the_index_is_gone(own_index):
    PracticePageFactory(title="Heron")
    PracticePageFactory(title="Heron inside", audience=Audience.MEMBERS)
    own_index.parent.mkdir(parents=True, exist_ok=True)
    own_index.write_text("not a folder")
    found = everything("heron")
    own_index.unlink()
    assert found == ["Heron"]


def test_suggestions_cost_few_queries(client, index, member, django_assert_num_queries):
    for number in range(12):
        PracticePageFactory(title=f"Heron {number}")
        MemberProfileFactory(name=f"Hera {number}", name_shown_to=ShownTo.PUBLIC)
    index()
    with django_assert_num_queries(2):  # what the index owes, and the rows
        Client().get("/search/suggest/?q=her")
    client.force_login(member)
    with django_assert_num_queries(5):  # and the session, the account and its role
        client.get("/search/suggest/?q=her")
    assert [len(titles) for titles in suggested("her").values()] == [5, 3]


# Did you mean


def test_a_misspelt_question_is_answered_as_it_was_meant_and_can_be_taken_back(client, index):
    PracticePageFactory(title="Reporting to executives")
    index()
    response = client.get("/search/", {"q": "exectives"})
    text = response.content.decode()
    assert response.context["total"] == 1
    assert (response.context["query"], response.context["typed"]) == ("executives", "exectives")
    assert "Showing results for <strong>executives</strong>" in text
    assert "Search for “exectives” instead" in text
    taken_back = client.get("/search/" + response.context["typed_url"])
    assert taken_back.context["total"] == 0
    assert taken_back.context["query"] == "exectives"
    assert "Did you mean" in taken_back.content.decode()


def test_the_command_answers_what_was_asked(index):
    PracticePageFactory(title="Reporting to executives")
    index()
    answer = find("exectives")
    assert (answer.total, answer.suggestion) == (0, "executives")


def test_one_unknown_word_beside_known_ones_is_asked_about(index):
    PracticePageFactory(title="Reporting to executives")
    PracticePageFactory(title="The yearly report")
    index()
    answer = find("exectives report")
    assert answer.total
    assert answer.suggestion == "executives report"
    assert find("executives report").suggestion == ""


def test_a_known_word_is_never_put_right(index):
    PracticePageFactory(title="A crane")
    PracticePageFactory(title="A crate", gist="Crate upon crate.")
    index()
    assert find("crane crate").suggestion == ""
    assert find("cranes").suggestion == ""


@pytest.mark.parametrize("is_settled", [True, False])
def test_a_hidden_word_is_never_offered(index, staff, member, is_settled):
    page = PracticePageFactory(title="Cormorants")
    index()
    assert find("cormoramts").suggestion == "cormorants"
    page.audience = Audience.STAFF
    page.save_revision().publish()
    if is_settled:
        index()
    for viewer in (None, member):
        assert find("cormoramts", viewer=viewer).suggestion == ""
        assert find("cormoramts", viewer=viewer).total == 0
    assert is_settled is False or find("cormoramts", viewer=staff).suggestion == "cormorants"
    page.delete()
    assert find("cormoramts", viewer=staff).suggestion == ""


def test_a_hidden_word_does_not_stand_in_the_way_of_a_visible_one(index):
    """That a word exists where the viewer may not look does not keep it from being put right."""
    PracticePageFactory(title="Cormoramts", audience=Audience.STAFF)
    PracticePageFactory(title="Cormorants")
    index()
    assert find("cormoramts").suggestion == "cormorants"


def test_a_name_hidden_by_its_owner_is_never_offered(index):
    profile = MemberProfileFactory(name="Hera Heronsdale", name_shown_to=ShownTo.PUBLIC)
    index()
    assert find("heronsdael").suggestion == "heronsdale"
    profile.name_shown_to = ShownTo.MEMBERS
    profile.save()
    assert find("heronsdael").suggestion == ""
    index()
    assert find("heronsdael").suggestion == ""


def test_the_database_spells_as_the_index_does(index):
    PracticePageFactory(title="Reporting to executives", gist="Quarterly.")
    PracticePageFactory(title="Cormorants", audience=Audience.STAFF)
    index()
    entries = visible(scopes_of(None))
    for typed, meant in [("exectives", "executives"), ("cormoramts", ""), ("quartrely", "quarterly"), ("cat", "")]:
        assert spelling.did_you_mean(ask(typed), entries, lambda text: 1, owed=[]) == meant
        assert spelling.did_you_mean(ask(typed), entries, lambda text: 1, owed=None) == meant


# Like us, unlike us


@pytest.fixture
def places(index):
    """Pages of three places, and a member who stands in the first."""
    ours, theirs = FunctionFactory(name="Research"), FunctionFactory(name="Service")
    health, housing = IndustryFactory(name="Health"), IndustryFactory(name="Housing")
    PracticePageFactory(title="Heron ours", many={"functions": [ours], "industries": [health]})
    PracticePageFactory(title="Heron half ours", many={"functions": [ours], "industries": [housing]})
    PracticePageFactory(title="Heron theirs", many={"functions": [theirs], "industries": [housing]})
    PracticePageFactory(title="Heron of nobody")
    user = UserFactory()
    MemberProfileFactory(user=user, name="Ines", function=ours, industry=health)
    index()
    return user


def test_like_us_and_unlike_us(places):
    def titles(**asked):
        answer = find("heron", viewer=places, **asked)
        assert answer.total == len(answer.hits) == sum(answer.facets["kind"].values())
        return sorted(hit.entry.title for hit in answer.hits)

    assert len(titles()) == 4
    assert titles(like="like") == ["Heron half ours", "Heron ours"]
    assert titles(like="unlike") == ["Heron theirs"]


def test_like_us_holds_for_what_the_index_owes_too(places, index):
    ours = find("heron", viewer=places, like="like")
    page = PracticePageFactory(
        title="Heron new", many={"functions": [ours.vocabulary.by_slug("function")["research"].pk], "industries": []}
    )
    assert page.title in {hit.entry.title for hit in find("heron", viewer=places, like="like").hits}


def test_whose_experience_can_be_chosen_and_kept(client, places):
    client.force_login(places)
    response = client.get("/search/?q=heron&like=unlike&kind=practice")
    assert [(option.label, option.selected) for option in response.context["whose"]] == [
        ("Everybody", False),
        ("Like us", False),
        ("Unlike us", True),
    ]
    assert response.context["whose"][0].url == "?q=heron&kind=practice"
    assert ("like", "unlike") in response.context["kept"]
    assert response.context["total"] == 1


def test_without_a_place_the_choice_is_not_there(client, index):
    PracticePageFactory(title="Heron")
    index()
    for somebody in (None, UserFactory()):
        if somebody:
            client.force_login(somebody)
        response = client.get("/search/?q=heron&like=like")
        assert response.context["whose"] == []
        assert response.context["total"] == 1
        assert "the function and industry on your profile" in response.context["notes"][0]


# Nothing found


def test_nothing_found_says_which_choice_to_take_away(client, index):
    herons = TopicFactory(name="Herons", slug="herons")
    PracticePageFactory(title="Crane", many={"topics": [herons]})
    PracticePageFactory(title="Crane by the sea")
    PracticePageFactory(title="Crane inside", audience=Audience.STAFF)
    index()
    response = client.get("/search/?q=crane&topic=herons&kind=report")
    assert response.context["total"] == 0
    assert response.context["unfiltered_total"] == 2
    assert [(wider.labels, wider.number, wider.url) for wider in response.context["wider"]] == [
        (["Reports"], 1, "?q=crane&topic=herons"),
    ]
    assert "Without “Reports”" in response.content.decode()


def test_nothing_found_leads_to_topics_and_people_the_viewer_may_see(client, index, member):
    near, hidden, other = (
        TopicFactory(name=name, slug=name.lower()) for name in ("Volunteers", "Volunteerism", "Budgets")
    )
    PracticePageFactory(title="Heron", many={"topics": [near]})
    PracticePageFactory(title="Heron inside", many={"topics": [near, hidden]}, audience=Audience.STAFF)
    PracticePageFactory(title="Crane", many={"topics": [other]})
    knows = MemberProfileFactory(name="Hera Heronsdale", name_shown_to=ShownTo.PUBLIC, topics_shown_to=ShownTo.PUBLIC)
    knows.topics.add(near)
    index()
    leads = client.get("/search/?q=volunteurs&exact=1").context["leads"]
    assert [(topic.name, topic.number) for topic in leads.topics][:1] == [("Volunteers", 2)], "a page and a person"
    assert "Volunteerism" not in {topic.name for topic in leads.topics}
    assert [row.title for row in leads.people] == ["Hera Heronsdale"]
    largest = client.get("/search/?q=zyxqua").context["leads"]
    assert not largest.are_near
    assert {topic.name for topic in largest.topics} == {"Volunteers", "Budgets"}
    client.force_login(member)
    assert "Bring it to a roundtable" in client.get("/search/?q=zyxqua").content.decode()


def test_nothing_found_costs_ten_queries_at_most(client, index, django_assert_max_num_queries):
    PracticePageFactory(title="Heron", many={"topics": [TopicFactory(name="Volunteers")]})
    index()
    with django_assert_max_num_queries(10):
        client.get("/search/?q=volunteurs&exact=1")


# The piece of text that is shown


def test_a_passage_begins_with_its_sentence_and_holds_most_of_the_words():
    text = f"{'Much else was said. ' * 40}Then the heron, tired of the river, left. {'More of it. ' * 40}A heron."
    found = passage(text, Marks(stems_of(["heron", "river"])))
    assert found.startswith("… Then the heron, tired of the river, left. More")
    assert found.endswith(" …")
    assert len(found) < 260
    assert passage(text, Marks(stems_of(["crane"]))) == ""
