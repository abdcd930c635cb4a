"""Several people read side by side: whose approvals count, what holds a page up, and what becomes of a vote."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.models import TaskState, WorkflowState

from hub.accounts.enums import Role
from hub.editorial import quorum
from hub.editorial.domain import seats, votes
from hub.editorial.domain.workflows import sync_workflows
from hub.editorial.enums import Decision, VoidedBy
from hub.editorial.models import ExternalReview, PeerReviewTask, ReviewVote
from hub.editorial.reviews import MayNotReview, TextChanged
from hub.members.domain.roles import sync_roles
from hub.notifications.models import Notification
from hub.pages.enums import PageSeatRole
from hub.pages.models import BasePage
from research.models import ReportPage, ResearchIndexPage
from tests.editorial.world import (
    current,
    decide_in_editor,
    decide_on_dashboard,
    edit_url,
    form_of,
    fresh,
    newest_text,
    person,
    seat,
    submit,
)


@pytest.fixture
def two_of(world):
    """Pages take two approvals; beside the reviewer of the world there is a second one, and a third."""
    PeerReviewTask.objects.filter(name="Peer review").update(quorum=2)
    for name, email in (("second", "Sig Second"), ("third", "Tia Third")):
        world.people[name] = person(email, Role.LEADER)
        seat(world.draft, world.people[name], PageSeatRole.REVIEWER)
    return world


def hand_in(world):
    page = current(world.draft)
    page.get_workflow().start(page, world.people["author"])
    return state_of(world)


def state_of(world):
    return current(world.draft).current_workflow_task_state


def approve(world, who, state=None, **fields):
    state = state or state_of(world)
    by = world.people[who] if isinstance(who, str) else who
    return votes.cast(state, by=by, decision=Decision.APPROVE, revision_id=state.revision_id, **fields)


def ask(world, who, comment="Shorter, please."):
    state = state_of(world)
    return votes.cast(
        state, by=world.people[who], decision=Decision.CHANGES, comment=comment, revision_id=state.revision_id
    )


def external(world, **fields):
    page = current(world.draft)
    data = {"email": "eve@example.com", "name": "Eve Expert", "may_approve": True} | fields
    return ExternalReview.objects.create(
        page=page, revision=page.latest_revision, expires_at=timezone.now() + timedelta(days=5), **data
    )


def told(user, kind):
    return [one.text for one in Notification.objects.filter(user=user, kind=f"editorial.{kind}")]


# --- the quorum ---------------------------------------------------------------------------------------


def test_a_page_is_published_when_enough_have_approved_it(two_of):
    submit(two_of.client("author"), two_of.draft, gist="Read by two.")
    response = two_of.client("reviewer").get(edit_url(two_of.draft))
    assert "Still missing: 2 more approvals" in response.content.decode()
    status = two_of.client("author").get(edit_url(two_of.draft)).content.decode()
    assert "Its authors may go on writing" in status and "Only reviewers can edit" not in status
    decide_in_editor(two_of.client("reviewer"), two_of.draft, comment="Clear and short.")
    assert not current(two_of.draft).live
    html = two_of.client("author").get(edit_url(two_of.draft)).content.decode()
    assert "Rea Reviewer" in html and "Clear and short." in html and "Still missing: one more approval." in html
    assert told(two_of.people["author"], "voted") == ["Rea Reviewer approves “A draft of ours”"]
    decide_on_dashboard(two_of.client("second"), two_of.draft)
    page = current(two_of.draft)
    assert page.live and page.gist == "Read by two."
    state = WorkflowState.objects.get().current_task_state
    assert state.finished_by == two_of.people["second"] and "Rea Reviewer approves: Clear and short." in state.comment


def test_one_person_counts_once(two_of):
    hand_in(two_of)
    approve(two_of, "reviewer")
    approve(two_of, "reviewer", comment="Still.")
    assert not current(two_of.draft).live
    assert [vote.voided_by for vote in ReviewVote.objects.all()] == [VoidedBy.NEWER_VOTE, ""]


def test_a_member_with_a_link_besides_counts_once(two_of):
    hand_in(two_of)
    link = external(two_of, email=two_of.people["reviewer"].email.upper())
    approve(two_of, "reviewer")
    approve(two_of, link)
    assert not current(two_of.draft).live


def test_people_outside_count_and_do_not_suffice(two_of):
    hand_in(two_of)
    approve(two_of, external(two_of))
    approve(two_of, external(two_of, email="ann@example.com", name="Ann Other"))
    assert not current(two_of.draft).live
    assert "an approval from inside the community" in quorum.standing_of(state_of(two_of)).sentence
    approve(two_of, "second")
    assert current(two_of.draft).live


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"may_approve": False}, "asked for remarks"),
        ({"revoked_at": timezone.now()}, "has ended"),
        ({"expires_at": timezone.now() - timedelta(minutes=1)}, "has ended"),
        ({"email": "ada@example.org"}, "your own"),
    ],
)
def test_what_people_outside_may_not_approve(two_of, fields, reason):
    hand_in(two_of)
    link = external(two_of)
    for name, value in fields.items():
        setattr(link, name, value)
    link.save()
    with pytest.raises(MayNotReview, match=reason):
        approve(two_of, link)


def test_people_outside_decide_about_the_text_they_were_shown_only(two_of):
    link = external(two_of)
    newest_text(two_of.draft).save_revision(user=two_of.people["author"])
    state = hand_in(two_of)
    with pytest.raises(MayNotReview, match="changed since this link"):
        approve(two_of, link)
    with pytest.raises(TextChanged):
        votes.cast(state, by=link, decision=Decision.APPROVE, revision_id=link.revision_id)


def test_one_of_them_has_to_be_staff(two_of):
    PeerReviewTask.objects.filter(name="Peer review").update(staff_approve=True)
    hand_in(two_of)
    approve(two_of, "reviewer")
    approve(two_of, "second")
    assert not current(two_of.draft).live
    assert "an approval by staff" in quorum.standing_of(state_of(two_of)).sentence
    approve(two_of, "staff")
    assert current(two_of.draft).live


# --- a vote counts when the quorum is asked for ---------------------------------------------------------


def becomes_co_author(world, user):
    seat(world.draft, user)


def loses_the_seat(world, user):
    world.draft.page_seats.filter(user=user).delete()


def becomes_owner(world, user):
    BasePage.objects.filter(pk=world.draft.pk).update(owner=user)


def is_named_as_author(world, user):
    page = current(world.draft)
    page.bylines.add(type(page).bylines.rel.related_model(person=user.profile, role="author"))
    page.save()


def leaves(world, user):
    user.is_active = False
    user.save()


@pytest.mark.parametrize("change", [becomes_co_author, loses_the_seat, becomes_owner, is_named_as_author, leaves])
def test_a_vote_counts_only_while_its_voter_may_approve(two_of, change):
    hand_in(two_of)
    approve(two_of, "reviewer")
    change(two_of, two_of.people["reviewer"])
    approve(two_of, "second")
    assert not current(two_of.draft).live
    approve(two_of, "third")
    assert current(two_of.draft).live


def test_a_link_that_ends_takes_its_vote_with_it(two_of):
    hand_in(two_of)
    link = external(two_of)
    approve(two_of, link)
    ExternalReview.objects.filter(pk=link.pk).update(expires_at=timezone.now())
    approve(two_of, "second")
    assert not current(two_of.draft).live


def test_going_round_the_task_publishes_nothing(two_of):
    state = hand_in(two_of)
    approve(two_of, "reviewer")
    second = two_of.people["second"]
    for bypass in (
        lambda: TaskState.objects.get(pk=state.pk).approve(user=second),
        lambda: WorkflowState.objects.get().finish(user=second),
        lambda: state_of(two_of).approve(user=None),
    ):
        with pytest.raises(MayNotReview):
            bypass()
        assert not current(two_of.draft).live and current(two_of.draft).workflow_in_progress


# --- edits ----------------------------------------------------------------------------------------------


def test_an_edit_voids_the_approvals_of_the_text_before_it_and_says_so_once(two_of):
    submit(two_of.client("author"), two_of.draft, gist="first")
    approve(two_of, "reviewer")
    for gist in ("second", "third"):
        two_of.client("author").post(edit_url(two_of.draft), form_of(two_of.draft, gist=gist))
    assert told(two_of.people["reviewer"], "approval_voided") == [
        "“A draft of ours” was changed after you approved it: please read it again"
    ]
    assert state_of(two_of).pk in waiting_for(two_of, "reviewer")
    decide_in_editor(two_of.client("second"), two_of.draft)
    assert not current(two_of.draft).live
    decide_in_editor(two_of.client("reviewer"), two_of.draft)
    assert current(two_of.draft).live and current(two_of.draft).gist == "third"


def test_a_hub_may_let_approvals_stand(two_of, settings):
    settings.HUB_EDITS_VOID_APPROVALS = False
    submit(two_of.client("author"), two_of.draft, gist="first")
    approve(two_of, "reviewer")
    two_of.client("author").post(edit_url(two_of.draft), form_of(two_of.draft, gist="second"))
    decide_in_editor(two_of.client("second"), two_of.draft)
    assert current(two_of.draft).live and current(two_of.draft).gist == "second"


def test_even_then_not_the_approval_of_whoever_changed_it(two_of, settings):
    settings.HUB_EDITS_VOID_APPROVALS = False
    submit(two_of.client("author"), two_of.draft, gist="first")
    approve(two_of, "staff")
    two_of.client("staff").post(edit_url(two_of.draft), form_of(two_of.draft, gist="by staff"))
    two_of.client("author").post(edit_url(two_of.draft), form_of(two_of.draft, gist="by the author"))
    decide_in_editor(two_of.client("second"), two_of.draft)
    assert not current(two_of.draft).live


# --- requests for changes -------------------------------------------------------------------------------


def test_authors_see_what_is_asked_and_their_answer_reaches_the_reviewers(world):
    author, reviewer = world.client("author"), world.client("reviewer")
    submit(author, world.draft)
    response = decide_on_dashboard(reviewer, world.draft, "reject")
    assert response.status_code == 302 and current(world.draft).workflow_in_progress, "a request says what it is about"
    decide_on_dashboard(reviewer, world.draft, "reject", comment="Which <kettle>?\nWhat for?")
    html = author.get(edit_url(world.draft)).content.decode()
    assert "Rea Reviewer asks for changes" in html and "Which &lt;kettle&gt;?<br>What for?" in html
    assert 'name="review_answer"' in html
    assert 'name="review_answer"' not in reviewer.get(edit_url(world.draft)).content.decode()
    # kept with the draft, also by autosave
    author.post(
        edit_url(world.draft), form_of(world.draft, review_answer="The blue"), headers={"accept": "application/json"}
    )
    assert ">The blue</textarea>" in author.get(edit_url(world.draft)).content.decode()
    submit(author, world.draft, gist="The blue kettle.", review_answer="The blue one. For tea.")
    html = reviewer.get(edit_url(world.draft)).content.decode()
    assert "The blue one. For tea." in html and "Which &lt;kettle&gt;?" in html
    note = Notification.objects.filter(user=world.people["reviewer"], kind="editorial.review_asked").latest("pk")
    assert "The blue one. For tea." in note.detail


def test_a_request_stays_open_until_whoever_made_it_has_said_more(two_of):
    hand_in(two_of)
    ask(two_of, "reviewer")
    assert not current(two_of.draft).workflow_in_progress
    submit(two_of.client("author"), two_of.draft, gist="shorter")
    approve(two_of, "second")
    approve(two_of, "third")
    assert not current(two_of.draft).live
    assert "the word of Rea Reviewer, who asked for changes" in state_of(two_of).comment
    approve(two_of, "reviewer")
    assert current(two_of.draft).live


def test_taking_a_request_back_publishes_what_it_held_up(two_of):
    hand_in(two_of)
    ask(two_of, "reviewer")
    submit(two_of.client("author"), two_of.draft, gist="shorter")
    approve(two_of, "second")
    approve(two_of, "third")
    decide_on_dashboard(two_of.client("reviewer"), two_of.draft, "take_back")
    page = current(two_of.draft)
    assert page.live and WorkflowState.objects.get().current_task_state.finished_by == two_of.people["third"]


def test_staff_who_approve_the_next_text_settle_a_request(two_of):
    hand_in(two_of)
    ask(two_of, "reviewer")
    submit(two_of.client("author"), two_of.draft, gist="shorter")
    approve(two_of, "second")
    approve(two_of, "staff")
    assert current(two_of.draft).live


def test_taking_the_page_back_and_handing_it_in_again_loses_no_request(two_of):
    hand_in(two_of)
    ask(two_of, "reviewer")
    author = two_of.client("author")
    author.post(edit_url(two_of.draft), form_of(two_of.draft, **{"action-cancel-workflow": "1"}))
    submit(author, two_of.draft, gist="as it was")
    approve(two_of, "second")
    approve(two_of, "third")
    assert not current(two_of.draft).live


# --- who is waited for ----------------------------------------------------------------------------------


def waiting_for(world, who):
    return set(TaskState.objects.reviewable_by(fresh(world.people[who])).values_list("pk", flat=True))


def test_what_waits_for_whom(two_of):
    state = hand_in(two_of)
    for who in ("reviewer", "second", "third", "staff"):
        assert waiting_for(two_of, who) == {state.pk}, who
    approve(two_of, "reviewer")
    assert waiting_for(two_of, "reviewer") == set()
    wrote = person("Wes Wrote", Role.STAFF)
    seats.end(seat(two_of.draft, wrote), by=two_of.people["staff"])
    assert not TaskState.objects.reviewable_by(fresh(wrote)).exists(), "what they wrote is theirs, seat or no seat"
    for who in ("second", "third"):
        decide_on_dashboard(two_of.client(who), two_of.draft, "claim")
    assert waiting_for(two_of, "staff") == set(), "enough people have taken it on"
    assert waiting_for(two_of, "second") == {state.pk}
    decide_on_dashboard(two_of.client("second"), two_of.draft, "release")
    assert waiting_for(two_of, "staff") == {state.pk}


def test_handing_over(two_of):
    hand_in(two_of)
    reviewer, other = two_of.client("reviewer"), two_of.people["second"]
    url = reverse("wagtailadmin_pages:workflow_action", args=[two_of.draft.pk, "hand_over", state_of(two_of).pk])
    form = reviewer.get(url).json()["html"]
    assert "Sig Second" in form and "Stu Staff" in form and "Ada Author" not in form and "@example.org" not in form
    decide_on_dashboard(reviewer, two_of.draft, "hand_over", to=two_of.people["author"].pk, comment="You do it")
    assert not state_of(two_of).claims.exists()
    decide_on_dashboard(reviewer, two_of.draft, "hand_over", to=other.pk, comment="On leave till May.")
    assert [claim.user for claim in state_of(two_of).claims.all()] == [other]
    assert told(other, "handed_over") == ["Rea Reviewer asks you to review “A draft of ours” in their place"]
    # the same dialogue in the editor
    data = {"action-workflow-action": "true", "workflow-action-name": "hand_over"}
    extra = f'{{"to": "{two_of.people["third"].pk}", "comment": ""}}'
    two_of.client("second").post(
        edit_url(two_of.draft), form_of(two_of.draft, **data, **{"workflow-action-extra-data": extra})
    )
    assert [claim.user for claim in state_of(two_of).claims.all()] == [two_of.people["third"]]


def test_claims_go_on_when_the_text_is_changed(two_of):
    submit(two_of.client("author"), two_of.draft)
    decide_on_dashboard(two_of.client("second"), two_of.draft, "claim")
    two_of.client("author").post(edit_url(two_of.draft), form_of(two_of.draft, gist="changed"))
    before = state_of(two_of)
    decide_on_dashboard(two_of.client("reviewer"), two_of.draft)  # refused; the newest text is put up
    now = state_of(two_of)
    assert now.pk != before.pk and now.due_on == before.due_on
    assert [claim.user for claim in now.claims.all()] == [two_of.people["second"]]


def test_a_decision_that_comes_too_late_keeps_its_comment(two_of):
    hand_in(two_of)
    state = state_of(two_of)
    url = reverse("wagtailadmin_pages:workflow_action", args=[two_of.draft.pk, "approve", state.pk])
    two_of.client("author").post(edit_url(two_of.draft), form_of(two_of.draft, gist="changed"))
    html = two_of.client("second").post(url, {"comment": "Worth an hour"}, follow=True).content.decode()
    assert "Read it as it is now" in html and "Worth an hour" in html


# --- dates ----------------------------------------------------------------------------------------------


def test_a_page_with_a_date_is_scheduled_by_its_approval_and_holds_till_then(world):
    day = timezone.now() + timedelta(days=10)
    page = newest_text(world.draft)
    page.go_live_at = day
    page.save_revision(user=world.people["author"])
    submit(world.client("author"), world.draft, gist="under embargo")
    decide_in_editor(world.client("reviewer"), world.draft)
    page = current(world.draft)
    assert not page.live and page.scheduled_revision.content["gist"] == "under embargo"
    assert WorkflowState.objects.get().status == WorkflowState.STATUS_APPROVED
    (news,) = told(world.people["author"], "published")
    assert "goes live on" in news and "is published" not in news
    # what is written afterwards was approved by nobody
    world.client("author").post(edit_url(world.draft), form_of(world.draft, gist="unread"))
    call_command("publish_scheduled")
    assert not current(world.draft).live
    with time_machine.travel(day + timedelta(minutes=1)):
        call_command("publish_scheduled")
    assert current(world.draft).live and current(world.draft).gist == "under embargo"


def test_research_is_reviewed_more_strictly_than_practices(db):
    sync_roles()
    index = ResearchIndexPage.objects.get()
    report = index.add_child(instance=ReportPage(title="What we found", slug="found", live=False))
    task = report.get_workflow().tasks.get().specific
    assert (task.quorum, task.staff_approve) == (2, True)
    assert PeerReviewTask.objects.get(name="Peer review").quorum == 1
    # once there, it is the staff's to change or to take away
    report.get_workflow().workflow_pages.all().delete()
    assert sync_workflows() == []
