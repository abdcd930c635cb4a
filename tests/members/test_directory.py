"""The directory: finding people, page by page, at a price that does not grow."""

import pytest

from hub.members import registry
from hub.members.models import MemberProfile
from tests.factories import FunctionFactory, IndustryFactory, MemberProfileFactory, TopicFactory

pytestmark = pytest.mark.django_db


def names(response):
    return [person.name for person in response.context["people"]]


@pytest.fixture
def people():
    research, service = FunctionFactory(name="Research"), FunctionFactory(name="Service")
    health, food = IndustryFactory(name="Health"), IndustryFactory(name="Food")
    consent, surveys = TopicFactory(name="Consent"), TopicFactory(name="Surveys")
    rows = [
        ("Ann", research, health, [consent]),
        ("Ben", research, food, [consent, surveys]),
        ("Cas", service, health, []),
    ]
    for name, function, industry, topics in rows:
        person = MemberProfileFactory(
            name=name, slug=name.lower(), function=function, industry=industry, organisation=f"{name} Ltd"
        )
        person.topics.set(topics)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Ann", "Ben", "Cas", "Mona Member"]),
        ("function=research", ["Ann", "Ben"]),
        ("function=research&function=service", ["Ann", "Ben", "Cas"]),
        ("function=research&industry=food", ["Ben"]),
        ("topic=consent", ["Ann", "Ben"]),
        ("topic=consent&topic=surveys", ["Ann", "Ben"]),
        ("q=ben", ["Ben"]),
        ("q=ltd+cas", ["Cas"]),
        ("q=ltd&industry=health", ["Ann", "Cas"]),
        ("function=no-such", []),
        ("q=%00", ["Ann", "Ben", "Cas", "Mona Member"]),
        ("page=99", ["Ann", "Ben", "Cas", "Mona Member"]),
        ("page=x", ["Ann", "Ben", "Cas", "Mona Member"]),
    ],
)
def test_finding_people(client, member, people, query, found):
    client.force_login(member)
    assert names(client.get(f"/people/?{query}")) == found


def test_each_way_to_narrow_down_is_counted_over_what_the_others_leave(client, member, people):
    client.force_login(member)
    context = client.get("/people/?function=research&topic=consent").context
    counts = {facet.name: {option.label: option.count for option in facet.options} for facet in context["facets"]}
    assert counts["function"]["Research"] == 2 and "Service" not in counts["function"]
    assert counts["industry"] == {"Food": 1, "Health": 1}
    assert counts["topic"] == {"Consent": 2, "Surveys": 1}
    assert [(chip.label, chip.url) for chip in context["chosen"]] == [
        ("Research", "?topic=consent"),
        ("Consent", "?function=research"),
    ]


@pytest.mark.parametrize("count", (1, 3, 30))
def test_the_directory_costs_the_same_however_many_people_there_are(
    client, member, count, django_assert_max_num_queries
):
    topic = TopicFactory()
    for person in MemberProfileFactory.create_batch(count):
        person.topics.set([topic])
    client.force_login(member)
    client.get("/people/")
    with django_assert_max_num_queries(12):
        response = client.get("/people/")
    assert len(response.context["people"]) == min(count + 1, 24)


def test_a_person_with_nothing_filled_in_has_a_page(client, member):
    MemberProfileFactory(name="Bare Bones", slug="bare-bones", organisation="", function=None, industry=None)
    client.force_login(member)
    assert client.get("/people/bare-bones/").status_code == 200


def test_somebody_known_from_the_archive_has_a_page_without_an_account(client, member):
    MemberProfileFactory(name="Archie Val", slug="archie-val", user=None)
    client.force_login(member)
    assert client.get("/people/archie-val/").status_code == 200


def test_apps_above_add_contributions_and_decide_who_sees_them(client, member, monkeypatch):
    asked = []

    def contributions(profile, viewer):
        asked.append((profile.name, viewer))
        return [] if viewer.is_authenticated else ["nothing for members"]

    monkeypatch.setattr(registry, "_contributions", [contributions])
    MemberProfileFactory(name="Writer", slug="writer")
    client.force_login(member)
    response = client.get("/people/writer/")
    assert response.context["pages"] == []
    assert asked == [("Writer", member)]


def test_pages_of_people_cost_little(client, member, django_assert_max_num_queries):
    person = MemberProfileFactory(name="Cheap", slug="cheap")
    person.topics.set([TopicFactory()])
    client.force_login(member)
    client.get("/people/cheap/")
    with django_assert_max_num_queries(10):
        client.get("/people/cheap/")


def test_every_profile_has_an_address_of_its_own():
    from hub.members.domain.profiles import open_profile
    from tests.factories import UserFactory

    slugs = [open_profile(UserFactory(), name="Sam Same").slug for _ in range(3)]
    assert slugs == ["sam-same", "sam-same-2", "sam-same-3"]
    assert open_profile(UserFactory(), name="名前").slug == "member"
    assert MemberProfile.objects.count() == 4
