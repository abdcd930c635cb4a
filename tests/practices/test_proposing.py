"""A member brings a practice: saved as it is typed, handed in, sent back, answered, published; theirs alone."""

import json

import pytest
from django.test import Client
from wagtail.models import Revision, TaskState

from hub.editorial.domain.workflows import sync_workflows
from hub.notifications.models import Notification
from hub.pages.enums import Audience, PageSeatRole
from hub.pages.models import PageSeat
from hub.practices.enums import ProposalState
from hub.practices.models import PracticePage
from hub.practices.standing import proposed_by, state_of
from tests.factories import MemberProfileFactory, PracticePageFactory, TopicFactory, UserFactory
from tests.practices.conftest import TOLD, Desk, only_practice

pytestmark = pytest.mark.django_db


def draft():
    return only_practice().get_latest_revision_as_object()


def editor_saves(page, user, **changes):
    """What somebody changes in Wagtail's editor."""
    text = PracticePage.objects.get(pk=page.pk).get_latest_revision_as_object()
    for name, value in changes.items():
        setattr(text, name, value)
    text.save()
    return text.save_revision(user=user)


# --- who -------------------------------------------------------------------------------------------


def test_visitors_log_in_first_and_people_without_a_place_are_turned_away(client, db):
    assert client.get("/practices/propose/")["Location"].startswith("/accounts/login/")
    client.force_login(UserFactory(), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/practices/propose/").status_code == 403
    assert client.post("/practices/propose/", TOLD).status_code == 403
    assert not PracticePage.objects.exists()


def test_nobody_opens_changes_withdraws_or_deletes_somebody_elses_draft(desk, leader, staff):
    desk.save(title="Mine")
    page = only_practice()
    for other in (MemberProfileFactory().user, leader, staff, UserFactory()):
        stranger = Client()
        stranger.force_login(other, backend="django.contrib.auth.backends.ModelBackend")
        expected = 403 if other.role == 0 else 404
        for path in ("", "withdraw/", "delete/"):
            assert stranger.get(f"/practices/propose/{page.pk}/{path}").status_code == expected
            assert stranger.post(f"/practices/propose/{page.pk}/{path}", {"title": "Theirs"}).status_code == expected
    assert draft().title == "Mine"


def test_when_the_seat_ends_the_form_closes_at_once(desk):
    desk.save(title="Mine")
    PageSeat.objects.all().delete()
    assert desk.client.get(desk.url).status_code == 404
    assert desk.post(title="Still mine").status_code == 404
    assert list(proposed_by(desk.user)) == []


def test_drafts_are_in_no_list_and_no_search_of_others(desk, leader, staff, index):
    desk.save(**{**TOLD, "title": "Quokkafold", "gist": "quokkafold quokkafold"})
    index()
    for other in (None, MemberProfileFactory().user, leader):
        client = Client()
        if other:
            client.force_login(other, backend="django.contrib.auth.backends.ModelBackend")
        for path in ("/practices/", "/search/?q=quokkafold&exact=1", "/my-hub/", f"{only_practice().url}"):
            answer = client.get(path)
            assert "Quokkafold" not in answer.content.decode()
    mine = desk.client.get("/practices/").content.decode()
    assert "Quokkafold" in mine and "Draft" in mine


# --- saving -----------------------------------------------------------------------------------------


def test_the_first_save_makes_one_draft_of_the_member_who_is_its_author(desk):
    told = desk.save(**TOLD)
    page = draft()
    assert told["state"] == "saved" and told["is_new"] and told["url"] == f"/practices/propose/{page.pk}/"
    assert (page.live, page.owner, page.audience) == (False, desk.user, Audience.MEMBERS)
    assert [byline.person.user for byline in page.bylines.all()] == [desk.user]
    assert PageSeat.objects.get(page_id=page.pk).role == PageSeatRole.CO_AUTHOR
    assert page.what_came_of_it[0].value.source == "<p>They come <b>now</b>.</p>"
    assert page.slug == "office-hours-in-the-canteen"
    assert only_practice().title == TOLD["title"]


def test_an_empty_and_a_half_draft_are_kept(desk):
    desk.save(problem="Only this yet")
    assert draft().title == "Untitled practice"
    again = desk.open()
    assert again.context["form"]["title"].value() == ""
    assert again.context["form"]["problem"].value() == "Only this yet"


def test_the_same_new_form_sent_twice_makes_one_draft(desk):
    data = desk.typed(title="Once")
    for _ in range(2):
        desk.client.post("/practices/propose/", {**data, "do": "save"})
    desk.client.post("/practices/propose/", {**data, "title": "Once more", "do": "save"})
    assert draft().title == "Once more"


def test_saving_by_itself_goes_on_in_one_revision_and_the_button_makes_a_new_one(desk):
    desk.save(title="A")
    desk.save(title="AB")
    desk.save(title="ABC")
    assert Revision.objects.for_instance(only_practice()).count() == 1
    desk.open()
    desk.post(title="ABCD")
    assert Revision.objects.for_instance(only_practice()).count() == 2
    assert draft().title == "ABCD"


def test_what_is_saved_unchanged_makes_no_revision(desk):
    desk.save(**TOLD)
    before = Revision.objects.count()
    assert desk.save(**TOLD)["state"] == "saved"
    desk.open()
    desk.post()
    assert Revision.objects.count() == before


def test_a_text_that_is_too_long_is_refused_in_words_and_kept_in_the_form(desk):
    answer = desk.post(title="x" * 201, problem="Kept")
    assert answer.status_code == 422
    assert "longer than the 200 characters" in answer.content.decode()
    assert answer.context["form"]["problem"].value() == "Kept"
    assert not PracticePage.objects.exists()


def test_a_member_has_only_so_many_drafts(desk, monkeypatch):
    monkeypatch.setattr("hub.practices.domain.proposals.MOST_DRAFTS", 1)
    desk.save(title="One")
    desk.open("/practices/propose/")
    told = desk.save(title="Two")
    assert told["state"] == "refused" and "Hand one in or delete one" in told["message"]
    assert PracticePage.objects.count() == 1


def test_saving_is_limited(desk, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "propose_save": "2/m/user"}
    desk.save(title="A")
    assert [desk.save(title=word)["state"] for word in ("B", "C", "D")] == ["saved", "saved", "later"]
    assert draft().title == "C"


# --- two at once ------------------------------------------------------------------------------------


def test_what_others_change_in_the_editor_shows_in_the_form(desk, leader):
    desk.save(**TOLD)
    editor_saves(draft(), leader, context=[("text", "<p>Seen <i>twice</i>.</p>"), ("image", None)][:1])
    assert desk.open().context["form"]["context"].value() == "Seen *twice*."


def test_two_people_in_different_answers_disturb_nobody(desk, leader):
    desk.save(**TOLD)
    editor_saves(draft(), leader, context=[("text", "<p>Lea was here.</p>")])
    told = desk.save(**{**TOLD, "problem": "Mine is newer."})
    assert told["state"] == "saved" and told["others"] == {"context": "Lea was here."}
    page = draft()
    assert page.problem[0].value.source == "<p>Mine is newer.</p>"
    assert page.context[0].value.source == "<p>Lea was here.</p>"


def test_two_people_in_the_same_answer_lose_nothing_and_see_both(desk, leader):
    desk.save(**TOLD)
    editor_saves(draft(), leader, problem=[("text", "<p>Lea’s problem.</p>")])
    told = desk.save(**{**TOLD, "problem": "My problem.", "gist": "My gist."})
    assert told["state"] == "conflict"
    assert told["conflicts"]["problem"]["theirs"] == "Lea’s problem."
    page = draft()
    assert page.problem[0].value.source == "<p>Lea’s problem.</p>"
    assert page.gist == "My gist."  # everything else is safe
    again = desk.save(**{**TOLD, "problem": "My problem.", "gist": "My gist."})
    assert again["state"] == "conflict"  # until the person decides
    marks = {**json.loads(desk.base), "problem": told["conflicts"]["problem"]["mark"]}
    assert desk.save(**{**TOLD, "problem": "My problem.", "base": json.dumps(marks)})["state"] == "saved"
    assert draft().problem[0].value.source == "<p>My problem.</p>"


def test_without_scripts_both_versions_are_on_the_page_and_saving_again_keeps_mine(desk, leader):
    desk.save(**TOLD)
    desk.open()
    editor_saves(
        draft(), leader, problem=[("text", "<p>Lea’s problem.</p>")], context=[("text", "<p>Lea’s context</p>")]
    )
    answer = desk.post(problem="My problem.")
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "My problem." in text and "Lea’s problem." in text
    desk.form, desk.base = answer.context["form"], answer.context["form"]["base"].value()
    desk.post()
    page = draft()
    assert page.problem[0].value.source == "<p>My problem.</p>"
    assert page.context[0].value.source == "<p>Lea’s context</p>"


def test_two_tabs_of_the_same_person(desk, member):
    desk.save(**TOLD)
    other = Desk(Client(), member)
    other.open(desk.url)
    desk.save(**{**TOLD, "gist": "In the first tab"})
    assert other.save(gist="In the second tab")["conflicts"]["gist"]["theirs"] == "In the first tab"


def test_a_form_without_marks_overwrites_nothing(desk):
    desk.save(**TOLD)
    told = desk.save(**{**TOLD, "gist": "By hand", "base": "nonsense"})
    assert told["state"] == "conflict" and draft().gist == TOLD["gist"]


def test_blocks_of_the_editor_survive_the_form(desk, leader):
    desk.save(**TOLD)
    table = {"data": [["a", "b"]], "table_caption": "Who came", "first_row_is_table_header": False}
    editor_saves(draft(), leader, problem=[("text", "<p>One.</p>"), ("table", table), ("text", "<p>Two.</p>")])
    before = draft().problem.get_prep_value()
    shown = desk.open().context["form"]["problem"].value()
    assert "[[Table: Who came" in shown
    desk.post(problem=shown.replace("Two.", "Three."))
    after = draft().problem.get_prep_value()
    assert after[:2] == before[:2] and after[2]["id"] == before[2]["id"]
    assert after[2]["value"] == "<p>Three.</p>"


def test_a_link_to_what_the_writer_may_not_know_becomes_words(desk):
    hidden = PracticePageFactory(title="Hidden", audience=Audience.STAFF)
    open_one = PracticePageFactory(title="Open", audience=Audience.MEMBERS)
    desk.save(problem=f"[a](?page={hidden.pk}) [b](?page={open_one.pk}) [c]({open_one.url}) [d]({hidden.url})")
    source = draft().problem[0].value.source
    assert source.count(f'<a linktype="page" id="{open_one.pk}">') == 2
    assert str(hidden.pk) not in source.replace(str(open_one.pk), "") and "hidden" not in source


# --- review -----------------------------------------------------------------------------------------


def test_handing_in_needs_what_readers_need_and_says_what_is_missing(desk):
    answer = desk.post(do="submit", title="Only a title", functions=[], industries=[])
    text = answer.content.decode()
    assert answer.status_code == 422 and "not handed in yet" in text
    assert {"gist", "problem", "what_we_did", "what_came_of_it", "functions", "industries"} <= set(
        answer.context["form"].errors
    )
    assert draft().title == "Only a title"  # what was typed is safe
    assert state_of(only_practice()) == ProposalState.DRAFT


def test_the_whole_way(desk, whole, staff, django_capture_on_commit_callbacks):
    """Handed in, sent back with a comment, answered, handed in again, approved: each state shown to its author."""
    sync_workflows()
    assert desk.post(do="submit", **whole)["Location"] == "/my-hub/"
    page = only_practice()
    assert state_of(page) == ProposalState.WAITING
    assert "Waiting for review" in desk.client.get("/my-hub/").content.decode()
    state = TaskState.objects.get(status=TaskState.STATUS_IN_PROGRESS)
    state.task.specific.on_action(state, staff, "reject", comment="How many people came?")
    assert state_of(only_practice()) == ProposalState.CHANGES
    news = Notification.objects.get(user=desk.user, kind="editorial.changes_requested")
    assert news.url == f"/practices/propose/{page.pk}/"
    shown = desk.open(news.url).content.decode()
    assert "How many people came?" in shown and "Sten Staff" in shown
    desk.save(answer="Sixty")
    assert desk.open().context["form"]["answer"].value() == "Sixty"  # kept while it is written
    desk.post(do="submit", what_came_of_it="They come: 61 so far.", answer="Sixty-one, I counted.")
    told = Notification.objects.filter(user=staff, kind="editorial.review_asked").first()
    assert "Sixty-one, I counted." in told.detail and "/admin/pages/" in told.url
    state = TaskState.objects.get(status=TaskState.STATUS_IN_PROGRESS)
    state.task.specific.on_action(state, staff, "approve")
    page = only_practice()
    assert page.live and state_of(page) == ProposalState.LIVE
    assert "61 so far" in Client().get(page.url).content.decode() or page.audience == Audience.MEMBERS
    assert "61 so far" in desk.client.get(page.url).content.decode()


def test_a_live_practice_is_changed_through_the_same_review(desk, whole, staff):
    sync_workflows()
    desk.post(do="submit", **whole)
    state = TaskState.objects.get(status=TaskState.STATUS_IN_PROGRESS)
    state.task.specific.on_action(state, staff, "approve")
    desk.open(f"/practices/propose/{only_practice().pk}/")
    desk.post(gist="A newer gist")
    page = only_practice()
    assert page.gist == TOLD["gist"] and state_of(page) == ProposalState.NEWER
    assert "A newer gist" not in desk.client.get(page.url).content.decode()
    desk.open()
    desk.post(do="submit")
    assert state_of(only_practice()) == ProposalState.WAITING


def test_the_author_cannot_approve_and_needs_no_editor(desk, whole):
    sync_workflows()
    desk.post(do="submit", **whole)
    state = TaskState.objects.get(status=TaskState.STATUS_IN_PROGRESS)
    assert state.task.specific.get_actions(only_practice(), desk.user) == []


def test_withdrawing_and_handing_in_again(desk, whole):
    sync_workflows()
    desk.post(do="submit", **whole)
    page = only_practice()
    assert desk.client.get(f"/practices/propose/{page.pk}/withdraw/").status_code == 200
    desk.client.post(f"/practices/propose/{page.pk}/withdraw/")
    assert state_of(only_practice()) == ProposalState.WITHDRAWN
    assert "Withdrawn" in desk.client.get("/practices/").content.decode()
    desk.open(f"/practices/propose/{page.pk}/")
    desk.post(do="submit")
    assert state_of(only_practice()) == ProposalState.WAITING
    assert (
        "It waits for review already"
        in desk.client.post(desk.url, {**desk.typed(), "do": "submit"}, follow=True).content.decode()
    )


def test_a_draft_is_deleted_by_its_author_only_while_it_is_one(desk, whole):
    sync_workflows()
    desk.post(**whole)
    page = only_practice()
    desk.open(f"/practices/propose/{page.pk}/")
    desk.post(do="submit")
    desk.client.post(f"/practices/propose/{page.pk}/delete/")
    assert PracticePage.objects.exists()
    desk.client.post(f"/practices/propose/{page.pk}/withdraw/")
    desk.client.post(f"/practices/propose/{page.pk}/delete/")
    assert not PracticePage.objects.exists()


def test_who_will_read_it_is_its_authors_choice_until_it_is_published(desk, whole, staff):
    sync_workflows()
    desk.post(**{**whole, "audience": Audience.PUBLIC})
    assert only_practice().audience == Audience.PUBLIC
    desk.open(f"/practices/propose/{only_practice().pk}/")
    desk.post(audience=Audience.STAFF)
    assert only_practice().audience == Audience.PUBLIC
    desk.post(audience=Audience.MEMBERS)
    only_practice().get_latest_revision().publish()
    desk.open()
    desk.post(audience=Audience.PUBLIC)
    assert draft().audience == Audience.MEMBERS


def test_terms_are_ticked_and_unticked(desk, whole):
    desk.save(**whole)
    another = TopicFactory()
    desk.open()
    desk.post(topics=[another.pk], functions=[])
    page = draft()
    assert [topic.pk for topic in page.topics.all()] == [another.pk]
    assert not page.functions.exists()
