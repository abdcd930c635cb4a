"""For this question, this comes first: each rule with something that would win if the rule were missing."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.models import Locale

from hub.pages.enums import Audience
from hub.taxonomy.models import TopicSynonym
from search.domain import engine, priors
from search.domain.query import find
from search.domain.rows import rows
from search.models import Entry, PromotedResult, Synonym
from tests.factories import MemberProfileFactory, PracticePageFactory, TopicFactory
from tests.search.asking import titles

pytestmark = pytest.mark.django_db

SHELF = {
    "The one-page letter": "Report to executives in one page of prose, built around a decision they have to take.",
    "A monthly scorecard": "Seven figures on one page, shown to executives on the first Monday.",
    "When the sponsor leaves": "What to do in the first sixty days when the executive who knew you has gone.",
    "Two languages at one table": "A volunteer whispers; everybody writes less and says more.",
    "Welcoming new members": "A buddy, a first question, a table to sit at within two weeks.",
    "Numbers where the number is the duty": "In a regulated field show the figure alone, then the story.",
    "Meeting every week": "A standing appointment that people may miss.",
    "How we meet hospital boards": "What a board asks, and what it reads.",
}


@pytest.fixture
def shelf(index):
    for title, gist in SHELF.items():
        PracticePageFactory(title=title, gist=gist)
    index()


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("how do I report to executives", "The one-page letter"),
        ("sponsor left", "When the sponsor leaves"),
        ("our executive sponsor is leaving, what now?", "When the sponsor leaves"),
        ("figures for executives", "A monthly scorecard"),
        ("new member", "Welcoming new members"),
        ("onboarding a buddy for newcomers", "Welcoming new members"),
        ("language", "Two languages at one table"),
        ("hospital board", "How we meet hospital boards"),
        ("meetings", "Meeting every week"),
        ('"regulated field"', "Numbers where the number is the duty"),
        ('what about a "regulated field", and figures', "Numbers where the number is the duty"),
        ("“regulated field”", "Numbers where the number is the duty"),
        ('"regulated field', "Numbers where the number is the duty"),
        ('hospital" board', "How we meet hospital boards"),
        ('"" hospital boards ""', "How we meet hospital boards"),
    ],
)
def test_the_right_practice_comes_first(shelf, question, first):
    assert titles(question)[0] == first


# Words


@pytest.fixture
def common():
    """Makes a word common, so that having it is worth little by itself."""

    def make(word):
        for number in range(6):
            PracticePageFactory(title=f"Minutes {number}", gist=f"A {word}.")

    return make


LONG = "Of kitchens, gardens, workshops and many other things that people told us about in the course of a year"


def test_a_short_question_means_all_its_words(index, common):
    common("board")
    PracticePageFactory(title="Sponsor", gist="sponsor sponsor sponsor")
    PracticePageFactory(title="A long page", gist=f"{LONG}, and once of a sponsor and a board.")
    index()
    assert titles("sponsor board")[:2] == ["A long page", "Sponsor"]


def test_a_word_as_it_was_typed_comes_before_another_form_of_it(index):
    PracticePageFactory(title="Planning the hall", gist="A plan.")
    PracticePageFactory(title="Plans of the hall", gist="A plan.")
    index()
    assert titles("plans")[0] == "Plans of the hall"
    assert titles("planning")[0] == "Planning the hall"


def test_a_phrase_has_to_be_there_as_it_stands(index):
    PracticePageFactory(title="Table round", gist="The table is round; a table, round, rounder, rounded.")
    PracticePageFactory(title="Of chairs", gist="They sat at a round table; the rest says nothing about it.")
    index()
    assert titles("round table")[0] == "Table round"
    assert titles('"round table"') == ["Of chairs"]
    assert titles('chairs "round table"') == ["Of chairs"]
    assert titles('"round table" "of the table"') == []
    assert set(titles('"round table')) == {"Table round", "Of chairs"}, "half a quotation is none"


def test_one_word_in_quotation_marks_is_not_stemmed(index):
    PracticePageFactory(title="Meeting", gist="A meeting.")
    PracticePageFactory(title="Hall", gist="It meets.")
    index()
    assert set(titles("meets")) == {"Meeting", "Hall"}
    assert titles('"meets"') == ["Hall"]


def test_a_phrase_leaves_all_the_words_first(index, common):
    common("volunteer")
    PracticePageFactory(title="Budget, budget, budget", gist="A round table about the budget.")
    PracticePageFactory(title="Of chairs", gist=f"{LONG}: a round table of volunteers and a budget.")
    index()
    assert titles('volunteers budget "round table"') == ["Of chairs", "Budget, budget, budget"]


# Languages


@pytest.fixture
def german(settings):
    settings.WAGTAIL_CONTENT_LANGUAGES = [("en-gb", "English"), ("de", "Deutsch")]
    settings.LANGUAGES = settings.WAGTAIL_CONTENT_LANGUAGES
    return Locale.objects.get_or_create(language_code="de")[0]


def page_in(locale, **fields):
    page = PracticePageFactory(**fields)
    page.locale = locale
    page.save()
    return page


def test_a_page_is_found_by_other_forms_of_a_word_in_its_own_language(index, german):
    page_in(german, title="Protokolle", gist="Wie wir Sitzungen vorbereiten.")
    PracticePageFactory(title="Minutes", gist="How we prepare meetings.")
    index()
    assert titles("Sitzung") == ["Protokolle"]
    assert titles("vorbereitete Sitzung")[0] == "Protokolle"
    assert titles("prepared meeting") == ["Minutes"]


def test_stop_words_of_one_language_are_no_cliff_for_another(index, german):
    page_in(german, title="Ehrenamt", gist="Die Freiwilligen und was sie die Woche über tun, auch die neuen.")
    PracticePageFactory(title="Dice", gist="A die, and a die again; Freiwilligen are named once, in passing.")
    for number in range(4):
        PracticePageFactory(title=f"Games {number}", gist="A die.")
    index()
    assert set(titles("die Freiwilligen")) == {"Ehrenamt", "Dice"}
    assert "Dice" in titles("die"), "what means something in one language is looked up there"


def test_in_a_mixed_hub_a_word_is_as_rare_as_it_is(index, german):
    """A word both languages share is not twice as rare because each stems it in its own way."""
    page_in(german, title="Community", gist="Die Community.")
    for number in range(5):
        PracticePageFactory(title=f"Communities {number}", gist="A community of gardeners.")
    PracticePageFactory(title="Gardeners", gist="Gardeners.")
    index()
    found = {hit.entry.title: hit.score for hit in find("community").hits}
    assert len(found) == 6
    assert found["Community"] < 2 * found["Communities 1"]


def test_words_are_marked_in_the_language_of_the_page(index, german):
    page_in(german, title="Protokolle", gist="Wie wir Sitzungen vorbereiten.")
    Synonym.objects.create(words="Treffen, Sitzung", language="de")
    index()
    for question in ("Sitzung", "Treffen"):
        (row,) = rows(find(question))
        assert "<mark>Sitzungen</mark>" in row.gist_html


# Synonyms


def test_a_synonym_of_its_topic_finds_it(index):
    topic = TopicFactory(name="Onboarding", slug="onboarding")
    TopicSynonym.objects.create(topic=topic, name="Newcomers", slug="newcomers")
    PracticePageFactory(title="A table within two weeks", many={"topics": [topic]})
    index()
    assert "A table within two weeks" in titles("newcomer")


def test_a_synonym_finds_but_stays_below_the_word(index):
    PracticePageFactory(title="Induction", gist="How we do it.")
    PracticePageFactory(title="Onboarding", gist="How we do it.")
    PracticePageFactory(title="Elsewhere", gist="How we do it.")
    index()
    assert titles("onboarding") == ["Onboarding"]
    Synonym.objects.create(words="onboarding, induction, first weeks")
    assert titles("onboarding") == ["Onboarding", "Induction"]
    assert titles("inductions") == ["Induction", "Onboarding"]
    assert set(titles("first weeks")) == {"Onboarding", "Induction"}


def test_a_synonym_of_several_words_is_looked_up_as_a_phrase(index):
    PracticePageFactory(title="From the kitchen", gist="How we work from home.")
    PracticePageFactory(title="Home", gist="Where people go after work.")
    PracticePageFactory(title="Telework", gist="Away from the office.")
    Synonym.objects.create(words="telework, work from home")
    index()
    assert titles("telework") == ["Telework", "From the kitchen"]
    assert set(titles("work from home")) == {"Telework", "From the kitchen", "Home"}


def test_a_phrase_that_will_do_is_marked_where_it_stands_whole(index):
    PracticePageFactory(title="Home", gist="We work, from\nhome; at home the work of a home works. Telework!")
    Synonym.objects.create(words="telework, work from home")
    index()
    (row,) = rows(find("telework"))
    assert row.title_html == "Home"
    assert row.gist_html == (
        "We <mark>work</mark>, <mark>from</mark> <mark>home</mark>; at home the work of a home works. "
        "<mark>Telework</mark>!"
    )


def test_what_has_all_the_words_by_a_synonym_comes_before_what_has_some(index):
    PracticePageFactory(title="Policy", gist="A policy, the policy, and policy again; every policy.")
    PracticePageFactory(
        title="Of kitchens", gist="Many words about kitchens and then, once, a policy on telework for all."
    )
    Synonym.objects.create(words="telework, remote work")
    index()
    assert titles("remote work policy")[0] == "Of kitchens"


def test_synonyms_show_nobody_what_is_not_for_them(index, member):
    PracticePageFactory(title="Induction", gist="Secret.", audience=Audience.MEMBERS)
    PracticePageFactory(title="Onboarding")
    Synonym.objects.create(words="onboarding, induction")
    index()
    answer = find("onboarding")
    assert ([hit.entry.title for hit in answer.hits], answer.total, sum(answer.facets["kind"].values())) == (
        ["Onboarding"], 1, 1
    )  # fmt: skip
    assert titles("onboarding", member) == ["Onboarding", "Induction"]


def test_a_group_of_synonyms_has_at_least_two():
    with pytest.raises(ValidationError, match="at least two"):
        Synonym(words="alone, ,").full_clean()


# Promoted results


def promote(page, words, **fields):
    return PromotedResult.objects.create(words=words, source_model="pages.basepage", source_id=page.pk, **fields)


@pytest.fixture
def welcome(index):
    """Two pages about members, and one that is not and that staff want people to see."""
    PracticePageFactory(title="Members, members", gist="New members.")
    PracticePageFactory(title="A new member", gist="One more.")
    chosen = PracticePageFactory(title="Start here", gist="A tour.")
    index()
    return chosen


def test_what_staff_chose_comes_first_and_counts_once(welcome):
    promote(welcome, "new members, newcomers")
    answer = find("Members, new!")
    assert [hit.is_promoted for hit in answer.hits] == [True, False, False]
    assert answer.hits[0].entry.title == "Start here"
    assert answer.total == 3 == sum(answer.facets["kind"].values())
    assert titles("newcomer") == ["Start here"]
    assert "Start here" not in titles("new members of the board"), "another question"


def test_it_says_that_it_was_chosen(welcome, client):
    promote(welcome, "new members")
    page = client.get("/search/?q=new members").content.decode()
    assert page.count("Chosen by the editors") == 1
    assert page.index("Start here") < page.index("Chosen by the editors") < page.index("/a-new-member/")


def test_what_was_found_anyway_is_not_shown_twice(welcome):
    promote(welcome, "tour")
    promote(Entry.objects.get(title="A new member"), "tour")  # of no source
    answer = find("tour")
    assert ([hit.entry.title for hit in answer.hits], answer.total) == (["Start here"], 1)


def test_what_was_chosen_keeps_to_filters_pages_and_days(welcome):
    promotion = promote(welcome, "new members")
    assert titles("new members", kind=["report"]) == []
    assert titles("new members", kind=["practice"])[0] == "Start here"
    second = find("new members", page=2, per_page=1)
    assert (second.total, len(second.hits), second.hits[0].is_promoted) == (3, 1, False)
    for change in ({"starts": timezone.localdate() + timedelta(1)}, {"ends": timezone.localdate() - timedelta(1)}):
        PromotedResult.objects.filter(pk=promotion.pk).update(**{"starts": None, "ends": None} | change)
        assert "Start here" not in titles("new members")


@pytest.mark.parametrize("hidden", ["audience", "unpublished", "deleted"])
def test_what_was_chosen_shows_only_to_those_who_may_find_it(welcome, index, member, hidden):
    found = {viewer: find("new members", viewer=viewer).total for viewer in (None, member)}
    promote(welcome, "new members")
    if hidden == "audience":
        welcome.audience = Audience.LEADERS
        welcome.save()
    elif hidden == "unpublished":
        welcome.unpublish()
    else:
        welcome.delete()
    for _ in range(2):  # before the index knows, and after
        for viewer in (None, member):
            answer = find("new members", viewer=viewer)
            assert "Start here" not in [hit.entry.title for hit in answer.hits]
            assert answer.total == found[viewer] == sum(answer.facets["kind"].values())
        index()


# Freshness and verification


def dated(title, *, days=0, gist="A table.", **fields):
    # As an archive brings it: publishing here would be a verification.
    page = PracticePageFactory(title=title, gist=gist, source_path=f"{title}.md", **fields)
    Entry.objects.filter(source_id=page.pk, source_model="pages.basepage").update(
        date=timezone.localdate() - timedelta(days)
    )
    return page


def verified(days_left):
    today = timezone.localdate()
    return {"verified_on": today - timedelta(90), "verify_by": today + timedelta(days_left)}


def test_of_equal_pages_the_fresh_and_the_verified_come_first(index):
    dated("Table 1", days=3000)
    dated("Table 3", days=10, **verified(-5))
    dated("Table 2", days=10)
    dated("Table 4", days=10, **verified(200))
    index()
    assert titles("table") == ["Table 4", "Table 2", "Table 3", "Table 1"]


def test_freshness_never_overtakes_what_matches_clearly_better(index):
    dated("Of tables", days=6000, gist="Tables: a round table, a long table.", **verified(-900))
    dated("News", days=0, gist="Among many other things that happened this week, somebody bought one table for us.",
          **verified(300))  # fmt: skip
    dated("More news", days=0, gist="Nothing about furniture.", **verified(300))
    index()
    assert titles("table") == ["Of tables", "News"]
    # Where both have all the words, that is no merit that the nudge could multiply.
    dated("Long tables", days=6000, gist="Long tables: one long table, and a longer table.", **verified(-900))
    dated("Last news", days=0, gist="It took long until somebody bought one table for us.", **verified(300))
    index()
    assert titles("long table")[0] == "Long tables"


def test_freshness_never_overtakes_what_has_all_the_words(index, common):
    common("board")
    dated("A long page", days=6000, gist=f"{LONG}, and once of a sponsor and a board.", **verified(-900))
    dated("Sponsor", days=0, gist="sponsor sponsor sponsor", **verified(300))
    index()
    assert titles("sponsor board")[:2] == ["A long page", "Sponsor"]


def test_the_nudge_spans_a_tenth():
    today = timezone.localdate()
    best = Entry(date=today, verify_by=today + timedelta(300), facts={"verified_on": today.isoformat()})
    worst = Entry(date=today - timedelta(9000), verify_by=today - timedelta(1), facts={})
    assert priors.factor(best, today) / priors.factor(worst, today) < 1.11
    assert priors.factor(worst, today) < priors.factor(Entry(), today) < priors.factor(best, today)


def test_a_page_of_results_is_a_slice_of_one_order(index):
    for number in range(12):
        dated(f"Table {number}", days=number * 400)
    index()
    whole = titles("table")
    assert [hit.entry.title for page in (1, 2, 3) for hit in find("table", page=page, per_page=5).hits] == whole


def test_an_engine_whose_numbers_do_not_say_its_order_is_left_alone():
    today = timezone.localdate()
    old, new = Entry(pk=1, date=today - timedelta(900)), Entry(pk=2, date=today)
    assert priors.reordered([(old, 1.0), (new, 2.0)], engine.split_score, today) == [(old, 1.0), (new, 2.0)]
    assert [entry for entry, _ in priors.reordered([(old, 1.0), (new, 1.0)], engine.split_score, today)] == [new, old]


# Names


def test_a_name_finds_the_person_first(index, member):
    MemberProfileFactory(name="Hannah Voss", bio="Runs a community of carers.")
    PracticePageFactory(title="Shifts", gist="What Hannah did about night shifts.")
    index()
    assert titles("hannah voss", member)[0] == "Hannah Voss"


def test_a_name_spelt_nearly_so_is_found_below_the_exact_one(index, member):
    MemberProfileFactory(name="Hanna Meyer", bio="Gardens.")
    MemberProfileFactory(name="Hannah Voss", bio="Carers.")
    PracticePageFactory(title="Shifts", gist="Hanna wrote this, and Hanna again: Hanna, Hanna.")
    PracticePageFactory(title="Hall", gist="A henna workshop: in no title, so it is no name.")
    index()
    assert titles("hanna", member)[-1] == "Hannah Voss"
    assert set(titles("hanna", member)) == {"Hanna Meyer", "Shifts", "Hannah Voss"}
    assert titles("hanna voss", member)[0] == "Hannah Voss", "the nearly right name and the right one, before either"
    assert "Hannah Voss" not in titles('"hanna"', member)


def test_a_title_spelt_nearly_so_is_found_below_the_exact_one(index):
    PracticePageFactory(title="The scorecard", gist="Figures.")
    PracticePageFactory(title="Elsewhere", gist="One scorecrd, as somebody wrote it.")
    index()
    assert titles("scorecrd") == ["Elsewhere", "The scorecard"]
    assert titles("scorecrd", kind=["practice"]) == ["Elsewhere", "The scorecard"]
    assert find("scorecrd", kind=["report"]).unfiltered_total == 2


def test_no_hidden_name_is_nearly_anything(index, member):
    PracticePageFactory(title="Zacharias", gist="A garden.")
    PracticePageFactory(title="Zachariah", gist="Also.", audience=Audience.LEADERS)
    index()
    assert titles("zacharias") == ["Zacharias"] == titles("zacharias", member)


# Without an index, plainer but by the same rules


def test_the_database_keeps_to_the_same_rules(index, german, monkeypatch):
    PracticePageFactory(title="Policy", gist="A policy, the policy, and policy again; every policy.")
    PracticePageFactory(
        title="Of kitchens", gist="Many words about kitchens and then, once, a policy on telework for all."
    )
    chosen = PracticePageFactory(title="Start here", gist="A tour.")
    page_in(german, title="Protokolle", gist="Wie wir Sitzungen vorbereiten.")
    Synonym.objects.create(words="telework, remote work")
    promote(chosen, "policy")
    index()
    monkeypatch.setattr("search.domain.query.MOST_PENDING", -1)
    answer = find("remote work policy")
    assert answer.from_database and answer.hits[0].entry.title == "Of kitchens"
    assert titles("policy")[0] == "Start here" and len(titles("policy")) == 3
    assert titles("Sitzung") == ["Protokolle"]
