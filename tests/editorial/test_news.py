"""Who is told what in a review: everybody named, once, after commit, and no title to those it is hidden from."""

from __future__ import annotations

import pytest
from django.core import mail
from django.db import transaction
from wagtail.models import COMMENTS_RELATION_NAME, PageSubscription, TaskState, WorkflowState
from wagtail.signals import task_submitted, workflow_approved, workflow_rejected, workflow_submitted

from hub.accounts.enums import Role
from hub.editorial import receivers
from hub.notifications.domain.inbox import waiting_for
from hub.notifications.models import Notification
from hub.pages.enums import Audience, PageSeatRole
from tests.editorial.world import (
    client_of,
    current,
    decide_in_editor,
    edit_url,
    form_of,
    newest_text,
    person,
    seat,
    submit,
)
from tests.notifications.world import everybody_wants_mail_at_once


@pytest.fixture
def mails(django_capture_on_commit_callbacks):
    """Run something and give the mails of its commit, by address."""

    def run(action):
        everybody_wants_mail_at_once()
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            action()
            assert mail.outbox == []  # nothing before the commit
        addresses = [address for message in mail.outbox for address in message.to]
        assert len(addresses) == len(set(addresses)), "one mail per person"
        return {message.to[0]: message for message in mail.outbox}

    return run


@pytest.fixture
def cast(world):
    """An owner, a second co-author, somebody in the byline: everybody a page can name."""
    owner = person("Olga Owner")
    co_author = person("Coen Coauthor", Role.LEADER)
    named = person("Bela Byline")
    page = current(world.draft)
    type(page).objects.filter(pk=page.pk).update(owner=owner)
    seat(page, owner)
    seat(page, co_author)
    text = newest_text(page)
    text.owner = owner
    text.bylines.add(type(page).bylines.rel.related_model(person=named.profile, role="guest"))
    text.save_revision(user=world.people["author"])
    return world


def subjects(found):
    return {address.partition("@")[0]: message.subject for address, message in found.items()}


def hand_in(world):
    return lambda: current(world.draft).get_workflow().start(current(world.draft), world.people["author"])


def test_handing_in(cast, mails):
    title = "“A draft of ours”"
    assert subjects(mails(hand_in(cast))) == {
        "rea": f"Ada Author asks you to review {title}",
        "olga": f"{title} was handed in for review",
        "coen": f"{title} was handed in for review",
        "bela": "A page that names you was handed in for review",
    }


def test_asking_for_changes(cast, mails):
    hand_in(cast)()
    found = mails(lambda: decide_in_editor(cast.client("reviewer"), cast.draft, "reject", comment="Say <who> & why."))
    assert set(subjects(found)) == {"ada", "olga", "coen", "bela"}
    message = found["ada@example.org"]
    assert message.subject == "Rea Reviewer asks for changes to “A draft of ours”"
    assert "Say <who> & why." in message.body
    assert "Say &lt;who&gt; &amp; why." in message.alternatives[0][0]
    stranger = found["bela@example.org"]
    assert "Say" not in stranger.body and "draft of ours" not in stranger.body + stranger.alternatives[0][0]


def test_publishing(cast, mails):
    text = newest_text(cast.draft)
    text.audience = Audience.MEMBERS
    text.save_revision(user=cast.people["author"])
    hand_in(cast)()
    found = mails(lambda: decide_in_editor(cast.client("reviewer"), cast.draft))
    assert set(subjects(found)) == {"ada", "olga", "coen", "bela"}
    assert "was approved by Rea Reviewer and is published" in found["bela@example.org"].subject
    assert "http://testserver/practices/" in found["bela@example.org"].body  # readers are led to the page
    assert edit_url(cast.draft) in found["ada@example.org"].body  # those who write it, to the editor


def test_a_published_page_that_somebody_named_on_it_may_not_read(cast, mails):
    text = newest_text(cast.draft)
    text.audience = Audience.STAFF
    text.save_revision(user=cast.people["author"])
    hand_in(cast)()
    found = mails(lambda: decide_in_editor(cast.client("reviewer"), cast.draft))
    message = found["bela@example.org"]
    assert message.subject.startswith("A page that names you was approved")
    assert "draft of ours" not in message.body + message.alternatives[0][0]


def test_taking_it_back(cast, mails):
    hand_in(cast)()
    client = cast.client("author")
    data = form_of(cast.draft, **{"action-cancel-workflow": "1"})
    names = [byline.person_id for byline in newest_text(cast.draft).bylines.all()]
    assert names
    found = mails(lambda: client.post(edit_url(cast.draft), data))
    assert set(subjects(found)) >= {"olga", "coen", "rea"}
    assert "ended without a decision" in found["rea@example.org"].subject


def test_without_reviewers_the_staff_is_asked(world, mails):
    world.draft.page_seats.filter(role=PageSeatRole.REVIEWER).delete()
    assert subjects(mails(hand_in(world))) == {"stu": "Ada Author asks you to review “A draft of ours”"}


def test_a_newer_text_in_the_same_review_asks_nobody_again(world, mails):
    hand_in(world)()
    newest_text(world.draft).save_revision(user=world.people["author"])
    state = current(world.draft).current_workflow_task_state
    assert mails(lambda: state.task.specific.catch_up(state)) == {}


def test_resubmitting_tells_again(world, mails):
    hand_in(world)()
    decide_in_editor(world.client("reviewer"), world.draft, "reject", comment="More.")
    found = mails(lambda: submit(world.client("author"), world.draft, gist="More."))
    assert set(subjects(found)) == {"rea"}


def test_a_transaction_that_is_undone_tells_nobody(world, mails):
    def undone():
        with pytest.raises(RuntimeError), transaction.atomic():
            hand_in(world)()
            raise RuntimeError

    assert mails(undone) == {}
    assert not Notification.objects.exists()


def test_closed_accounts_are_not_told(world, mails):
    reviewer = world.people["reviewer"]
    reviewer.is_active = False
    reviewer.save()
    assert "rea@example.org" not in mails(hand_in(world))


def test_what_waits_stands_in_the_inbox_too(world, mails):
    mails(hand_in(world))
    reviewer = world.people["reviewer"]
    [news] = waiting_for(reviewer)
    client = world.client("reviewer")
    assert news.text in client.get("/my-hub/notifications/").content.decode()
    assert client.get(news.get_absolute_url())["Location"] == edit_url(world.draft)
    assert not waiting_for(reviewer).exists()
    assert world.client("author").get(news.get_absolute_url()).status_code == 404


def test_remarks_reach_those_who_write_and_nobody_whose_seat_has_ended(world, mails):
    left = person("Lea Left")
    PageSubscription.objects.create(page_id=world.draft.pk, user=left, comment_notifications=True)
    remark = {"text": "Which kettle?", "contentpath": "gist", "position": "", "resolved": ""}
    data = form_of(world.draft, remarks=[remark])
    found = mails(lambda: world.client("reviewer").post(edit_url(world.draft), data))
    assert subjects(found) == {"ada": "Rea Reviewer remarked on “A draft of ours”"}
    assert "Which kettle?" in found["ada@example.org"].body
    assert getattr(current(world.draft), COMMENTS_RELATION_NAME).count() == 1
    # the editor saves every few seconds: one piece of news until it was read
    again = form_of(world.draft, remarks=[{**remark, "text": "And the cups?"}])
    assert mails(lambda: world.client("reviewer").post(edit_url(world.draft), again)) == {}


def test_wagtails_own_mail_is_off(world, mails):
    """Its places are taken, and staying so does not depend on the order of apps."""
    places = {
        (task_submitted, TaskState): receivers.TASK_SUBMITTED,
        (workflow_submitted, WorkflowState): receivers.SUBMITTED,
        (workflow_rejected, WorkflowState): receivers.REJECTED,
        (workflow_approved, WorkflowState): receivers.APPROVED,
    }
    from wagtail.admin.signal_handlers import register_signal_handlers

    register_signal_handlers()
    for (signal, sender), uid in places.items():
        keys = [key for key, *_ in signal.receivers]
        assert keys.count((uid, id(sender))) == 1
    admin = person("Root Admin", Role.STAFF)
    admin.is_superuser = True
    admin.save()
    found = mails(hand_in(world))
    assert set(subjects(found)) == {"rea"}  # Wagtail would mail every administrator
    assert client_of(admin).get("/admin/").status_code == 200


def test_an_administrator_in_every_part_is_mailed_once_and_never_about_their_own_doing(world, mails):
    """Staff by group, administrator of the machine, and named reviewer: one person, one mail."""
    chief = world.people["staff"]
    chief.is_superuser = True
    chief.save()
    seat(world.draft, chief, PageSeatRole.REVIEWER)
    world.draft.page_seats.filter(user=world.people["reviewer"]).delete()
    assert list(subjects(mails(hand_in(world)))) == ["stu"]
    found = mails(lambda: decide_in_editor(world.client("staff"), world.draft, "reject", comment="Shorter."))
    assert "stu" not in subjects(found) and "ada" in subjects(found)
