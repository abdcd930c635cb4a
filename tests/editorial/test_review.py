"""Peer review through the stock buttons: who may decide, about which text, and what happens then."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from wagtail.models import COMMENTS_RELATION_NAME, TaskState, Workflow, WorkflowState

from hub.accounts.enums import Role
from hub.editorial.reviews import MayNotReview, PeerReviewState, PeerReviewTask, TextChanged
from hub.pages.enums import PageSeatRole
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
from tests.factories import PracticePageFactory


def test_every_section_of_a_new_hub_is_reviewed(world):
    task = PeerReviewTask.objects.get(name="Peer review")
    assert list(current(world.draft).get_workflow().tasks) == [task.task_ptr]
    from hub.editorial.domain.workflows import sync_workflows

    assert sync_workflows() == []
    assert Workflow.objects.filter(name="Peer review").count() == 1


def test_the_journey_from_draft_to_published(world):
    author, reviewer = world.client("author"), world.client("reviewer")
    assert submit(author, world.draft, gist="Put the kettle on first.").status_code == 302
    assert current(world.draft).workflow_in_progress
    assert b"Approve" not in author.get(edit_url(world.draft)).content
    page = reviewer.get(edit_url(world.draft)).content.decode()
    assert page.count('data-workflow-action-name="approve"') == 2
    assert page.count('data-workflow-action-name="reject"') == 1
    response = decide_in_editor(reviewer, world.draft)
    assert response.status_code == 302
    page = current(world.draft)
    assert page.live and page.gist == "Put the kettle on first." and not page.has_unpublished_changes
    assert reviewer.get(reverse("wagtailadmin_home")).context is not None


def test_request_changes_then_submit_again(world):
    author, reviewer = world.client("author"), world.client("reviewer")
    submit(author, world.draft)
    decide_in_editor(reviewer, world.draft, "reject", comment="Please shorten it.")
    state = WorkflowState.objects.get()
    assert state.status == WorkflowState.STATUS_NEEDS_CHANGES
    assert state.current_task_state.comment == "Please shorten it."
    submit(author, world.draft, gist="Shorter.")
    assert WorkflowState.objects.get().status == WorkflowState.STATUS_IN_PROGRESS
    decide_on_dashboard(reviewer, world.draft)
    assert current(world.draft).live and current(world.draft).gist == "Shorter."


def test_the_dashboard_shows_reviewers_what_waits_for_them(world):
    submit(world.client("author"), world.draft)
    for who, shown in (("reviewer", True), ("staff", True), ("author", False)):
        html = world.client(who).get(reverse("wagtailadmin_home")).content.decode()
        assert ("Awaiting your review" in html) is shown, who
        states = list(TaskState.objects.reviewable_by(fresh(world.people[who])))
        assert bool(states) is shown, who


# --- nobody approves their own text, whichever door they try --------------------------------------


def as_owner(world):
    owner = person("Olive Owner", Role.STAFF)
    type(current(world.draft)).objects.filter(pk=world.draft.pk).update(owner=owner)
    return owner


def as_co_author_with_staff_rights(world):
    user = person("Cleo Coauthor", Role.STAFF)
    seat(world.draft, user)
    return user


def as_last_editor(world):
    user = person("Lars Last", Role.STAFF)
    page = newest_text(world.draft)
    page.gist = "changed by Lars"
    page.save_revision(user=user)
    return user


def as_administrator_who_wrote_it(world):
    user = person("Root Admin", Role.STAFF)
    user.is_superuser = True
    user.save()
    page = newest_text(world.draft)
    page.gist = "changed by Root"
    page.save_revision(user=user)
    return user


def as_named_author(world):
    user = person("Nia Named", Role.STAFF)
    page = newest_text(world.draft)
    page.bylines.add(type(page).bylines.rel.related_model(person=user.profile, role="author"))
    page.save_revision(user=world.people["author"])
    return user


def by_editor_button(client, page, state, user):
    decide_in_editor(client, page)


def by_editor_button_without_the_loaded_text(client, page, state, user):
    data = form_of(page, **{"action-workflow-action": "true", "workflow-action-name": "approve"})
    data = {key: value for key, value in data.items() if not key.startswith("loaded_")}
    client.post(edit_url(page), data)


def by_dashboard_button(client, page, state, user):
    client.post(reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk]))


def by_dashboard_modal(client, page, state, user):
    url = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk])
    client.post(url, {"comment": "fine by me"}, headers={"x-requested-with": "XMLHttpRequest"})


def by_task(client, page, state, user):
    with pytest.raises(PermissionDenied):
        state.task.specific.on_action(state, user, "approve")


def by_state(client, page, state, user):
    with pytest.raises(PermissionDenied):
        state.specific.approve(user=user)


def by_base_state(client, page, state, user):
    with pytest.raises(PermissionDenied):
        TaskState.objects.get(pk=state.pk).approve(user=user)


def by_finishing_the_workflow(client, page, state, user):
    with pytest.raises(PermissionDenied):
        state.workflow_state.finish(user=user)


def by_address_of_another_page(client, page, state, user):
    """Wagtail asks for rights on the page in the address, and acts on the task in the address."""
    elsewhere = PracticePageFactory(title="Elsewhere", live=False)
    seat(elsewhere, user, PageSeatRole.REVIEWER)
    elsewhere.get_workflow().start(elsewhere, None)
    client.post(reverse("wagtailadmin_pages:workflow_action", args=[elsewhere.pk, "approve", state.pk]))


@pytest.mark.parametrize(
    "become",
    [as_owner, as_co_author_with_staff_rights, as_last_editor, as_administrator_who_wrote_it, as_named_author],
)
@pytest.mark.parametrize(
    "door",
    [
        by_editor_button,
        by_editor_button_without_the_loaded_text,
        by_dashboard_button,
        by_dashboard_modal,
        by_task,
        by_state,
        by_base_state,
        by_finishing_the_workflow,
        by_address_of_another_page,
    ],
)
def test_nobody_approves_their_own_text(world, client, become, door):
    user = become(world)
    page = current(world.draft)
    page.get_workflow().start(page, world.people["author"])
    client.force_login(user)
    door(client, page, page.current_workflow_task_state, fresh(user))
    assert not current(page).live
    assert current(page).workflow_in_progress


@pytest.mark.parametrize("who", ["visitor", "member", "author"])
def test_others_may_not_decide_at_all(world, who):
    page = current(world.draft)
    page.get_workflow().start(page, world.people["author"])
    for action in ("approve", "reject"):
        decide_in_editor(world.client(who), page, action)
        decide_on_dashboard(world.client(who), page, action)
    assert current(page).workflow_in_progress and not current(page).live


def test_a_stock_group_task_holds_the_rule_too(world):
    """Staff may build workflows of Wagtail's own tasks; the rule is asked once more before publishing."""
    from django.contrib.auth.models import Group
    from wagtail.models import GroupApprovalTask, WorkflowPage, WorkflowTask

    task = GroupApprovalTask.objects.create(name="Office")
    task.groups.add(Group.objects.get(name="Staff"))
    workflow = Workflow.objects.create(name="Office")
    WorkflowTask.objects.create(workflow=workflow, task=task)
    WorkflowPage.objects.create(page_id=world.draft.pk, workflow=workflow)
    user = as_last_editor(world)
    page = current(world.draft)
    workflow.start(page, user)
    client = world.client("staff")
    client.force_login(user)
    decide_on_dashboard(client, page)
    assert not current(page).live
    decide_on_dashboard(world.client("staff"), page)
    assert current(page).live


# --- a decision is about the text that was read ----------------------------------------------------


def test_a_text_changed_after_handing_in_is_read_again(world):
    author, reviewer = world.client("author"), world.client("reviewer")
    submit(author, world.draft, gist="first")
    read = form_of(world.draft)  # what lies on the reviewer's screen
    first = current(world.draft).current_workflow_task_state
    author.post(edit_url(world.draft), form_of(world.draft, gist="second"))

    response = reviewer.post(
        edit_url(world.draft),
        read | {"action-workflow-action": "true", "workflow-action-name": "approve"},
        follow=True,
    )
    assert "Read it as it is now" in response.content.decode()
    assert not current(world.draft).live

    # the old link of the dashboard approves nothing either
    reviewer.post(reverse("wagtailadmin_pages:workflow_action", args=[world.draft.pk, "approve", first.pk]))
    assert not current(world.draft).live

    assert decide_in_editor(reviewer, world.draft).status_code == 302
    assert current(world.draft).live and current(world.draft).gist == "second"


def test_the_dashboard_refuses_a_text_that_was_changed_and_puts_the_new_one_up(world):
    submit(world.client("author"), world.draft, gist="first")
    world.client("author").post(edit_url(world.draft), form_of(world.draft, gist="second"))
    reviewer = world.client("reviewer")
    decide_on_dashboard(reviewer, world.draft)
    assert not current(world.draft).live
    assert current(world.draft).current_workflow_task_state.revision_id == current(world.draft).latest_revision_id
    decide_on_dashboard(reviewer, world.draft)
    assert current(world.draft).live and current(world.draft).gist == "second"


def test_autosave_never_writes_into_a_text_that_was_handed_in(world):
    author = world.client("author")
    submit(author, world.draft, gist="handed in")
    handed_in = current(world.draft).latest_revision
    data = form_of(world.draft, gist="typed later", overwrite_revision_id=handed_in.pk)
    answer = author.post(edit_url(world.draft), data, headers={"accept": "application/json"}).json()
    assert answer["success"] and answer["revision_id"] != handed_in.pk
    handed_in.refresh_from_db()
    assert handed_in.content["gist"] == "handed in"
    # … but into the one it made since, as long as nobody was asked about it
    data = form_of(world.draft, gist="typed on", overwrite_revision_id=answer["revision_id"])
    again = author.post(edit_url(world.draft), data, headers={"accept": "application/json"}).json()
    assert again["revision_id"] == answer["revision_id"]


def test_the_domain_refuses_a_stale_text(world):
    page = current(world.draft)
    page.get_workflow().start(page, world.people["author"])
    state = page.current_workflow_task_state
    newest_text(page).save_revision(user=world.people["author"])
    with pytest.raises(TextChanged):
        state.approve(user=world.people["reviewer"])
    with pytest.raises(MayNotReview):
        PeerReviewState.objects.get().approve(user=world.people["member"])


# --- reviewers read and remark ---------------------------------------------------------------------


def test_a_reviewer_saves_remarks_and_no_text(world):
    reviewer = world.client("reviewer")
    before = current(world.draft).latest_revision_id
    remark = {"text": "Which kettle?", "contentpath": "gist", "position": "", "resolved": ""}
    response = reviewer.post(
        edit_url(world.draft), form_of(world.draft, title="Taken over", gist="mine now", remarks=[remark])
    )
    assert response.status_code == 302
    page = current(world.draft)
    assert (page.title, page.latest_revision_id) == ("A draft of ours", before)
    assert newest_text(page).gist != "mine now"
    saved = getattr(page, COMMENTS_RELATION_NAME).get()
    assert (saved.text, saved.user) == ("Which kettle?", world.people["reviewer"])


def test_a_reviewer_approves_with_a_remark_in_one_go(world):
    submit(world.client("author"), world.draft, gist="as handed in")
    remark = {"text": "Lovely.", "contentpath": "gist", "position": "", "resolved": ""}
    decide_in_editor(world.client("reviewer"), world.draft, gist="smuggled", remarks=[remark])
    page = current(world.draft)
    assert page.live and page.gist == "as handed in"
    assert getattr(page, COMMENTS_RELATION_NAME).count() == 1


def test_staff_who_change_the_text_while_approving_have_saved_a_draft(world):
    submit(world.client("author"), world.draft, gist="as handed in")
    staff = world.client("staff")
    response = decide_in_editor(staff, world.draft, gist="as staff would have it")
    assert response.status_code == 302
    page = current(world.draft)
    assert not page.live and newest_text(page).gist == "as staff would have it"
    decide_in_editor(staff, world.draft)
    assert not current(world.draft).live
    decide_in_editor(world.client("reviewer"), world.draft)
    assert current(world.draft).live and current(world.draft).gist == "as staff would have it"


def test_a_reviewer_neither_cancels_nor_reverts(world):
    submit(world.client("author"), world.draft)
    reviewer = world.client("reviewer")
    reviewer.post(edit_url(world.draft), form_of(world.draft, **{"action-cancel-workflow": "1"}))
    assert current(world.draft).workflow_in_progress
    first = current(world.draft).revisions.order_by("pk").first()
    url = reverse("wagtailadmin_pages:revisions_revert", args=[world.draft.pk, first.pk])
    assert reviewer.get(url).status_code == 302
    newest = current(world.draft).latest_revision_id
    reviewer.post(url, form_of(world.draft))
    assert current(world.draft).latest_revision_id == newest


def test_authors_take_their_page_back(world):
    author = world.client("author")
    submit(author, world.draft)
    author.post(edit_url(world.draft), form_of(world.draft, **{"action-cancel-workflow": "1"}))
    assert not current(world.draft).workflow_in_progress
