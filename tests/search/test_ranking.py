"""For this question, this comes first."""

import pytest

from hub.taxonomy.models import TopicSynonym
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
    ],
)
def test_the_right_practice_comes_first(shelf, question, first):
    assert titles(question)[0] == first


def test_a_short_question_means_all_its_words(index):
    PracticePageFactory(title="Sponsor", gist="sponsor sponsor sponsor")
    PracticePageFactory(title="A long page", gist="Of boards and many other things, and once of a sponsor.")
    index()
    assert titles("sponsor board")[0] == "A long page"


def test_a_synonym_of_its_topic_finds_it(index):
    topic = TopicFactory(name="Onboarding", slug="onboarding")
    TopicSynonym.objects.create(topic=topic, name="Newcomers", slug="newcomers")
    PracticePageFactory(title="A table within two weeks", many={"topics": [topic]})
    index()
    assert "A table within two weeks" in titles("newcomer")


def test_a_name_finds_the_person_first(index, member):
    MemberProfileFactory(name="Hannah Voss", bio="Runs a community of carers.")
    PracticePageFactory(title="Shifts", gist="What Hannah did about night shifts.")
    index()
    assert titles("hannah voss", member)[0] == "Hannah Voss"
