"""A year of upkeep, night by night, while people join, leave, answer, ignore, edit and give pages up.

After every night each overdue page has exactly one open task, and whoever it names is there to answer;
no other page has one, unless somebody said that it needs an edit. HUB_UPKEEP_YEARS sets how many years, each with
its own dice.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from hub.accounts.enums import Role
from hub.accounts.models import User
from hub.editorial.domain import upkeep
from hub.editorial.domain.keepers import can_answer, may_keep
from hub.editorial.domain.upkeep import PATIENCE, overdue_pages, run_upkeep
from hub.editorial.enums import UpkeepReason, UpkeepStep
from hub.editorial.models import PageUpkeep, UpkeepTask
from hub.members.domain.roles import sync_roles
from hub.notifications.domain.digests import send_digests
from hub.notifications.models import Delivery
from hub.pages.enums import Audience
from hub.practices.models import PracticePage
from research.models import ReportPage
from tests.editorial.world import person, seat
from tests.factories import PracticePageFactory, ReportPageFactory, TopicFactory

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
YEARS, NIGHTS = int(os.environ.get("HUB_UPKEEP_YEARS", "1")), 366
BEGIN = datetime(2027, 1, 1, 3, tzinfo=UTC)
PAGES, PEOPLE = 14, 9


class Year:
    """A small community and what happens in it; everything random comes from one seed."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.done: Counter[str] = Counter()
        sync_roles()
        self.staff = [person(f"Staff{n} Example", Role.STAFF) for n in range(3)]
        self.people = [
            person(f"Member{n} Example", self.dice.choice([Role.MEMBER, Role.LEADER])) for n in range(PEOPLE)
        ]
        self.group = Group.objects.create(name="Library")
        self.topics = [TopicFactory() for _ in range(3)]
        for topic in self.topics[:2]:
            topic.stewards.add(self.dice.choice(self.people))
        for user in self.dice.sample(self.people, 3):
            user.groups.add(self.group)
        for number in range(PAGES):
            self.write(number)

    def write(self, number: int) -> None:
        make = ReportPageFactory if number % 4 == 0 else PracticePageFactory
        page = make(
            title=f"Page {number}",
            audience=self.dice.choice([Audience.PUBLIC, Audience.MEMBERS, Audience.LEADERS]),
            verify_by=timezone.localdate() + timedelta(days=self.dice.randrange(-30, 200)),
            many={"topics": [self.dice.choice(self.topics)]},
        )
        who = self.dice.choice(["person", "group", "author", "nobody"])
        PageUpkeep.objects.filter(page_id=page.pk).update(
            responsible=self.dice.choice(self.people) if who == "person" else None,
            group=self.group if who == "group" else None,
            interval_months=self.dice.choice([None, 1, 3, 6]),
        )
        if who == "author":
            seat(page, self.dice.choice(self.people))

    def pages(self) -> list:
        return [*PracticePage.objects.all(), *ReportPage.objects.all()]

    def somebody(self, page) -> User:
        able = [user for user in User.objects.all() if may_keep(user, page)]
        return self.dice.choice(able)

    def happen(self) -> None:
        """What one day brings."""
        what = self.dice.choices(
            ["nothing", "answer", "flag", "edit", "obsolete", "unpublish", "leave", "return", "seat", "narrow", "role"],
            [40, 14, 6, 6, 2, 2, 5, 4, 4, 2, 3],
        )[0]
        page = self.dice.choice(self.pages())
        user = User.objects.get(pk=self.dice.choice(self.people).pk)
        task = UpkeepTask.objects.open().select_related("assigned_to").order_by("?").first()
        if what == "answer" and task is not None and can_answer(task.assigned_to, task.page.specific):
            upkeep.still_true(task.page.specific, by=task.assigned_to)
        elif what == "flag" and page.live:
            upkeep.needs_edit(page, by=self.somebody(page), remark="Something has changed.")
        elif what == "edit":
            page.gist = f"Edited on {timezone.localdate()}"
            page.save_revision().publish()
        elif what == "obsolete" and page.live:
            upkeep.obsolete(page, by=self.somebody(page))
        elif what == "unpublish" and page.live:
            page.unpublish()
        elif what in ("leave", "return"):
            user.is_active = what == "return"
            user.save()
        elif what == "seat" and page.live:
            seat(page, user)
        elif what == "narrow":
            page.audience = self.dice.choice(list(Audience))
            page.save()
        elif what == "role":
            user.groups.remove(*Group.objects.filter(name="Members"))
        else:
            what = "nothing"
        self.done[what] += 1

    def check(self) -> None:
        """What has to hold after every night."""
        late = overdue_pages(timezone.localdate())
        tasks = list(UpkeepTask.objects.open().select_related("assigned_to", "page"))
        by_page = Counter(task.page_id for task in tasks)
        assert not late - set(by_page), "an overdue page without a task"
        assert set(by_page.values()) <= {1}, "two tasks for one page"
        for task in tasks:
            page = task.page.specific
            assert task.page_id in late or task.reason == UpkeepReason.FLAGGED, (task, page.verify_by)
            assert page.live and page.obsolete_since is None
            assert can_answer(User.objects.get(pk=task.assigned_to_id), page), "nobody is there to answer"
            assert may_keep(User.objects.get(pk=task.assigned_to_id), page), "asked, and may not answer"
            assert task.assigned_at > timezone.now() - PATIENCE
        self.done["nights with somebody asked"] += bool(tasks)


@pytest.mark.parametrize("seed", range(1, YEARS + 1))
def test_a_year_of_upkeep(seed, django_capture_on_commit_callbacks):
    with time_machine.travel(BEGIN, tick=False) as clock:
        year = Year(seed)
        for night in range(NIGHTS):
            clock.move_to(BEGIN + timedelta(days=night))
            for _ in range(2):
                year.happen()
            with django_capture_on_commit_callbacks(execute=True):
                assert run_upkeep().failed == 0
            assert run_upkeep().asked == 0  # a second run the same night asks nobody
            year.check()
            with django_capture_on_commit_callbacks(execute=True):
                assert send_digests().failed == 0
        gone = [page for page in year.pages() if page.live and page.obsolete_since]
        for page in gone:
            html = Client().get(page.url, follow=True).content.decode()
            banner = "This has not held since" in html
            assert banner == (page.effective_audience == Audience.PUBLIC)
    steps = set(UpkeepTask.objects.values_list("step", flat=True))
    # The year was one in which things happened.
    assert gone and {UpkeepStep.OWNER, UpkeepStep.CO_AUTHOR, UpkeepStep.STAFF} <= steps
    assert UpkeepTask.objects.count() > 2 * PAGES
    assert min(year.done[what] for what in ("answer", "flag", "edit", "leave", "return", "seat")) > 5
    mails = Delivery.objects.exclude(digest_of=None).values_list("user", "digest_of")
    assert mails and len(set(mails)) == len(mails)
