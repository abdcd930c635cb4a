"""What changes is right at once: in results, totals and facets, for every page that the change touches.

Every case is asked twice: before the index knows, and after; and with the index really on disk.
"""

import pytest
from wagtail.models import PageViewRestriction

from hub.editorial.models import Byline
from hub.media.models import HubDocument
from hub.members.enums import ShownTo
from hub.members.models import MemberProfile
from hub.pages.enums import Audience
from hub.pages.models import BasePage
from hub.taxonomy.domain.topics import merge_topics
from hub.taxonomy.models import Topic, TopicSynonym
from roundtables.enums import AttributionMode
from search.domain import catalogue
from search.domain.query import find
from search.models import Entry
from tests.factories import (
    FunctionFactory,
    IndustryFactory,
    MemberProfileFactory,
    PracticePageFactory,
    SessionPageFactory,
    StandardPageFactory,
    TopicFactory,
)
from tests.search.asking import titles

pytestmark = pytest.mark.django_db


@pytest.fixture
def both(index):
    """Checks something while the index owes the change, and again when it has it."""

    def check(assertion):
        assertion()
        index()
        assertion()

    return check


def fresh(page):
    """The page as the editor would load it."""
    return BasePage.objects.get(pk=page.pk).specific


def section_with_pages():
    """A section that all may read, with a page in it and one below that."""
    section = StandardPageFactory(title="Heron section")
    page = StandardPageFactory(title="Heron page", parent=section)
    StandardPageFactory(title="Heron leaf", parent=page)
    return section, page


def test_published_is_found(both):
    PracticePageFactory(title="The one-page letter", gist="Report to executives in prose.")
    both(lambda: titles("executive reports") == ["The one-page letter"] or pytest.fail("not found"))


def test_a_draft_is_never_found_nor_is_its_text_in_the_catalogue(index, staff):
    PracticePageFactory(title="Quokka draft", live=False)
    page = PracticePageFactory(title="Quokka live", gist="seen by all")
    index()
    page.gist = "wombatsecret"
    page.title = "Wombatsecret"
    page.save_revision()
    assert titles("quokka", staff) == ["Quokka live"]
    assert titles("wombatsecret", staff) == []
    assert not Entry.objects.filter(summary__contains="wombatsecret").exists()


def test_a_changed_text_is_found_by_its_new_words_only(both):
    page = PracticePageFactory(title="Letter", gist="about herons")
    page = fresh(page)
    page.gist = "about cranes"
    page.save_revision().publish()

    def right():
        assert titles("cranes") == ["Letter"]
        assert titles("herons") == []

    both(right)


@pytest.mark.parametrize("how", ["unpublish", "delete", "delete in bulk"])
def test_what_is_taken_away_is_gone(both, index, staff, how):
    page = PracticePageFactory(title="Heron going")
    PracticePageFactory(title="Heron staying")
    index()
    if how == "unpublish":
        fresh(page).unpublish()
    elif how == "delete":
        fresh(page).delete()
    else:
        BasePage.objects.filter(pk=page.pk).delete()

    def right():
        answer = find("heron", viewer=staff)
        assert [hit.entry.title for hit in answer.hits] == ["Heron staying"]
        assert (answer.total, answer.facets["kind"]) == (1, {"practice": 1})

    both(right)
    assert not Entry.objects.filter(title="Heron going").exists()  # nor is there a tombstone left


def test_a_deleted_section_takes_its_pages_with_it(both, index):
    section, _ = section_with_pages()
    index()
    fresh(section).delete()
    both(lambda: titles("heron") == [] or pytest.fail("still there"))


@pytest.mark.parametrize("how", ["audience", "login", "group"])
def test_a_restricted_section_hides_every_page_in_it(both, index, member, staff, how):
    section, _ = section_with_pages()
    StandardPageFactory(title="Heron elsewhere")
    index()
    if how == "audience":
        section = fresh(section)
        section.audience = Audience.STAFF
        section.save_revision().publish()
    elif how == "login":
        restriction = PageViewRestriction.objects.create(page_id=section.pk, restriction_type="login")
    else:
        restriction = PageViewRestriction.objects.create(page_id=section.pk, restriction_type="groups")

    def right():
        answer = find("heron")
        assert [hit.entry.title for hit in answer.hits] == ["Heron elsewhere"]
        assert (answer.total, answer.facets["kind"]) == (1, {"page": 1})
        assert len(titles("heron", member)) == (4 if how == "login" else 1)
        assert len(titles("heron", staff)) == 4

    both(right)
    if how == "audience":
        section = fresh(section)
        section.audience = Audience.PUBLIC
        section.save_revision().publish()
    else:
        restriction.delete()
    both(lambda: len(titles("heron")) == 4 or pytest.fail("did not come back"))


def test_a_moved_section_has_its_new_addresses_and_audience(both, index, member):
    section, _ = section_with_pages()
    closed = StandardPageFactory(title="Closed", slug="closed", audience=Audience.MEMBERS)
    index()
    fresh(section).move(fresh(closed), pos="last-child")

    def right():
        assert titles("heron") == []
        found = {hit.entry.title: hit.entry.url for hit in find("heron", viewer=member).hits}
        assert found == {
            "Heron section": "/closed/heron-section/",
            "Heron page": "/closed/heron-section/heron-page/",
            "Heron leaf": "/closed/heron-section/heron-page/heron-leaf/",
        }

    both(right)


def test_a_new_slug_changes_every_address_below_it(both, index):
    section, _ = section_with_pages()
    index()
    section = fresh(section)
    section.slug = "egret"
    section.save_revision().publish()
    both(
        lambda: (
            {hit.entry.url for hit in find("heron").hits}
            == {"/egret/", "/egret/heron-page/", "/egret/heron-page/heron-leaf/"}
            or pytest.fail("old addresses")
        )
    )


def test_a_topics_names_are_words_of_what_it_is_about(both, index):
    topic = TopicFactory(name="Sponsors", slug="sponsors")
    PracticePageFactory(title="Letter", many={"topics": [topic]})
    index()
    TopicSynonym.objects.create(topic=topic, name="Patrons")
    both(lambda: set(titles("patrons")) == {"Letter", "Sponsors"} or pytest.fail("synonym"))
    topic.name = "Benefactors"
    topic.save()

    def renamed():
        assert set(titles("benefactors")) == {"Letter", "Benefactors"}
        assert titles("sponsors") == []

    both(renamed)


def test_a_merged_topic_leaves_no_trace(both, index):
    old, new = TopicFactory(name="Backers", slug="backers"), TopicFactory(name="Sponsors", slug="sponsors")
    PracticePageFactory(title="Letter", many={"topics": [old]})
    index()
    merge_topics(old, new)

    def right():
        answer = find("letter")
        assert answer.facets["topic"] == {new.pk: 1}
        assert [hit.entry.title for hit in find("", topic=["sponsors"]).hits] == ["Letter"]
        assert not Topic.objects.filter(slug="backers").exists()

    both(right)


def test_people_are_found_as_far_as_they_are_shown(both, index, member):
    profile = MemberProfileFactory(
        name="Adaeze Obi",
        name_shown_to=ShownTo.PUBLIC,
        organisation="Norrvik Water",
        bio="Keeps herons.",
        bio_shown_to=ShownTo.ONLY_ME,
    )
    index()
    assert titles("adaeze") == titles("adaeze", member) == ["Adaeze Obi"]  # once for each, never twice
    assert titles("norrvik") == []
    assert titles("norrvik", member) == ["Adaeze Obi"]
    assert titles("herons", member) == titles("herons", profile.user) == []
    profile.organisation_shown_to = ShownTo.CONNECTED
    profile.save()
    both(lambda: titles("norrvik", member) == [] or pytest.fail("hidden value found"))
    profile.is_listed = False
    profile.save()
    both(lambda: titles("adaeze", member) == [] or pytest.fail("unlisted person found"))


def test_hidden_function_industry_and_topics_are_not_counted(index, member):
    topic = TopicFactory(name="Herons", slug="herons")
    profile = MemberProfileFactory(
        name="Adaeze Obi",
        name_shown_to=ShownTo.PUBLIC,
        function_shown_to=ShownTo.ONLY_ME,
        industry_shown_to=ShownTo.MEMBERS,
        topics_shown_to=ShownTo.MEMBERS,
    )
    profile.topics.add(topic)
    index()
    visitors, members = find("adaeze"), find("adaeze", viewer=member)
    assert (visitors.facets["function"], visitors.facets["industry"], visitors.facets["topic"]) == ({}, {}, {})
    assert members.facets["function"] == {}
    assert members.facets["industry"] == {profile.industry_id: 1}
    assert members.facets["topic"] == {topic.pk: 1}
    assert find("", topic=["herons"]).total == 0
    assert find("", viewer=member, topic=["herons"]).total == 1


def test_a_name_on_a_page_is_found_by_those_who_may_know_it(both, index, member):
    person = MemberProfileFactory(name="Adaeze Obi", is_listed=False)
    page = PracticePageFactory(title="Letter")
    Byline.objects.create(page_id=page.pk, person=person)

    def members_only():
        assert titles("obi") == []
        assert titles("obi", member) == ["Letter"]
        assert titles("letter") == titles("letter", member) == ["Letter"]
        assert find("letter").hits[0].entry.people == []

    both(members_only)
    person.name_shown_to = ShownTo.PUBLIC
    person.save()
    both(lambda: titles("obi") == ["Letter"] or pytest.fail("now public"))
    person.name = "Adaeze Okafor"
    person.save()

    def renamed():
        assert titles("obi", member) == []
        assert titles("okafor") == ["Letter"]

    both(renamed)
    person.delete()
    both(lambda: titles("okafor", member) == [] or pytest.fail("name of one who is gone"))


def test_the_half_for_visitors_hides_with_the_page(both, index, member):
    """A public page with a name for members only has two entries; both follow its audience."""
    page = PracticePageFactory(title="Letter")
    Byline.objects.create(page_id=page.pk, person=MemberProfileFactory(name="Adaeze Obi", is_listed=False))
    index()
    page = fresh(page)
    page.audience = Audience.MEMBERS
    page.save_revision().publish()

    def right():
        assert titles("letter") == []
        assert titles("letter", member) == ["Letter"]

    both(right)


@pytest.mark.parametrize("mode", [AttributionMode.CHATHAM_HOUSE, AttributionMode.PRIVATE])
def test_speakers_of_a_chatham_house_session_are_in_no_entry(index, member, staff, mode):
    page = SessionPageFactory(title="What boards read", attribution_mode=mode)
    Byline.objects.create(
        page_id=page.pk, role="guest", person=MemberProfileFactory(name="Adaeze Obi", is_listed=False)
    )
    Byline.objects.create(page_id=page.pk, role="host", external_name="Hannah Voss")
    page = fresh(page)
    page.body = [("quote", {"text": "Say less.", "attribution": "Hannah Voss"})]
    page.save_revision().publish()
    index()
    for viewer in (None, member, staff):
        assert titles("adaeze", viewer) == titles("voss", viewer) == []
        assert titles("say less", viewer) == ["What boards read"]


def test_vocabulary_names_are_shown_as_they_are_now(index):
    function, industry = FunctionFactory(name="Research"), IndustryFactory(name="Health")
    PracticePageFactory(title="Letter", many={"functions": [function], "industries": [industry]})
    index()
    function.name = "Inquiry"
    function.save()
    assert titles("inquiry") == ["Letter"]
    index()
    assert titles("inquiry") == ["Letter"]
    assert titles("research") == []


def test_saving_a_draft_of_a_live_page_owes_the_catalogue_nothing(index):
    page = PracticePageFactory(title="Letter")
    index()
    fresh(page).save_revision()
    assert not Entry.objects.pending().exists()


def test_a_profile_with_topics_changed_alone(both, index, member):
    topic = TopicFactory(name="Herons", slug="herons")
    profile = MemberProfileFactory(name="Adaeze Obi")
    index()
    profile.topics.set([topic])
    both(lambda: find("", viewer=member, topic=["herons"]).total == 1 or pytest.fail("topic not there"))


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_thing_is_saved_with_its_entry_or_not_at_all(monkeypatch):
    def killed(entry, document, **where):
        raise SystemExit

    person = MemberProfileFactory(name="Heron", name_shown_to=ShownTo.PUBLIC)
    monkeypatch.setattr(catalogue, "_write_one", killed)
    person.name = "Crane"
    with pytest.raises(SystemExit):
        person.save()
    assert MemberProfile.objects.get().name == "Heron"
    for thing in (Topic(name="Herons", slug="herons"), HubDocument(title="Herons", file="herons.txt")):
        with pytest.raises(SystemExit):
            thing.save()
        assert not type(thing).objects.exists()
