"""Nobody sees what a person hides from them: on pages, in lists, by filtering, counting and searching."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.members.documents import person_documents
from hub.members.enums import PROFILE_FIELDS, ShownTo
from hub.members.models import MemberProfile
from hub.members.rules import shown
from search.models import Entry
from tests.factories import MemberProfileFactory, UserFactory
from tests.members.world import TRACES, WORDS, canary, traces

pytestmark = pytest.mark.django_db

FIELDS = [name for name in PROFILE_FIELDS if name != "picture"]
LEVEL = {"visitor": ShownTo.PUBLIC, "applicant": ShownTo.PUBLIC, "member": ShownTo.MEMBERS, "leader": ShownTo.MEMBERS,
         "staff": ShownTo.MEMBERS, "administrator": ShownTo.MEMBERS}  # fmt: skip


def person_of(who, request):
    if who == "visitor":
        return AnonymousUser()
    if who == "applicant":
        return UserFactory()
    if who == "administrator":
        return UserFactory(is_superuser=True)
    return request.getfixturevalue(who)


def browser(user):
    client = Client()
    if user.is_authenticated:
        client.force_login(user)
    return client


levels = st.fixed_dictionaries({name: st.sampled_from(ShownTo.values) for name in FIELDS})


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(levels=levels)
def test_whatever_the_levels_no_page_shows_a_hidden_value(request, levels):
    MemberProfile.objects.filter(slug="canaryname-xylo").delete()
    from hub.taxonomy.models import Function, Industry, Topic

    for model in (Function, Industry, Topic):
        model.objects.filter(name__startswith="Canary").delete()
    person = canary(**levels)
    for who, level in LEVEL.items():
        user = person_of(who, request)
        client = browser(user)
        allowed = {name for name, minimum in levels.items() if minimum <= level}
        seen = shown(person, user)
        for name in FIELDS:
            assert bool(getattr(seen, name)) == (name in allowed), (who, name)
        assert seen.slug == ("canaryname-xylo" if "name" in allowed else "")
        assert "Canary" not in repr(seen).replace("canaryname", "") or "name" in allowed or allowed & set(WORDS)
        response = client.get("/people/canaryname-xylo/")
        if "name" in allowed:
            assert traces(response.content.decode()) == allowed, who
        else:
            assert response.status_code == 404
            assert traces(response.content.decode().replace("/people/canaryname-xylo/", "")) == set()
        listed = client.get("/people/").content.decode()
        assert traces(listed) <= (allowed if "name" in allowed else set()), who


@pytest.mark.parametrize("who", LEVEL)
@pytest.mark.parametrize("field", [name for name in FIELDS if name != "name"])
@pytest.mark.parametrize("hidden_at", [ShownTo.CONNECTED, ShownTo.ONLY_ME])
def test_a_hidden_value_is_neither_found_nor_counted(request, who, field, hidden_at):
    canary(name=ShownTo.PUBLIC, **{field: hidden_at})
    client = browser(person_of(who, request))
    everybody = client.get("/people/").context["page_obj"].paginator.count
    assert everybody >= 1
    for query in (
        f"q={TRACES[field]}",
        f"function={TRACES[field]}",
        f"industry={TRACES[field].lower()}",
        f"topic={TRACES[field].lower()}",
    ):
        key, _, value = query.partition("=")
        if key != "q" and field not in ("function", "industry", "topics"):
            continue
        if key != "q" and not key.startswith(field[:5]):
            continue
        response = client.get("/people/", {key: value.lower() if key != "q" else value})
        assert response.context["page_obj"].paginator.count == 0, query
        assert [c.label for c in response.context["chosen"]] == [], "a chip would confirm the word"
    labels = [option.label for facet in client.get("/people/").context["facets"] for option in facet.options]
    assert TRACES[field] not in labels


@pytest.mark.parametrize(("who", "found"), [("visitor", 0), ("member", 1), ("staff", 1)])
def test_values_for_members_are_found_by_members_only(request, who, found):
    canary(name=ShownTo.PUBLIC)
    client = browser(person_of(who, request))
    for query in ("q=canaryorganisation", "function=canaryfunction", "industry=canaryindustry", "topic=canarytopics"):
        key, _, value = query.partition("=")
        assert client.get("/people/", {key: value}).context["page_obj"].paginator.count == found, query


@pytest.mark.parametrize("who", LEVEL)
@pytest.mark.parametrize("state", ["unknown", "not listed", "closed", "name for connections", "name for nobody"])
def test_who_is_not_there_and_who_does_not_exist_look_alike(request, who, state):
    if state == "not listed":
        canary(is_listed=False, name=ShownTo.PUBLIC)
    elif state == "closed":
        canary(name=ShownTo.PUBLIC, user=UserFactory(is_active=False))
    elif state != "unknown":
        canary(name=ShownTo.CONNECTED if "connections" in state else ShownTo.ONLY_ME)
    client = browser(person_of(who, request))
    response = client.get("/people/canaryname-xylo/")
    other = client.get("/people/nobody-at-all/")
    assert response.status_code == other.status_code == 404
    assert "canaryname" not in client.get("/people/").content.decode().lower()
    assert client.get("/people/?q=Canaryname").context["page_obj"].paginator.count == 0


def test_people_show_their_names_to_members_by_default(client, member):
    MemberProfileFactory(name="Quiet Quinn")
    assert "Quiet Quinn" not in client.get("/people/").content.decode()
    client.force_login(member)
    assert "Quiet Quinn" in client.get("/people/").content.decode()


@pytest.mark.parametrize("as_", ["public", "members", "connected"])
def test_see_myself_as_others_do_shows_what_they_see(client, as_):
    person = canary(name=ShownTo.PUBLIC, organisation=ShownTo.CONNECTED, bio=ShownTo.ONLY_ME)
    client.force_login(person.user)
    found = traces(client.get(f"/people/canaryname-xylo/?as={as_}").content.decode())
    expected = {
        "public": {"name"},
        "members": set(FIELDS) - {"organisation", "bio"},
        "connected": set(FIELDS) - {"bio"},
    }[as_]
    assert found == expected
    assert traces(client.get("/people/canaryname-xylo/").content.decode()) == set(FIELDS)


def test_one_sees_ones_own_hidden_page_and_that_others_do_not(client):
    person = canary(name=ShownTo.ONLY_ME)
    client.force_login(person.user)
    assert client.get("/people/canaryname-xylo/").status_code == 200
    assert "This page does not exist for them" in client.get("/people/canaryname-xylo/?as=members").content.decode()


def test_nobody_sees_others_as_if_they_were_somebody_else(client, member):
    canary(bio=ShownTo.CONNECTED)
    client.force_login(member)
    assert "Canarybio" not in client.get("/people/canaryname-xylo/?as=connected").content.decode()


# --- the catalogue


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(levels=levels)
def test_the_catalogue_holds_nothing_its_readers_may_not_see(db, levels):
    MemberProfile.objects.filter(slug="canaryname-xylo").delete()
    from hub.taxonomy.models import Function, Industry, Topic

    for model in (Function, Industry, Topic):
        model.objects.filter(name__startswith="Canary").delete()
    person = canary(**levels)
    limits = {"public": ShownTo.PUBLIC, "visitor": ShownTo.PUBLIC, "members": ShownTo.MEMBERS}
    documents = person_documents(person)
    for document in documents:
        allowed = {name for name, minimum in levels.items() if minimum <= limits[document.scope]}
        told = repr((document.title, document.summary, document.text, document.people, document.facts))
        told += repr([term.name for term in (*document.topics, *document.functions, *document.industries)])
        assert traces(told) <= allowed
        assert person.user.email not in repr(document)
    scopes = [document.scope for document in documents]
    if levels["name"] > ShownTo.MEMBERS:
        assert scopes == []
    elif levels["name"] > ShownTo.PUBLIC:
        assert scopes == ["members"]
    else:
        assert scopes in (["public"], ["visitor", "members"])


def test_the_catalogue_follows_the_profile_and_the_account():
    person = canary(name=ShownTo.PUBLIC)

    def found():
        return Entry.objects.filter(source_model="members.memberprofile", source_id=person.pk, is_deleted=False).count()

    assert found() == 2
    person.name_shown_to = ShownTo.ONLY_ME
    person.save()
    assert found() == 0
    person.name_shown_to = ShownTo.MEMBERS
    person.save()
    assert found() == 1
    person.user.is_active = False
    person.user.save()
    assert found() == 0
