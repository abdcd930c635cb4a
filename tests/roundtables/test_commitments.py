"""What people will try after a session, with a day on which they are asked; and topics to go on with."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from hub.members.domain.roles import sync_roles
from hub.notifications.models import Notification
from roundtables.domain import commitments, follow_ups
from roundtables.domain.commitments import CommitmentRefused
from roundtables.domain.follow_ups import FollowUpRefused
from roundtables.enums import AttributionMode, FollowUpState
from roundtables.models import Commitment, FollowUp, SessionPage
from roundtables.rules import may_run
from tests.factories import SeriesPageFactory, TopicFactory
from tests.roundtables.test_takeaways import browse, held, outsiders

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def roles(db):
    sync_roles()


def promise(session, who=0, *, shared=False, days=9, text="Ask my director which page she read last"):
    day = timezone.localdate() + timedelta(days=days)
    by = session.guests[who].user
    return commitments.commit(session, by=by, key=uuid.uuid4(), text=text, due_on=day, shared=shared)


def test_it_is_mine_until_i_share_it_and_never_has_my_name(client):
    session = held()
    mine, author, other = promise(session), session.guests[0], session.guests[1]
    page = session.get_url()
    assert mine.text in browse(client, author.user).get(page).content.decode()
    assert mine.text in client.get("/my-hub/").content.decode()
    assert mine.text not in browse(client, other.user).get(page).content.decode()
    assert client.get(mine.get_absolute_url()).status_code == 404
    commitments.show_to_the_table(mine, by=author.user, shared=True)
    section = client.get(page).content.decode().partition('id="commitments"')[2].partition("</section>")[0]
    assert mine.text in section and author.name not in section
    for who, user in outsiders(session).items():
        if not user.is_active:
            continue
        assert mine.text not in browse(client, user).get(page).content.decode(), who
        assert client.get(reverse("roundtables:commit", args=[session.pk])).status_code == 404, who
        with pytest.raises(PermissionDenied):
            commitments.commit(session, by=user, key=uuid.uuid4(), text="x", due_on=timezone.localdate())
        with pytest.raises(PermissionDenied):
            commitments.say_what_came_of_it(mine, by=user, outcome="done")
    client.logout()
    assert mine.text not in client.get(page).content.decode()


def test_the_form_keeps_it_once_and_says_what_is_missing(client):
    session = held()
    address = reverse("roundtables:commit", args=[session.pk])
    browse(client, session.guests[0].user)
    typed = {"text": "Send one letter", "due_on": timezone.localdate() - timedelta(days=1), "key": uuid.uuid4()}
    html = client.post(address, typed).content.decode()
    assert "still to come" in html and "Send one letter" in html
    typed["due_on"] = timezone.localdate() + timedelta(days=2)
    for _ in range(2):
        assert client.post(address, typed).status_code == 302
    assert Commitment.objects.get().text == "Send one letter"


def test_people_are_asked_on_the_day_they_set_and_once(client):
    session = held()
    due, later, settled = promise(session, days=0), promise(session, 1, days=3), promise(session, 2, days=0)
    commitments.say_what_came_of_it(settled, by=session.guests[2].user, outcome="dropped", words="No time.")
    for _ in range(2):
        call_command("follow_up_sessions")
    asked = Notification.objects.filter(kind="roundtables.commitment_due")
    assert [one.user for one in asked] == [session.guests[0].user]
    assert later.pk
    browse(client, session.guests[0].user)
    new_day = timezone.localdate()
    assert "Choose how it went" in client.post(due.get_absolute_url(), {"words": "Well."}).content.decode()
    client.post(due.get_absolute_url(), {"outcome": "not_yet", "words": "She was away.", "due_on": new_day})
    assert "She was away." in client.get(reverse("roundtables:commitments")).content.decode()
    call_command("follow_up_sessions")
    assert asked.all().count() == 1, "the same day again is not another day"
    Commitment.objects.filter(pk=due.pk).update(due_on=new_day - timedelta(days=1))
    call_command("follow_up_sessions")
    assert asked.all().count() == 2, "another day was set, and has come"
    client.post(reverse("roundtables:commitment_take_back", args=[due.pk]))
    assert not Commitment.objects.filter(pk=due.pk).exists()


def test_what_is_shared_names_nobody_where_nobody_is_named():
    session = held(AttributionMode.CHATHAM_HOUSE)
    text = f"Do as {session.guests[1].name} does"
    with pytest.raises(CommitmentRefused, match="names somebody"):
        promise(session, shared=True, text=text)
    own = promise(session, text=text)
    with pytest.raises(CommitmentRefused, match="names somebody"):
        commitments.show_to_the_table(own, by=session.guests[0].user, shared=True)
    with pytest.raises(FollowUpRefused, match="names somebody"):
        follow_ups.propose(session, by=session.guests[0].user, key=uuid.uuid4(), topic=text)


def test_a_topic_becomes_a_draft_of_the_series_by_who_runs_it(client):
    series = SeriesPageFactory(title="Reporting up, always")
    session = held(parent=series, many={"topics": [TopicFactory(slug="boards")]}, time_zone="Europe/Lisbon")
    guest, host = session.guests[0], session.host
    address = reverse("roundtables:go_on", args=[session.pk])
    key = uuid.uuid4()
    browse(client, guest.user)
    for _ in range(2):
        client.post(address, {"topic": "When the sponsor leaves", "why": "We ran out of time.", "key": key})
    proposal = FollowUp.objects.get()
    told = Notification.objects.get(kind="roundtables.follow_up_proposed")
    assert told.user == host.user and guest.name not in told.text + told.detail
    answer = reverse("roundtables:answer_follow_up", args=[proposal.pk])
    assert client.post(answer, {"do": "draft"}).status_code == 404, "not by who proposed it"
    browse(client, host.user)
    desk = client.get(reverse("roundtables:takeaway_desk", args=[session.pk])).content.decode()
    assert "When the sponsor leaves" in desk
    assert client.post(answer, {"do": "draft"}).status_code == 302
    proposal.refresh_from_db()
    draft = SessionPage.objects.get(pk=proposal.draft_id)
    assert (proposal.state, draft.live, draft.starts_at) == (FollowUpState.DRAFTED, False, None)
    assert draft.get_parent().specific == series and draft.time_zone == "Europe/Lisbon"
    assert [topic.slug for topic in draft.topics.all()] == ["boards"]
    assert may_run(draft, host.user)
    assert Notification.objects.filter(user=guest.user, kind="roundtables.follow_up_answered").count() == 1
    client.post(answer, {"do": "decline"})
    assert SessionPage.objects.filter(title="When the sponsor leaves").count() == 1
