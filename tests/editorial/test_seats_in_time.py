"""Seats that run out or are taken away, pages that are handed over, sections that are led, and what waits for whom."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from hub.accounts.enums import Role
from hub.editorial.domain import leading, seats
from hub.editorial.domain.work import waiting_for, work_of
from hub.editorial.enums import Stand
from hub.notifications.models import Notification
from hub.pages.models import BasePage, PageSeat
from roundtables.models import RoundtablesIndexPage
from tests.editorial.test_matrix import STATES
from tests.editorial.world import client_of, current, decide_in_editor, edit_url, form_of, fresh, person, seat, submit
from tests.factories import PracticePageFactory, SeriesPageFactory, SessionPageFactory, StandardPageFactory

pytestmark = pytest.mark.django_db


def people_url(page):
    return reverse("page_people", args=[page.pk])


def told(user, kind):
    return [one.text for one in Notification.objects.filter(user=user, kind=f"editorial.{kind}")]


# --- seats that run out ----------------------------------------------------------------------------------


def test_a_seat_ends_with_its_last_day_and_everything_with_it(world):
    author, client = world.people["author"], world.client("author")
    held = PageSeat.objects.get(user=author)
    day = timezone.localdate() + timedelta(days=3)
    world.client("staff").post(people_url(world.draft), {"date": held.pk, "until": day.isoformat()})
    assert timezone.localtime(PageSeat.objects.get(pk=held.pk).expires_at).date() == day
    assert client.get(edit_url(world.draft)).status_code == 200
    with time_machine.travel(PageSeat.objects.get(pk=held.pk).expires_at + timedelta(seconds=1), tick=False):
        client = client_of(author)
        assert client.get(edit_url(world.draft)).status_code == 403
        client.post(edit_url(world.draft), form_of(world.draft, gist="Too late."))
        assert current(world.draft).get_latest_revision_as_object().gist != "Too late."
        assert not fresh(author).has_perm("wagtailadmin.access_admin")
        assert list(world.draft.page_seats.filter(user=author)) == []
        for _ in range(2):  # a timer may run it twice
            call_command("end_seats")
        assert not PageSeat.ever.filter(user=author).exists()
        [text] = told(author, "seat_ended")
        assert world.draft.title not in text
        seats.accept(offer(world, author), user=author)
        assert client_of(author).get(edit_url(world.draft)).status_code == 200


def offer(world, user):
    return seats.invite(page=world.draft, email=user.email, role="co_author", invited_by=world.people["staff"])


def test_a_seat_that_has_run_out_is_in_nobodys_way(world):
    author = world.people["author"]
    PageSeat.objects.filter(user=author).update(expires_at=timezone.now() - timedelta(days=1))
    assert seats.accept(offer(world, author), user=author).expires_at is None
    assert PageSeat.ever.filter(user=author).count() == 1


def test_an_offer_carries_the_end_of_its_seat(world):
    day = timezone.localdate() + timedelta(days=10)
    asked = {"who": "mel member", "role": "reviewer", "until": day.isoformat(), "send": "yes"}
    world.client("staff").post(people_url(world.draft), asked)
    taken = seats.accept(world.draft.page_invitations.get(), user=world.people["member"])
    assert timezone.localtime(taken.expires_at).date() == day


@pytest.mark.parametrize("until", ["2020-01-01", "no date"])
def test_a_day_that_cannot_be(world, until):
    held = PageSeat.objects.get(user=world.people["author"])
    response = world.client("staff").post(people_url(world.draft), {"date": held.pk, "until": until}, follow=True)
    assert "over" in response.content.decode() or "no date" in response.content.decode()
    assert PageSeat.objects.get(pk=held.pk).expires_at is None


def test_whose_seat_is_ended_is_told_so_and_whoever_gives_it_back_is_not(world):
    staff = world.client("staff")
    staff.post(people_url(world.draft), {"end": PageSeat.objects.get(user=world.people["author"]).pk})
    assert told(world.people["author"], "seat_ended") == ["Stu Staff ended your seat: writing a practice"]
    own = PageSeat.objects.get(user=world.people["reviewer"])
    world.client("reviewer").post(people_url(world.draft), {"end": own.pk})
    assert told(world.people["reviewer"], "seat_ended") == []


def test_the_creator_of_a_page_loses_every_right_with_the_seat(world):
    maker = person("Max Maker", Role.LEADER)
    page = PracticePageFactory(owner=maker, live=False)
    page.save_revision(user=maker)
    client = client_of(maker)
    assert client.get(edit_url(page)).status_code == 200
    world.client("staff").post(people_url(page), {"end": maker.page_seats.get().pk})
    assert BasePage.objects.get(pk=page.pk).owner == maker  # it still says who made it
    for url in (edit_url(page), people_url(page), reverse("wagtailadmin_pages:history", args=[page.pk])):
        assert client.get(url).status_code == 403
    client.post(edit_url(page), form_of(page, gist="Mine, still."))
    assert current(page).get_latest_revision_as_object().gist != "Mine, still."


# --- handing a page over ---------------------------------------------------------------------------------


def test_a_page_is_handed_to_a_co_author(world):
    author = world.people["author"]
    heir = seat(world.draft, person("Hera Heir"), expires_at=timezone.now() + timedelta(days=1))
    world.draft.owner = author
    world.draft.save()
    assert world.client("author").post(people_url(world.draft), {"hand_over": heir.pk}).status_code == 302
    heir = PageSeat.objects.get(pk=heir.pk)
    assert (current(world.draft).owner, heir.may_invite, heir.expires_at) == (heir.user, True, None)
    assert told(heir.user, "responsible") == ["Ada Author made you responsible for “A draft of ours”"]
    assert PageSeat.objects.filter(user=author).exists()
    # a text that is published later does not bring the former owner back
    current(world.draft).get_latest_revision().publish()
    assert current(world.draft).owner == heir.user
    back = seat(world.draft, author)
    world.client("author").post(people_url(world.draft), {"hand_over": back.pk})
    assert current(world.draft).owner == heir.user


def test_whoever_reads_a_page_is_not_made_responsible_for_it(world):
    reading = PageSeat.objects.get(user=world.people["reviewer"])
    response = world.client("staff").post(people_url(world.draft), {"hand_over": reading.pk}, follow=True)
    assert "Only a co-author can be responsible" in response.content.decode()
    assert current(world.draft).owner != reading.user


def test_who_handed_a_page_over_does_not_approve_what_they_wrote(world):
    """Not even with a reviewer's seat: the text that lies there is theirs."""
    author = world.people["author"]
    world.draft.owner = author
    world.draft.save()
    world.draft.save_revision(user=author)
    heir = seat(world.draft, person("Hera Heir"))
    world.client("author").post(people_url(world.draft), {"hand_over": heir.pk})
    seat(world.draft, author, "reviewer")
    submit(client_of(heir.user), world.draft)
    decide_in_editor(client_of(author), world.draft)
    assert not current(world.draft).live
    assert not current(world.draft).current_workflow_task_state.specific.votes.exists()


# --- leading a section -----------------------------------------------------------------------------------


@pytest.fixture
def series(world):
    return SeriesPageFactory(title="The series")


@pytest.fixture
def lead(world, series):
    user = person("Lou Lead")
    world.client("staff").post(people_url(series), {"appoint": "yes", "leader": "lou lead"})
    return user


def test_a_leader_is_appointed_where_the_page_is_looked_after(world, series, lead):
    assert leading.leaders_of(series) == [lead]
    assert told(lead, "leads") == ["Stu Staff made you leader of “The series” and what lies below it"]
    group = lead.groups.get(name__startswith="Lead")
    assert {grant.permission.codename for grant in group.page_permissions.all()} == {"add_basepage", "change_basepage"}
    assert "Lou Lead" in world.client("staff").get(people_url(series)).content.decode()


def test_a_leader_works_below_the_page_and_nowhere_else(world, series, lead):
    inside, outside = SessionPageFactory(parent=series), SessionPageFactory()
    client = client_of(lead)
    for page, opens in ((series, True), (inside, True), (outside, False), (world.draft, False)):
        assert (client.get(edit_url(page)).status_code == 200) is opens
    add = ["roundtables", "sessionpage"]
    assert client.get(reverse("wagtailadmin_pages:add", args=[*add, series.pk])).status_code == 200
    section = RoundtablesIndexPage.objects.get()
    assert client.get(reverse("wagtailadmin_pages:add", args=[*add, section.pk])).status_code != 200
    asked = {"who": "mel member", "role": "co_author", "send": "yes"}
    client.post(people_url(inside), asked)
    assert inside.page_invitations.exists()
    for action in ("delete", "unpublish", "move", "copy"):
        assert client.get(reverse(f"wagtailadmin_pages:{action}", args=[inside.pk])).status_code in (302, 403)
    client.post(reverse("wagtailadmin_pages:unpublish", args=[inside.pk]))
    assert BasePage.objects.get(pk=inside.pk).live


def test_it_ends_at_once(world, series, lead):
    client = client_of(lead)
    world.client("staff").post(people_url(series), {"dismiss": lead.pk})
    assert client.get(edit_url(series)).status_code == 403
    assert not fresh(lead).has_perm("wagtailadmin.access_admin")


def test_it_goes_with_its_page(series, lead):
    series.delete()
    assert not fresh(lead).groups.filter(name__startswith="Lead").exists()
    assert not fresh(lead).has_perm("wagtailadmin.access_admin")


def test_only_staff_appoint_and_only_where_pages_can_lie(world, series, lead):
    wanted = {"appoint": "yes", "leader": "mel member"}
    client_of(lead).post(people_url(series), wanted)
    refused = world.client("staff").post(people_url(world.draft), wanted, follow=True)
    assert "nothing to lead" in refused.content.decode()
    kept = world.client("staff").post(people_url(series), {"appoint": "yes", "leader": "Nobody Known"})
    assert "No member of this name" in kept.content.decode() and 'value="Nobody Known"' in kept.content.decode()
    assert leading.leaders_of(series) == [lead]


def test_a_topic_whose_pages_lie_together_is_led_like_a_series(world):
    topic = StandardPageFactory(title="Housing")
    below = StandardPageFactory(parent=topic)
    user = person("Lou Lead")
    leading.appoint(topic, user, by=world.people["staff"])
    assert client_of(user).get(edit_url(below)).status_code == 200


def test_what_staff_add_to_the_group_is_respected(world, series, lead):
    """The rights are Wagtail's own: a group that may publish there, publishes there."""
    from django.contrib.auth.models import Permission
    from wagtail.models import GroupPagePermission

    page = SessionPageFactory(parent=series)
    assert not page.permissions_for_user(fresh(lead)).can_publish()
    publish = Permission.objects.get(content_type__app_label="pages", codename="publish_basepage")
    GroupPagePermission.objects.create(group=lead.groups.get(name__startswith="Lead"), page=series, permission=publish)
    assert page.permissions_for_user(fresh(lead)).can_publish()
    assert not world.other.permissions_for_user(fresh(lead)).can_publish()


# --- what I work on --------------------------------------------------------------------------------------

STANDS = {
    "draft": Stand.DRAFT,
    "in_review": Stand.IN_REVIEW,
    "changes_requested": Stand.CHANGES_REQUESTED,
    "live_and_draft": Stand.LIVE_AND_DRAFT,
    "scheduled": Stand.SCHEDULED,
}
WAITS = {
    ("author", "changes_requested"): "Make the changes asked for",
    ("reviewer", "in_review"): "Read it and decide",
}


@pytest.mark.parametrize("state", STANDS)
def test_pages_i_work_on(world, state):
    other = PracticePageFactory(title="Another one of mine")
    STATES[state](current(world.draft), world.people["author"])
    for who in ("author", "reviewer"):
        user = fresh(world.people[who])
        seat(other, user)
        first, *rest = work_of(user, most=9, reviews=waiting_for(user))
        work = next(one for one in (first, *rest) if one.page.pk == world.draft.pk)
        assert (work.stand, work.waits_for) == (STANDS[state], WAITS.get((who, state), ""))
        if work.waits_for:
            assert first is work
        title = current(world.draft).draft_title
        for url in ("/admin/", "/my-hub/"):
            html = client_of(user).get(url).content.decode()
            for words in (title, work.stand.label, work.role.label, work.waits_for, "Another one of mine"):
                assert words in html


def test_the_work_of_many_pages_costs_two_queries(world, django_assert_num_queries):
    for _ in range(12):
        page = PracticePageFactory(live=False)
        page.save_revision()
        seat(page, world.people["author"])
    with django_assert_num_queries(2):
        assert len(work_of(world.people["author"], most=30, reviews=[])) == 13
