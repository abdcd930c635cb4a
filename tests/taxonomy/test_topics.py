"""Topics: synonyms, merging, and the desk of the vocabularies."""

import pytest
from django.core.exceptions import ValidationError

from hub.kernel.errors import HubError
from hub.members.enums import ShownTo
from hub.taxonomy.domain.topics import merge_topics
from hub.taxonomy.domain.usage import is_used, usage_counts
from hub.taxonomy.models import Function, Industry, Topic, TopicSynonym
from search.models import Entry
from tests.factories import (
    FunctionFactory,
    MemberProfileFactory,
    PracticePageFactory,
    ReportPageFactory,
    SessionPageFactory,
    TopicFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def old():
    topic = TopicFactory(name="Plain words", slug="plain-words")
    TopicSynonym.objects.create(topic=topic, name="Simple words")
    return topic


@pytest.fixture
def new():
    return TopicFactory(name="Plain language", slug="plain-language")


def test_merging_moves_every_use_of_every_model(old, new):
    pages = [
        factory(many={"topics": [old]}) for factory in (PracticePageFactory, ReportPageFactory, SessionPageFactory)
    ]
    both = PracticePageFactory(many={"topics": [old, new]})
    person = MemberProfileFactory()
    person.topics.add(old)
    below = TopicFactory(name="Forms", parent=old)
    merge_topics(old, new)
    for page in pages:
        assert list(type(page).objects.get(pk=page.pk).topics.all()) == [new]
    assert list(type(both).objects.get(pk=both.pk).topics.all()) == [new]
    assert list(person.topics.all()) == [new]
    below.refresh_from_db()
    assert below.parent == new
    assert not Topic.objects.filter(pk=old.pk).exists()
    assert usage_counts(Topic) == {new.pk: 5}


def test_drafts_do_not_lose_the_topic_when_they_are_published_later(old, new):
    page = PracticePageFactory(many={"topics": [old]})
    page.title = "A later draft"
    page.save_revision()
    merge_topics(old, new)
    draft = type(page).objects.get(pk=page.pk).get_latest_revision()
    assert draft.content["topics"] == [new.pk]
    draft.publish()
    assert list(type(page).objects.get(pk=page.pk).topics.all()) == [new]


def test_the_old_name_and_address_still_lead_to_the_topic(old, new, client, member):
    person = MemberProfileFactory(name="Asked About")
    person.topics.add(old)
    merge_topics(old, new)
    for word in ("plain words", "SIMPLE words", "Plain language"):
        assert Topic.objects.named(word) == new
    assert Topic.objects.at("plain-words") == new
    client.force_login(member)
    response = client.get("/people/?topic=plain-words")
    assert [shown.name for shown in response.context["people"]] == ["Asked About"]


def test_the_catalogue_follows_a_merge(old, new):
    page = PracticePageFactory(many={"topics": [old]})
    merge_topics(old, new)
    entry = Entry.objects.get(source_id=page.pk, source_model="pages.basepage", is_deleted=False)
    assert list(entry.topics.all()) == [new]
    assert "Plain words" in entry.keywords and "Simple words" in entry.keywords


def test_a_topic_is_not_merged_into_itself_and_nothing_happens_by_halves(old, new):
    with pytest.raises(HubError, match="itself"):
        merge_topics(old, old)
    assert Topic.objects.filter(pk=old.pk).exists()


def test_merging_a_wider_topic_into_a_narrower_one_makes_no_circle(old, new):
    new.parent = old
    new.save()
    merge_topics(old, new)
    new.refresh_from_db()
    assert new.parent is None


def test_a_topic_cannot_stand_below_itself(old, new):
    new.parent = old
    new.save()
    old.parent = new
    with pytest.raises(ValidationError):
        old.full_clean()


# --- the desk

DESK = "/admin/taxonomy/topic/"


def formset(*names, initial=0):
    rows = {f"synonyms-{i}-name": name for i, name in enumerate(names)}
    return {"synonyms-TOTAL_FORMS": len(names), "synonyms-INITIAL_FORMS": initial,
            "synonyms-MIN_NUM_FORMS": 0, "synonyms-MAX_NUM_FORMS": 1000, **rows}  # fmt: skip


def test_staff_add_a_topic_with_other_names(client, staff):
    client.force_login(staff)
    data = {"name": " Word  of mouth ", "description": "", "parent": "", **formset("Gossip", "Rumour")}
    response = client.post(f"{DESK}create/", data)
    assert response.status_code == 302
    topic = Topic.objects.get(slug="word-of-mouth")
    assert topic.name == "Word of mouth"
    assert set(topic.synonyms.values_list("name", "slug")) == {("Gossip", "gossip"), ("Rumour", "rumour")}


def test_a_name_that_is_taken_in_other_letters_is_refused_with_a_sentence(client, staff, old):
    client.force_login(staff)
    html = client.post(f"{DESK}create/", {"name": "PLAIN WORDS", **formset()}).content.decode()
    assert "There is a word like this already." in html
    html = client.post(f"{DESK}create/", {"name": "simple WORDS", **formset()}).content.decode()
    assert "is a synonym of" in html


def test_staff_merge_in_the_desk(client, staff, old, new):
    PracticePageFactory(many={"topics": [old]})
    client.force_login(staff)
    assert "Merge" in client.get(DESK).content.decode()
    assert "(1 use, drafts included)" in client.get(f"{DESK}{old.pk}/merge/").content.decode()
    response = client.post(f"{DESK}{old.pk}/merge/", {"target": new.pk}, follow=True)
    assert "stands for" in response.content.decode()
    assert not Topic.objects.filter(pk=old.pk).exists()


@pytest.mark.parametrize("who", ["member", "leader"])
def test_the_vocabularies_are_for_staff(client, request, who, old, new):
    user = request.getfixturevalue(who)
    from hub.pages.models import PageSeat

    PageSeat.objects.create(page=PracticePageFactory(), user=user, role="co_author")  # lets them into the editor
    client.force_login(user)
    for path in (DESK, f"{DESK}create/", f"{DESK}edit/{old.pk}/", f"{DESK}{old.pk}/merge/", f"{DESK}delete/{old.pk}/",
                 "/admin/taxonomy/function/", "/admin/taxonomy/industry/"):  # fmt: skip
        response = client.get(path)
        assert response.status_code == 302 and response["Location"] == "/admin/", path
    client.post(f"{DESK}{old.pk}/merge/", {"target": new.pk})
    assert Topic.objects.filter(pk=old.pk).exists()
    assert "Community" not in client.get("/admin/").content.decode()


def test_a_word_in_use_is_not_deleted(client, staff):
    function = FunctionFactory()
    MemberProfileFactory(function=function, name="Hidden Holder", name_shown_to=ShownTo.ONLY_ME)
    client.force_login(staff)
    response = client.post(f"/admin/taxonomy/function/delete/{function.pk}/", follow=True)
    assert Function.objects.filter(pk=function.pk).exists() and is_used(function)
    assert "Hidden Holder" not in response.content.decode()
    free = FunctionFactory()
    client.post(f"/admin/taxonomy/function/delete/{free.pk}/")
    assert not Function.objects.filter(pk=free.pk).exists()


@pytest.mark.parametrize("count", [1, 12])
def test_the_list_counts_uses_in_a_number_of_queries_that_does_not_grow(
    client, staff, count, django_assert_max_num_queries
):
    for topic in TopicFactory.create_batch(count):
        PracticePageFactory(many={"topics": [topic]})
    client.force_login(staff)
    client.get(DESK)
    with django_assert_max_num_queries(40):
        html = client.get(DESK).content.decode()
    assert html.count(">once<") + html.count("once") >= count


def test_industries_read_as_they_should():
    assert str(Industry._meta.verbose_name_plural) == "industries"
