"""Property: in whatever order people vote, edit, withdraw, lose and gain rights, and links expire, a review publishes
exactly when its quorum is reached: never before, and never one vote later.

What "reached" means is worked out a second time here, from nothing but what people did (`Ledger`).
The orders of two processes at once are in `test_review_race.py`.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, event, example, given, settings
from hypothesis import strategies as st

from hub.accounts.enums import Role
from hub.editorial.domain import seats, votes
from hub.editorial.enums import Decision
from hub.editorial.models import ExternalReview, PeerReviewTask
from hub.editorial.reviews import MayNotReview, TextChanged
from hub.editorial.views.decisions import put_newest_under_review
from hub.pages.enums import PageSeatRole
from hub.pages.models import BasePage
from tests.editorial.world import current, fresh, newest_text, person, seat
from tests.factories import PracticePageFactory

EXAMPLES = int(os.environ.get("HUB_REVIEW_EXAMPLES", "25"))
WRITERS = ("author", "owner", "staff")
REVIEWERS = ("reviewer", "second", "third", "staff", "second_staff", "author", "owner", "expert", "other_expert")
READS_AND_APPROVES = st.tuples(st.just("read_and_approve"), st.sampled_from(REVIEWERS[:5]))
STEP = st.one_of(
    READS_AND_APPROVES,
    READS_AND_APPROVES,
    READS_AND_APPROVES,
    st.tuples(st.just("approve"), st.sampled_from(REVIEWERS)),
    st.tuples(st.just("look"), st.sampled_from(REVIEWERS)),
    st.tuples(st.just("ask"), st.sampled_from(REVIEWERS)),
    st.tuples(st.just("take_back"), st.sampled_from(REVIEWERS[:5])),
    st.tuples(st.just("claim"), st.sampled_from(REVIEWERS[:5])),
    st.tuples(st.just("edit"), st.sampled_from(WRITERS)),
    st.tuples(st.just("hand_in"), st.just("author")),
    st.tuples(st.just("hand_in"), st.just("author")),
    st.tuples(st.just("cancel"), st.just("author")),
    st.tuples(st.just("seat"), st.sampled_from(("reviewer", "second", "third"))),
    st.tuples(st.just("close"), st.sampled_from(("second", "staff"))),
    st.tuples(st.just("expire"), st.sampled_from(("expert", "other_expert"))),
    st.tuples(st.just("invite"), st.sampled_from(("expert", "other_expert"))),
)  # fmt: skip
ASK = st.fixed_dictionaries(
    {
        "quorum": st.sampled_from((2, 1, 2, 3)),
        "staff_approve": st.sampled_from((False, False, True)),
        "external_approvals": st.booleans(),
    }
)
DECISIONS = ("approve", "read_and_approve", "take_back")
EASY = {"quorum": 1, "staff_approve": False, "external_approvals": True}


@dataclass
class Ledger:
    """Who said what about which text, as somebody with a pencil would note it."""

    approvals: dict[str, int] = field(default_factory=dict)  # name: text
    requests: dict[str, int] = field(default_factory=dict)  # name: when
    wrote: set[str] = field(default_factory=set)
    staffs_last: int = -1  # when staff approved the text that lies there now
    clock: int = 0

    def forget_texts(self) -> None:
        self.approvals.clear()
        self.staffs_last = -1


class Review:
    """One page, its people, and what they have on their screens."""

    def __init__(self, people, ask):
        self.people = people
        PeerReviewTask.objects.filter(name="Peer review").update(**ask)
        self.task = ask
        self.page = PracticePageFactory(live=False, owner=people["owner"])
        seat(self.page, people["author"])
        for name in ("reviewer", "second", "third"):
            seat(self.page, people[name], PageSeatRole.REVIEWER)
        self.links, self.seen = {}, {}
        self.ledger = Ledger()
        self.write("author", 0)

    # --- what people do ---------------------------------------------------------------------------------

    def write(self, name, number):
        text = newest_text(self.page)
        text.gist = f"text {number} by {name}"
        text.save_revision(user=self.people[name])
        self.ledger.forget_texts()

    edit = write

    def hand_in(self, name, number):
        state = current(self.page).current_workflow_state
        if state is None or state.status == state.STATUS_NEEDS_CHANGES:
            self.write(name, number)  # as the button does
            page = current(self.page)
            if state is None:
                page.get_workflow().start(page, self.people[name])
            else:
                page.current_workflow_state.resume(self.people[name])

    def look(self, name, number):
        page = current(self.page)
        state = page.current_workflow_task_state
        self.seen[name] = (page.latest_revision_id, state.pk if state else None)

    def invite(self, name, number):
        text = current(self.page).latest_revision
        self.links[name] = ExternalReview.objects.create(
            page=self.page, revision=text, email=f"{name}@example.com", name=name, may_approve=True,
            expires_at=timezone.now() + timedelta(days=1),
        )  # fmt: skip

    def expire(self, name, number):
        if name in self.links:
            change = {"revoked_at": timezone.now()} if number % 2 else {"expires_at": timezone.now()}
            ExternalReview.objects.filter(pk=self.links[name].pk).update(**change)

    def seat(self, name, number):
        """From reviewer to co-author, to nothing, and back to reviewer, who is still one of those who wrote it."""
        held = self.page.page_seats.filter(user=self.people[name]).first()
        if held is None:
            seat(self.page, self.people[name], PageSeatRole.REVIEWER)
        elif held.role == PageSeatRole.REVIEWER:
            seat(self.page, self.people[name])
            self.ledger.wrote.add(name)
        else:
            seats.end(held, by=fresh(self.people["second_staff"]))

    def close(self, name, number):
        user = fresh(self.people[name])
        user.is_active = not user.is_active
        user.save()

    def cancel(self, name, number):
        state = current(self.page).current_workflow_state
        if state is not None:
            state.cancel(user=self.people[name])
            self.ledger.forget_texts()

    def claim(self, name, number):
        state = current(self.page).current_workflow_task_state
        if state is not None:
            state.claim(fresh(self.people[name]))

    def take_back(self, name, number):
        state = current(self.page).current_workflow_task_state
        if state is not None:
            state.take_back(fresh(self.people[name]))
            self.ledger.approvals.pop(name, None)
            self.ledger.requests.pop(name, None)

    def approve(self, name, number):
        self._vote(name, Decision.APPROVE)

    def read_and_approve(self, name, number):
        self.look(name, number)
        self.approve(name, number)

    def ask(self, name, number):
        self._vote(name, Decision.CHANGES)

    def _vote(self, name, decision):
        by, text, state = self._on_screen(name)
        if state is None:
            return
        votes.cast(state, by=by, decision=decision, comment="Because.", revision_id=text)
        self.ledger.approvals.pop(name, None)
        self.ledger.requests.pop(name, None)
        if decision == Decision.APPROVE:
            self.ledger.approvals[name] = text
            if "staff" in name:
                self.ledger.staffs_last = self.ledger.clock
        else:
            self.ledger.requests[name] = self.ledger.clock

    def _on_screen(self, name):
        """Who votes, the text they have read, and the review they decide in, as the views work it out."""
        page = current(self.page)
        if name in ("expert", "other_expert"):
            if name not in self.links:
                return None, None, None
            link = ExternalReview.objects.get(pk=self.links[name].pk)
            return link, link.revision_id, page.current_workflow_task_state
        if name not in self.seen:
            return None, None, None
        text, listed = self.seen[name]
        if text == page.latest_revision_id:
            put_newest_under_review(page, user=self.people[name])
            return fresh(self.people[name]), text, current(self.page).current_workflow_task_state
        state = PeerReviewTask.task_state_class.objects.filter(pk=listed).first()
        return fresh(self.people[name]), text, state

    # --- what has to be true ----------------------------------------------------------------------------

    def may_approve(self, name):
        page = current(self.page)
        if name in ("expert", "other_expert"):
            link = ExternalReview.objects.get(pk=self.links[name].pk)
            open_ = link.revoked_at is None and link.expires_at > timezone.now()
            return self.task["external_approvals"] and open_ and link.revision_id == page.latest_revision_id
        return self.may_ask(name) and page.latest_revision.user_id != self.people[name].pk

    def may_ask(self, name):
        if name in ("expert", "other_expert"):
            return False  # asked about one text, which the authors have answered by handing in another one
        user = fresh(self.people[name])
        held = self.page.page_seats.filter(user=user).first()
        if not user.is_active or name in self.ledger.wrote | {"owner", "author"}:
            return False
        return "staff" in name or (held is not None and held.role == PageSeatRole.REVIEWER)

    def reached(self):
        """Whether, by the ledger, the newest text may be published now."""
        text = current(self.page).latest_revision_id
        count = [name for name, seen in self.ledger.approvals.items() if seen == text and self.may_approve(name)]
        staff = [name for name in count if "staff" in name]
        open_requests = [
            name for name, when in self.ledger.requests.items()
            if self.may_ask(name) and not (staff and self.ledger.staffs_last > when)
        ]  # fmt: skip
        return (
            len(count) >= self.task["quorum"]
            and any("expert" not in name for name in count)
            and bool(staff or not self.task["staff_approve"])
            and not open_requests
        )


@pytest.fixture
def people(world):
    return {
        **{name: world.people[name] for name in ("author", "reviewer", "staff")},
        "second": person("Sam Second", Role.LEADER),
        "third": person("Tom Third", Role.LEADER),
        "second_staff": person("Sue Staff", Role.STAFF),
        "owner": person("Oda Owner", Role.STAFF),
    }


TWO_READ_AND_APPROVE = [
    ("look", "reviewer"), ("look", "second"), ("approve", "reviewer"), ("approve", "second"),
]  # fmt: skip


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ask=ASK, steps=st.lists(STEP, min_size=8, max_size=24))
@example(ask={**EASY, "quorum": 2}, steps=TWO_READ_AND_APPROVE)
@example(ask={**EASY, "quorum": 2}, steps=[*TWO_READ_AND_APPROVE[:3], ("seat", "reviewer"), ("approve", "second")])
@example(ask={**EASY, "quorum": 2}, steps=[*TWO_READ_AND_APPROVE[:3], ("edit", "author"), ("approve", "second")])
@example(ask={**EASY, "quorum": 2}, steps=[("invite", "expert"), *TWO_READ_AND_APPROVE[:3], ("approve", "expert")])
@example(ask=EASY, steps=[("invite", "expert"), ("approve", "expert"), ("read_and_approve", "reviewer")])
@example(
    ask=EASY,
    steps=[
        ("look", "reviewer"), ("ask", "reviewer"), ("cancel", "author"), ("hand_in", "author"),
        ("look", "second"), ("approve", "second"), ("look", "staff"), ("approve", "staff"),
    ],
)  # fmt: skip
def test_a_review_publishes_exactly_when_its_quorum_is_reached(people, ask, steps):
    for user in people.values():
        user.is_active = True
        user.save()
    review = Review(people, ask)
    review.hand_in("author", 0)
    for number, (what, who) in enumerate(steps, 1):
        review.ledger.clock = number
        under_review = current(review.page).workflow_in_progress
        with suppress(MayNotReview, TextChanged):
            getattr(review, what)(who, number)
        page = BasePage.objects.get(pk=review.page.pk)
        if page.live:
            assert what in DECISIONS and under_review, f"published by {what}"
            assert page.live_revision_id == page.latest_revision_id
            assert review.reached(), f"published without its quorum: {review.ledger}, {ask}"
            event("published")
            return
        if what in DECISIONS and current(review.page).workflow_in_progress and under_review:
            assert not review.reached(), f"not published in spite of its quorum: {review.ledger}, {ask}"
    if steps == TWO_READ_AND_APPROVE:
        pytest.fail("the property is not true for want of publications")
