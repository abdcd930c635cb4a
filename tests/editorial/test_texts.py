"""The texts a page has had: named, kept beside, and seen. Nothing typed is lost, and none of it leaves the seats."""

import json

import pytest
from django.core.management import call_command
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from wagtail.models import PageLogEntry, Revision

from hub.editorial.domain import texts
from hub.editorial.models import KeptText, Look, Milestone
from hub.pages.enums import PageSeatRole
from tests.editorial.world import client_of, current, edit_url, form_of, make_world, person, seat, submit

pytestmark = pytest.mark.django_db


def autosave(client, page, *, loaded=None, **changes):
    """What the editor's autosave posts; `loaded` is the revision that was on the screen."""
    data = form_of(page, **changes)
    if loaded is not None:
        data |= {"loaded_revision_id": loaded.pk, "loaded_revision_created_at": loaded.created_at.isoformat()}
    return client.post(edit_url(page), data, HTTP_ACCEPT="application/json")


def newest(page):
    return current(page).latest_revision


def gist_of(revision):
    return revision.as_object().gist


@pytest.fixture
def second(world):
    user = person("Ben Beside")
    seat(world.draft, user)
    return user


def test_what_is_typed_while_somebody_else_saves_is_kept_beside_their_text(world, second):
    loaded = newest(world.draft)
    assert autosave(world.client("author"), world.draft, gist="Ada's", loaded=loaded).json()["success"]
    theirs = newest(world.draft)
    ben = client_of(second)
    answer = autosave(ben, world.draft, gist="Ben's", loaded=loaded, editor_window="w1")
    assert answer.status_code == 400
    said = answer.json()
    assert said["error_code"] == "invalid_revision"
    assert "Ada Author saved this page while you were writing" in said["error_message"]
    autosave(ben, world.draft, gist="Ben's, longer", loaded=loaded, editor_window="w1")
    autosave(ben, world.draft, gist="Ben's other window", loaded=loaded, editor_window="w2")

    assert newest(world.draft) == theirs
    assert gist_of(theirs) == "Ada's"
    assert theirs.is_latest_revision()
    kept = Revision.objects.filter(kept_text__user=second).order_by("pk")
    assert [gist_of(revision) for revision in kept] == ["Ben's, longer", "Ben's other window"]
    assert PageLogEntry.objects.filter(action="hub.text.kept", page=world.draft.pk).count() == 2
    comparison = ben.get(said["compare_url"]).content.decode()
    assert "Ada&#x27;s" in comparison
    assert "longer" in comparison
    history = world.client("author").get(reverse("wagtailadmin_pages:history", args=[world.draft.pk]))
    assert "Typed this while somebody else saved" in history.content.decode()
    restored = ben.get(reverse("wagtailadmin_pages:revisions_revert", args=[world.draft.pk, kept[0].pk]))
    assert "longer" in restored.content.decode()


def test_a_kept_text_is_not_approved_not_purged_and_ends_with_its_page(world, second):
    loaded = newest(world.draft)
    autosave(world.client("author"), world.draft, gist="Ada's", loaded=loaded)
    autosave(client_of(second), world.draft, gist="Ben's", loaded=loaded, editor_window="w1")
    submit(world.client("author"), world.draft)
    task = current(world.draft).current_workflow_task_state
    assert gist_of(task.revision) == "Ada's"
    call_command("purge_revisions", verbosity=0)
    assert KeptText.objects.count() == 1
    current(world.draft).delete()
    assert KeptText.objects.count() == 0


def test_a_text_that_cannot_be_read_is_not_said_to_be_kept(world, second):
    loaded = newest(world.draft)
    autosave(world.client("author"), world.draft, gist="Ada's", loaded=loaded)
    answer = autosave(client_of(second), world.draft, gist="x" * 601, loaded=loaded)
    assert "cannot be kept" in answer.json()["error_message"]
    assert "kept" not in answer.json()
    assert KeptText.objects.count() == 0


def test_reviewers_and_strangers_keep_nothing(world):
    loaded = newest(world.draft)
    autosave(world.client("author"), world.draft, gist="Ada's", loaded=loaded)
    for who in ("reviewer", "member", "visitor"):
        autosave(world.client(who), world.draft, gist="Not mine", loaded=loaded, editor_window="w1")
    assert KeptText.objects.count() == 0
    assert gist_of(newest(world.draft)) == "Ada's"


def open_editor(client, page):
    return client.get(edit_url(page)).content.decode()


def test_who_comes_back_is_told_once_what_others_changed(world, second):
    ada, ben = world.client("author"), client_of(second)
    assert "since you last looked" not in open_editor(ben, world.draft)
    before = newest(world.draft)
    autosave(ada, world.draft, gist="Ada's")
    html = open_editor(ben, world.draft)
    assert "Ada Author changed the text since you last looked" in html
    compare = reverse("wagtailadmin_pages:revisions_compare", args=[world.draft.pk, before.pk, "latest"])
    assert compare in html
    html = open_editor(ben, world.draft)
    assert "since you last looked" not in html
    assert "What changed since I last looked" in html
    assert compare in html
    assert "Ada&#x27;s" in ben.get(compare).content.decode()
    assert "since you last looked" not in open_editor(ada, world.draft)  # her own text


def test_a_text_that_somebody_else_has_read_stays_for_comparison(world, second):
    ada = world.client("author")
    first = autosave(ada, world.draft, gist="One").json()["revision_id"]
    same = autosave(ada, world.draft, gist="Two", overwrite_revision_id=first).json()["revision_id"]
    assert same == first  # nobody has seen it
    open_editor(client_of(second), world.draft)
    third = autosave(ada, world.draft, gist="Three", overwrite_revision_id=first).json()["revision_id"]
    assert third != first
    assert gist_of(Revision.objects.get(pk=first)) == "Two"
    assert gist_of(newest(world.draft)) == "Three"


def milestones(page):
    return reverse("page_milestones", args=[page.pk])


def test_a_text_with_a_name_stays_and_the_history_tells_its_name(world):
    ada = world.client("author")
    first = autosave(ada, world.draft, gist="For the board").json()["revision_id"]
    assert ada.post(milestones(world.draft), {"name": "  As the  board read it "}).status_code == 302
    autosave(ada, world.draft, gist="After the board", overwrite_revision_id=first)
    milestone = Milestone.objects.get()
    assert milestone.name == "As the board read it"
    assert gist_of(milestone.revision) == "For the board"
    assert gist_of(newest(world.draft)) == "After the board"
    call_command("purge_revisions", verbosity=0)
    html = world.client("reviewer").get(milestones(world.draft)).content.decode()
    assert "As the board read it" in html
    assert "Compare with now" in html
    assert "Go back to it" not in html
    assert "Go back to it" in ada.get(milestones(world.draft)).content.decode()
    history = ada.get(reverse("wagtailadmin_pages:history", args=[world.draft.pk])).content.decode()
    assert "Named the text “As the board read it”" in history
    current(world.draft).delete()
    assert Milestone.objects.count() == 0


def test_a_name_is_given_once_to_a_text_and_in_a_page(world):
    ada = world.client("author")
    autosave(ada, world.draft, gist="One")
    ada.post(milestones(world.draft), {"name": "First"})
    answer = ada.post(milestones(world.draft), {"name": "Again"})
    assert answer.status_code == 422
    assert "has a name already: “First”" in answer.content.decode()
    assert 'value="Again"' in answer.content.decode()
    autosave(ada, world.draft, gist="Two")
    assert "is called “first”" in ada.post(milestones(world.draft), {"name": "first"}).content.decode()
    assert "Give the text a name" in ada.post(milestones(world.draft), {"name": "   "}).content.decode()
    assert Milestone.objects.count() == 1


@pytest.mark.parametrize(
    ("who", "reads", "names"),
    [("visitor", 302, 302), ("member", 403, 403), ("author", 200, 302), ("reviewer", 200, 403), ("staff", 200, 302)],
)
def test_milestones_stay_behind_the_seats(world, who, reads, names):
    client = world.client(who)
    client.raise_request_exception = False
    assert client.get(milestones(world.draft)).status_code == reads
    client.post(milestones(world.draft), {"name": "Mine"})
    assert Milestone.objects.exists() is (who in ("author", "staff"))
    if who in ("author", "reviewer"):
        assert client.get(milestones(world.other)).status_code == 302
        client.post(milestones(world.other), {"name": "Mine"})
        assert not Milestone.objects.filter(page=world.other.pk).exists()


def test_comparisons_with_the_live_text_and_with_kept_ones_stay_behind_the_seats(world, second):
    loaded = newest(world.draft)
    loaded.publish()
    autosave(world.client("author"), world.draft, gist="Ada's secret", loaded=loaded)
    autosave(client_of(second), world.draft, gist="Ben's secret", loaded=loaded, editor_window="w1")
    kept = KeptText.objects.get().revision_id
    assert reverse("wagtailadmin_pages:revisions_compare", args=[world.draft.pk, "live", "latest"]) in open_editor(
        world.client("author"), world.draft
    )
    stranger = person("Stan Stranger")
    seat(world.other, stranger)  # they may enter the editor, for another page
    for a, b in (("live", "latest"), ("live", kept), (loaded.pk, kept)):
        url = reverse("wagtailadmin_pages:revisions_compare", args=[world.draft.pk, a, b])
        assert world.client("author").get(url).status_code == 200
        for client in (client_of(stranger), client_of(None), world.client("member")):
            answer = client.get(url, follow=True)
            assert "secret" not in answer.content.decode()
        through = reverse("wagtailadmin_pages:revisions_compare", args=[world.other.pk, a, b])
        assert "secret" not in client_of(stranger).get(through, follow=True).content.decode()


def test_a_seat_that_ends_ends_the_looks_with_it(world, second):
    open_editor(client_of(second), world.draft)
    world.draft.page_seats.filter(user=second).delete()
    assert client_of(second).get(edit_url(world.draft)).status_code in (302, 403)


ACTS = st.lists(st.tuples(st.sampled_from(["ada", "ben"]), st.sampled_from(["open", "type", "name"])), max_size=14)


class TwoWriters(TestCase):
    """Whatever two people do in two windows: each word typed stands in some text of the page."""

    @settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(ACTS)
    def test_every_word_typed_is_somewhere(self, acts):
        world = make_world()
        ben = person("Ben Beside")
        seat(world.draft, ben, PageSeatRole.CO_AUTHOR)
        clients = {"ada": world.client("author"), "ben": client_of(ben)}
        screens = {who: {"loaded": newest(world.draft), "mine": None} for who in clients}
        last_words = {}
        for number, (who, act) in enumerate(acts):
            screen = screens[who]
            if act == "open":
                open_editor(clients[who], world.draft)
                screens[who] = {"loaded": newest(world.draft), "mine": None}
            elif act == "name":
                clients[who].post(milestones(world.draft), {"name": f"Name {number}"})
            else:
                word = f"word{number}of{who}"
                mine = {"overwrite_revision_id": screen["mine"]} if screen["mine"] else {}
                typed = autosave(
                    clients[who], world.draft, gist=word, loaded=screen["loaded"],
                    editor_window=f"{who}{id(screen)}", **mine,
                )  # fmt: skip
                said = typed.json()
                screen["mine"] = said.get("revision_id", screen["mine"])
                assert said["success"] or said["kept"]
                last_words[(who, id(screen))] = word
        everything = json.dumps([revision.content for revision in Revision.objects.for_instance(world.draft)])
        assert [word for word in last_words.values() if word not in everything] == []
        named = {milestone.name: gist_of(milestone.revision) for milestone in Milestone.objects.all()}
        texts.look(current(world.draft), ben)
        assert {m.name: gist_of(m.revision) for m in Milestone.objects.all()} == named
        assert Look.objects.filter(user=ben).count() <= 1
