"""Edits that members suggest: apart from the drafts of the page, read as a difference, taken over or declined."""

import uuid

import pytest
from django.core.cache import cache
from django.test import Client

from hub.editorial.enums import BylineRole
from hub.notifications.models import Notification
from hub.pages.enums import Audience, PageSeatRole
from hub.pages.models import PageSeat
from hub.practices.domain import suggestions
from hub.practices.enums import SuggestionState
from hub.practices.models import EditSuggestion, PracticePage
from tests.factories import MemberProfileFactory, PracticePageFactory, UserFactory

pytestmark = pytest.mark.django_db


def browser(user=None):
    client = Client()
    if user is not None:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture(autouse=True)
def no_limits_of_other_tests():
    cache.clear()


@pytest.fixture
def practice():
    return PracticePageFactory(
        title="The weekly letter",
        gist="One page a week.",
        problem=[("text", "<p>Nobody <b>reads</b> mails.</p>")],
        context=[("text", "<p>A town of nine thousand.</p>")],
    )


@pytest.fixture
def author(practice, leader):
    PageSeat.objects.create(page_id=practice.pk, user=leader, role=PageSeatRole.CO_AUTHOR)
    return leader


def suggest(practice, user, note="", **changes):
    client = browser(user)
    form = client.get(f"/practices/{practice.pk}/suggest/").context["form"]
    said = {name: form[name].value() or "" for name in form.fields} | changes | {"note": note}
    return client.post(f"/practices/{practice.pk}/suggest/", said)


def draft_of(practice):
    return PracticePage.objects.get(pk=practice.pk).get_latest_revision_as_object()


def test_an_edit_stays_apart_from_the_page_and_its_drafts(practice, author, member):
    before = practice.get_latest_revision().pk
    suggest(practice, member, problem="Nobody **reads** mails any more.", note="It got worse")
    edit = EditSuggestion.objects.get()
    assert edit.texts == {"problem": "Nobody **reads** mails any more."}
    assert PracticePage.objects.get(pk=practice.pk).latest_revision_id == before
    told = Notification.objects.get(kind="practices.edit_suggested")
    assert (told.user, told.url, told.detail) == (author, edit.get_absolute_url(), "It got worse")


def test_without_an_author_the_staff_are_asked(practice, member, staff):
    suggest(practice, member, gist="Half a page a week.")
    assert Notification.objects.get(kind="practices.edit_suggested").user == staff


def test_the_difference_is_readable_by_those_who_decide_and_who_made_it_and_nobody_else(
    practice, author, member, staff
):
    suggest(practice, member, gist="Half a page a week.")
    url = EditSuggestion.objects.get().get_absolute_url()
    for user in (member, author, staff):
        page = browser(user).get(url).content.decode()
        assert "<del>" in page and "Half a" in page
    for other in (MemberProfileFactory().user, UserFactory()):
        assert browser(other).get(url).status_code in (403, 404)
    assert browser().get(url).status_code == 302


def test_taking_over_makes_a_revision_of_the_person_and_names_and_thanks_them(practice, author, member):
    suggest(practice, member, gist="Half a page a week.", context="A town of ten thousand.")
    edit = EditSuggestion.objects.get()
    answer = browser(author).post(
        edit.get_absolute_url(), {"do": "take", "part": ["gist"], "named": "on", "answer": "Good"}
    )
    assert answer.status_code == 302
    page = draft_of(practice)
    assert page.gist == "Half a page a week."
    assert page.context[0].value.source == "<p>A town of nine thousand.</p>"  # this part was not chosen
    assert page.latest_revision.user == member
    assert [(line.person.user, line.role) for line in page.bylines.all()] == [(member, BylineRole.EDITOR)]
    edit.refresh_from_db()
    assert (edit.state, edit.decided_by, edit.revision) == (SuggestionState.TAKEN, author, page.latest_revision)
    told = Notification.objects.get(user=member, kind="practices.edit_answered")
    assert "Thank you" in told.text and told.detail == "Good"
    assert PracticePage.objects.get(pk=practice.pk).gist == "One page a week."  # it still goes through review


def test_declining_thanks_and_changes_nothing(practice, author, member):
    suggest(practice, member, gist="Half a page a week.")
    edit = EditSuggestion.objects.get()
    browser(author).post(edit.get_absolute_url(), {"do": "decline", "answer": "We tried that."})
    edit.refresh_from_db()
    assert edit.state == SuggestionState.DECLINED
    assert draft_of(practice).gist == "One page a week."
    told = Notification.objects.get(user=member, kind="practices.edit_answered")
    assert "thanks you" in told.text and told.detail == "We tried that."
    assert "We tried that." in browser(member).get(edit.get_absolute_url()).content.decode()


def test_what_was_written_since_is_shown_and_not_undone_by_itself(practice, author, member):
    suggest(practice, member, gist="Half a page a week.")
    page = draft_of(practice)
    page.gist = "Two pages a week."
    page.save_revision(user=author)
    edit = EditSuggestion.objects.get()
    shown = browser(author).get(edit.get_absolute_url())
    (part,) = shown.context["parts"]
    assert part.has_moved and part.now == "Two pages a week."
    assert (
        "changed since" in shown.content.decode()
        and "checked" not in shown.content.decode().split("part-gist")[1].split("</label>")[0]
    )


def test_whoever_suggested_it_reads_no_draft_of_the_page(practice, author, member):
    suggest(practice, member, gist="Half a page a week.")
    page = draft_of(practice)
    page.gist = "Quokkafold pages a week."
    page.save_revision(user=author)
    url = EditSuggestion.objects.get().get_absolute_url()
    assert "Quokkafold" in browser(author).get(url).content.decode()
    assert "Quokkafold" not in browser(member).get(url).content.decode()
    assert "Quokkafold" not in browser(member).get(f"/practices/{practice.pk}/suggest/").content.decode()


def test_nobody_else_takes_over_or_declines(practice, author, member):
    suggest(practice, member, gist="Half a page a week.")
    edit = EditSuggestion.objects.get()
    for other in (member, MemberProfileFactory().user):
        browser(other).post(edit.get_absolute_url(), {"do": "take", "part": ["gist"]})
    edit.refresh_from_db()
    assert edit.state == SuggestionState.OPEN and draft_of(practice).gist == "One page a week."


def test_an_edit_is_answered_once(practice, author, member, staff):
    suggest(practice, member, gist="Half a page a week.")
    edit = EditSuggestion.objects.get()
    suggestions.decline(edit, by=author)
    with pytest.raises(suggestions.SuggestionRefused, match="answered already"):
        suggestions.take_over(edit, by=staff, names=["gist"], is_named=False)


def test_a_second_edit_of_the_same_person_takes_the_place_of_the_first(practice, author, member):
    suggest(practice, member, gist="Half a page a week.")
    assert (
        "You suggested this edit before" in browser(member).get(f"/practices/{practice.pk}/suggest/").content.decode()
    )
    suggest(practice, member, gist="A quarter.")
    assert EditSuggestion.objects.get().texts == {"gist": "A quarter."}
    assert Notification.objects.filter(kind="practices.edit_suggested").count() == 1


def test_an_unchanged_form_is_told_so_and_one_sent_twice_is_one(practice, member):
    assert suggest(practice, member).status_code == 409
    key = uuid.uuid4()
    for _ in range(2):
        suggestions.suggest(practice, user=member, key=key, typed={"gist": "New"})
    assert EditSuggestion.objects.count() == 1


def test_a_practice_one_may_not_read_cannot_be_edited_and_a_hidden_one_takes_its_edits_along(member, author, practice):
    hidden = PracticePageFactory(audience=Audience.LEADERS)
    assert browser(member).get(f"/practices/{hidden.pk}/suggest/").status_code == 404
    suggest(practice, member, gist="Half a page a week.")
    PracticePage.objects.filter(pk=practice.pk).update(audience=Audience.STAFF, effective_audience=Audience.STAFF)
    edit = EditSuggestion.objects.get()
    assert browser(member).get(edit.get_absolute_url()).status_code == 404
    assert "weekly letter" not in browser(member).get("/my-hub/").content.decode()
    suggestions.decline(edit, by=author)
    assert "weekly letter" not in Notification.objects.get(kind="practices.edit_answered").text


def test_whoever_writes_the_practice_is_led_to_where_they_write_it(practice, author):
    answer = browser(author).get(f"/practices/{practice.pk}/suggest/")
    assert answer.status_code == 302 and "/admin/pages/" in answer["Location"]


def test_taking_it_back(practice, author, member):
    suggest(practice, member, gist="Half a page a week.")
    edit = EditSuggestion.objects.get()
    assert edit.practice.title in browser(author).get("/my-hub/").content.decode()
    assert browser(author).post(f"/practices/edits/{edit.pk}/withdraw/").status_code == 404
    browser(member).post(f"/practices/edits/{edit.pk}/withdraw/")
    edit.refresh_from_db()
    assert edit.state == SuggestionState.WITHDRAWN


def test_a_difference_says_what_goes_and_what_comes():
    pieces = suggestions.difference("We meet on Monday at nine.", "We meet on Tuesday at nine.")
    assert [(piece.change, piece.text) for piece in pieces] == [
        ("same", "We meet on "),
        ("out", "Monday"),
        ("in", "Tuesday"),
        ("same", " at nine."),
    ]
    long = "word " * 500
    cut = suggestions.difference(f"A {long}B", f"A {long}C")
    assert len(cut[0].text) < 200 and cut[0].text.startswith("…")
