"""Is it still true? Who is asked, who may answer, and what each answer does."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone
from wagtail.models import PageLogEntry

from hub.accounts.enums import Role
from hub.editorial.domain import upkeep
from hub.editorial.domain.keepers import may_keep
from hub.editorial.domain.upkeep import PATIENCE, run_upkeep
from hub.editorial.enums import UpkeepOutcome, UpkeepStep
from hub.editorial.models import Byline, PageUpkeep, UpkeepTask
from hub.home.domain.status import checks
from hub.members.domain.roles import sync_roles
from hub.notifications.models import Notification
from hub.pages.enums import Audience, PageSeatRole
from hub.pages.models import PageSeat
from hub.practices.models import PracticePage
from search.domain import queue
from search.models import Entry
from tests.editorial.world import client_of, edit_url, form_of, fresh, person, seat
from tests.factories import PracticePageFactory, StandardPageFactory, TopicFactory

pytestmark = pytest.mark.django_db
YESTERDAY = timedelta(days=1)


def late(title="An old practice", **fields):
    return PracticePageFactory(title=title, verify_by=timezone.localdate() - YESTERDAY, **fields)


def looks_after(page, user=None, **fields):
    return PageUpkeep.objects.update_or_create(page_id=page.pk, defaults={"responsible": user, **fields})[0]


def task_of(page):
    return UpkeepTask.objects.open().get(page_id=page.pk)


def stored(page):
    return PracticePage.objects.get(pk=page.pk)


def later(days):
    return time_machine.travel(timezone.now() + timedelta(days=days), tick=False)


@pytest.fixture
def people(db):
    sync_roles()
    return {
        "owner": person("Olga Owner"),
        "author": person("Ada Author"),
        "steward": person("Sam Steward", Role.LEADER),
        "staff": person("Stu Staff", Role.STAFF),
        "member": person("Mel Member"),
    }


@pytest.fixture
def page(people):
    """An overdue page with somebody at every step."""
    topic = TopicFactory(name="Sponsors")
    topic.stewards.add(people["steward"])
    page = late(many={"topics": [topic]})
    looks_after(page, people["owner"])
    seat(page, people["author"])
    return page


def asked_in_turn(page, runs=6):
    """Who is asked, run by run, each after the patience with the one before is over."""
    found = []
    for number in range(runs):
        with later(number * (PATIENCE.days + 1)):
            run_upkeep()
            found.append(task_of(page).assigned_to)
    return [user and user.first_name for user in found]


def test_nobody_answers_so_the_next_one_is_asked(page, people):
    assert asked_in_turn(page) == ["Olga", "Ada", "Sam", "Stu", "Stu", "Stu"]
    told = Notification.objects.filter(kind="editorial.upkeep").order_by("pk")
    assert [one.user.first_name for one in told] == ["Olga", "Ada", "Sam", "Stu", "Stu", "Stu"]
    assert {one.text for one in told} == {"“An old practice” has to be verified: is it still true?"}


def test_a_second_run_on_the_same_day_asks_nobody(page):
    assert (run_upkeep().asked, run_upkeep().asked) == (1, 0)
    with later(PATIENCE.days - 1):
        assert run_upkeep().asked == 0


@pytest.mark.parametrize("leaves", ["closed", "without a role", "shut out"])
def test_who_has_left_is_passed_over_at_once(page, people, leaves):
    run_upkeep()
    owner = people["owner"]
    if leaves == "closed":
        owner.is_active = False
        owner.save()
    elif leaves == "without a role":
        owner.groups.clear()
    else:
        page.audience = Audience.LEADERS
        page.save()
    run_upkeep()
    assert task_of(page).assigned_to == (people["steward"] if leaves == "shut out" else people["author"])


def test_an_account_that_is_deleted_leaves_its_task_to_the_next(page, people):
    run_upkeep()
    people["owner"].delete()
    run_upkeep()
    assert task_of(page).assigned_to == people["author"]


def test_somebody_of_a_group_is_asked_the_one_with_the_fewest_pages(people):
    group = Group.objects.create(name="Library")
    for name in ("owner", "author"):
        people[name].groups.add(group)
    for number in range(4):
        looks_after(late(f"Page {number}"), group=group)
    run_upkeep()
    found = [task.assigned_to.first_name for task in UpkeepTask.objects.open()]
    assert sorted(found) == ["Ada", "Ada", "Olga", "Olga"]


def test_a_page_without_anybody_goes_to_staff_and_authors_by_name_are_asked_first(people):
    alone, named = late("Alone"), late("Named")
    Byline.objects.create(page_id=named.pk, person=people["member"].profile)
    run_upkeep()
    assert task_of(alone).assigned_to == people["staff"]
    assert (task_of(named).assigned_to, task_of(named).step) == (people["member"], UpkeepStep.CO_AUTHOR)
    assert PageUpkeep.objects.filter(page_id=alone.pk).exists()  # it stands on the desk


def test_without_staff_it_is_said_that_nobody_can_be_asked(people):
    late()
    assert "run_upkeep" in next(check.problem for check in checks() if check.name == "upkeep")
    people["staff"].delete()
    run_upkeep()
    assert UpkeepTask.objects.open().get().assigned_to is None
    assert "Nobody can be asked" in next(check.problem for check in checks() if check.name == "upkeep")


def test_a_page_has_one_open_task(page):
    run_upkeep()
    with pytest.raises(IntegrityError), transaction.atomic():
        UpkeepTask.objects.create(page_id=page.pk, reason="flagged")


def test_still_true_with_one_click(page, people):
    run_upkeep()
    client = client_of(people["owner"])
    assert "An old practice" in client.get("/my-hub/").content.decode()
    assert "Still true, needs an edit, or obsolete" in client.get(page.url).content.decode()
    answer = client.post(f"/my-hub/upkeep/{page.pk}/", {"answer": "still_true"}, follow=True)
    assert "The page says so" in answer.content.decode()
    page, today = stored(page), timezone.localdate()
    assert (page.verified_on, page.verified_by) == (today, people["owner"].profile)
    assert page.verify_by.year == today.year + 1
    task = UpkeepTask.objects.get()
    assert (task.outcome, task.closed_by) == (UpkeepOutcome.STILL_TRUE, people["owner"])
    assert Entry.objects.filter(source_id=page.pk, verify_by=page.verify_by).exists()
    assert PageLogEntry.objects.filter(page_id=page.pk, action="hub.upkeep.still_true").exists()
    assert run_upkeep().opened == 0


def test_the_interval_is_that_of_the_page_then_of_its_type(people):
    page, plain = late(), StandardPageFactory(title="House rules", verify_by=timezone.localdate() - YESTERDAY)
    looks_after(page, interval_months=3)
    with time_machine.travel("2027-01-31 12:00", tick=False):
        upkeep.still_true(page, by=people["staff"])
        upkeep.still_true(plain, by=people["staff"])
    assert str(stored(page).verify_by) == "2027-04-30"
    plain.refresh_from_db()
    assert plain.verify_by is None  # nobody has to verify plain pages; somebody did


def test_no_draft_brings_an_older_answer_back(page, people):
    page.save_revision()  # holds the old date
    upkeep.still_true(page, by=people["owner"])
    verified = stored(page).verify_by
    assert client_of(people["author"]).post(edit_url(page), form_of(page, gist="New words")).status_code in (200, 302)
    stored(page).latest_revision.publish()
    page = stored(page)
    assert page.gist == "New words" and page.verify_by == verified and page.verified_by == people["owner"].profile


def test_needs_an_edit_asks_whoever_looks_after_it_and_the_edit_settles_it(page, people):
    upkeep.still_true(page, by=people["staff"])
    with pytest.raises(upkeep.HubError, match="Say in a sentence"):
        upkeep.needs_edit(page, by=people["author"], remark="  ")
    answer = client_of(people["author"]).post(f"/my-hub/upkeep/{page.pk}/", {"answer": "needs_edit", "remark": ""})
    assert "Say in a sentence" in answer.content.decode()
    data = {"answer": "needs_edit", "remark": "The fund is gone."}
    assert client_of(people["author"]).post(f"/my-hub/upkeep/{page.pk}/", data).status_code == 302
    task = task_of(page)
    assert (task.assigned_to, task.reason, task.remark) == (people["owner"], "flagged", "The fund is gone.")
    assert Notification.objects.get(user=people["owner"]).detail == "The fund is gone."
    run_upkeep()
    assert task_of(page).pk == task.pk  # not overdue, and yet open
    page.gist = "Without the fund"
    with later(3):
        page.save_revision().publish()
        assert stored(page).verified_on == timezone.localdate()
    assert UpkeepTask.objects.get(pk=task.pk).outcome == UpkeepOutcome.EDITED


def test_who_flags_their_own_page_is_not_told_what_they_said(page, people):
    upkeep.needs_edit(page, by=people["owner"], remark="Later.")
    assert task_of(page).assigned_to == people["owner"]
    assert not Notification.objects.filter(user=people["owner"]).exists()


def test_obsolete_stays_reachable_with_a_banner_and_comes_lower(page, people, client):
    newer = PracticePageFactory(title="An old practice, told anew")
    run_upkeep()
    data = {"answer": "obsolete", "instead": f"http://testserver{newer.url}"}
    assert client_of(people["owner"]).post(f"/my-hub/upkeep/{page.pk}/", data).status_code == 302
    assert stored(page).replaced_by_id == newer.pk
    html = client.get(page.url).content.decode()
    assert "Obsolete" in html and "This has not held since" in html and newer.title in html
    assert "Obsolete since" in client.get("/practices/").content.decode()
    queue.drain()
    found = client.get("/search/?q=old+practice").content.decode()
    assert found.index("told anew") < found.index(page.url) and "Obsolete since" in found
    assert not UpkeepTask.objects.open().exists()
    with later(300):
        assert run_upkeep().opened == 0
    newer.audience = Audience.STAFF
    newer.save()
    assert newer.title not in client.get(page.url).content.decode()  # what took its place may be for others
    upkeep.still_true(page, by=people["owner"])
    assert "This has not held" not in client.get(page.url).content.decode()


@pytest.mark.parametrize("instead", ["/practices/not-there/", "nonsense", "https://example.org/elsewhere/"])
def test_an_address_that_leads_nowhere_is_said_to_and_kept(page, people, instead):
    data = {"answer": "obsolete", "instead": instead}
    html = client_of(people["owner"]).post(f"/my-hub/upkeep/{page.pk}/", data).content.decode()
    assert "No page of the hub has this address" in html and f'value="{instead}"' in html
    assert stored(page).obsolete_since is None


def test_only_those_who_could_be_asked_may_answer(page, people):
    for who in ("owner", "author", "steward", "staff"):
        assert may_keep(fresh(people[who]), page), who
        assert client_of(people[who]).get(f"/my-hub/upkeep/{page.pk}/").status_code == 200
    seat(page, people["member"], PageSeatRole.REVIEWER)
    for who in ("member", None):
        assert not may_keep(who and fresh(people[who]), page)
        answer = client_of(who and people[who]).post(f"/my-hub/upkeep/{page.pk}/", {"answer": "obsolete"})
        assert answer.status_code in (302, 404)
        assert stored(page).obsolete_since is None
    with pytest.raises(upkeep.MayNotKeep):
        upkeep.still_true(page, by=fresh(people["member"]))
    PageSeat.objects.filter(user=people["author"]).delete()
    assert not may_keep(fresh(people["author"]), page)  # the right ends with the seat


def test_a_draft_cannot_be_kept_true(page, people):
    page.unpublish()
    assert client_of(people["staff"]).get(f"/my-hub/upkeep/{page.pk}/").status_code == 404
    run_upkeep()
    assert not UpkeepTask.objects.open().exists()


def test_what_is_settled_elsewhere_is_closed(page, people):
    run_upkeep()
    page.unpublish()
    assert run_upkeep().closed == 1
    assert UpkeepTask.objects.get().outcome == UpkeepOutcome.GONE


def test_publishing_is_the_first_verification_and_a_later_edit_is_none(people):
    page = PracticePageFactory(live=False, owner=people["author"])
    seat(page, people["author"])
    page.save_revision().publish()
    first = stored(page)
    assert (first.verify_by - first.verified_on).days in (365, 366)
    with later(500):
        run_upkeep()
        assert (task_of(page).assigned_to, task_of(page).step) == (people["author"], UpkeepStep.OWNER)
        UpkeepTask.objects.all().delete()
    with later(30):
        page.gist = "A comma"
        page.save_revision().publish()
    assert stored(page).verify_by == first.verify_by


def test_a_fresh_page_asks_nobody_and_costs_no_query(people, django_assert_num_queries):
    from hub.editorial.standing import standing
    from hub.kernel.freshness import freshness

    page, today = late(verified_on=timezone.localdate()), timezone.localdate()
    with django_assert_num_queries(0):
        assert standing(page, None, freshness(today, None, today=today)) is None


def test_the_desk(page, people):
    run_upkeep()
    alone = late("Without anybody")
    gone = late("Given up")
    run_upkeep()
    upkeep.obsolete(gone, by=people["staff"])
    upkeep.needs_edit(alone, by=people["staff"], remark="Dates")
    desk = client_of(fresh(people["staff"]))
    assert "Upkeep (2)" in desk.get("/admin/").content.decode()

    def listed(query=""):
        html = desk.get(f"/admin/editorial/pageupkeep/{query}").content.decode()
        return {title for title in ("An old practice", "Without anybody", "Given up") if f">{title}</a>" in html}

    topic = page.topics.get()
    assert listed() == {"An old practice", "Without anybody", "Given up"}
    assert listed("?standing=overdue") == {"An old practice", "Without anybody"}
    assert listed("?standing=flagged") == {"Without anybody"}
    assert listed("?standing=no_owner") == {"Without anybody"}
    assert listed("?standing=obsolete") == {"Given up"}
    assert listed("?standing=soon") == set()
    assert listed(f"?topic={topic.pk}") == {"An old practice"}
    people["owner"].is_active = False
    people["owner"].save()
    assert listed("?standing=no_owner") == {"An old practice", "Without anybody"}
    row = PageUpkeep.objects.get(page_id=alone.pk)
    form = {"responsible": people["member"].pk, "group": "", "interval_months": "6"}
    assert desk.post(f"/admin/editorial/pageupkeep/edit/{row.pk}/", form).status_code == 302
    row.refresh_from_db()
    assert (row.responsible, row.interval_months) == (people["member"], 6)
    leader = client_of(fresh(people["steward"]))
    assert leader.get("/admin/editorial/pageupkeep/").status_code in (302, 403)


def test_staff_name_stewards(people):
    topic = TopicFactory(name="Fundraising")
    form = {
        "name": "Fundraising", "description": "", "parent": "", "stewards": [people["steward"].pk],
        "synonyms-TOTAL_FORMS": 0, "synonyms-INITIAL_FORMS": 0, "synonyms-MIN_NUM_FORMS": 0,
        "synonyms-MAX_NUM_FORMS": 1000,
    }  # fmt: skip
    answer = client_of(fresh(people["staff"])).post(f"/admin/taxonomy/topic/edit/{topic.pk}/", form)
    assert answer.status_code == 302
    assert list(topic.stewards.all()) == [people["steward"]]


def test_the_command(page, capsys):
    call_command("run_upkeep")
    assert capsys.readouterr().out == "1 pages became overdue; 1 people asked; 0 tasks settled.\n"
