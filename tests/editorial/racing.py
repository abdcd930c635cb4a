"""A process of its own that acts for everybody in some reviews at once: `python -m tests.editorial.racing NAME MOVES`.

`prepare` makes people and pages; a NAME makes MOVES random moves through the editor's own views (somebody
outside: through `votes.cast`); `check` looks at what became of it. Each prints a JSON line.
"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from contextlib import suppress
from datetime import timedelta

import django

django.setup()

from django.core.exceptions import PermissionDenied  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402
from wagtail.models import PageLogEntry, WorkflowState  # noqa: E402

from hub.accounts.enums import Role  # noqa: E402
from hub.accounts.models import User  # noqa: E402
from hub.editorial.domain import votes  # noqa: E402
from hub.editorial.domain.due import send_reminders  # noqa: E402
from hub.editorial.enums import Decision  # noqa: E402
from hub.editorial.models import ExternalReview, PeerReviewState, PeerReviewTask, ReviewVote  # noqa: E402
from hub.members.domain.roles import sync_roles  # noqa: E402
from hub.notifications.models import Notification  # noqa: E402
from hub.pages.enums import PageSeatRole  # noqa: E402
from hub.practices.models import PracticePage  # noqa: E402
from tests.editorial.world import current, edit_url, form_of, person, seat  # noqa: E402
from tests.factories import PracticePageFactory  # noqa: E402

PAGES, QUORUM = 2, 2
REVIEWERS = ("rea", "sig", "tia")
MOVES = ("approve",) * 12 + (
    "link",
    "link",
    "ask",
    "take_back",
    "claim",
    "edit",
    "hand_in",
    "hand_in",
    "cancel",
    "remind",
)
DECIDE = {"action-workflow-action": "true"}


def prepare() -> None:
    sync_roles()
    PeerReviewTask.objects.filter(name="Peer review").update(quorum=QUORUM)
    author = person("Ada Author", Role.LEADER)
    reviewers = [person(f"{name.title()} Reviewer", Role.LEADER) for name in REVIEWERS]
    person("Stu Staff", Role.STAFF)
    for number in range(PAGES):
        page = PracticePageFactory(title=f"Race {number}", live=False)
        seat(page, author)
        for user in reviewers:
            seat(page, user, PageSeatRole.REVIEWER)
        page.save_revision(user=author)
        current(page).get_workflow().start(current(page), author)


class Racer:
    def __init__(self, name: str) -> None:
        self.name = name
        self.done: Counter[str] = Counter()
        self.clients: dict[str, Client] = {}

    def client(self, who: str) -> Client:
        if who not in self.clients:
            self.clients[who] = Client(raise_request_exception=True)
            user = User.objects.get(email=f"{who}@example.org")
            self.clients[who].force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return self.clients[who]

    def post(self, who: str, page: PracticePage, **data: str) -> None:
        response = self.client(who).post(edit_url(page), form_of(page, **data))
        self.done[f"{response.status_code}"] += 1

    def move(self, number: int) -> None:
        page = random.choice(PracticePage.objects.filter(title__startswith="Race"))
        what, who = random.choice(MOVES), random.choice(REVIEWERS)
        state = current(page).current_workflow_task_state
        if what == "approve":
            self.post(who, page, **DECIDE, **{"workflow-action-name": "approve"})
        elif what == "link":
            self.link(page, number)
        elif what == "ask" and state is not None:
            url = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "reject", state.pk])
            self.done[f"asked {self.client(who).post(url, {'comment': f'{self.name} {number}'}).status_code}"] += 1
        elif what in ("take_back", "claim"):
            self.post(who, page, **DECIDE, **{"workflow-action-name": what})
        elif what == "edit":
            self.post("ada", page, gist=f"{self.name} {number}")
        elif what == "hand_in":
            self.post("ada", page, gist=f"{self.name} {number}", **{"action-submit": "1"})
        elif what == "cancel":
            self.post("ada", page, **{"action-cancel-workflow": "1"})
        elif what == "remind":
            send_reminders(timezone.localdate() + timedelta(days=14))

    def link(self, page: PracticePage, number: int) -> None:
        """Somebody outside approves the text that they were shown."""
        now = current(page)
        link = ExternalReview.objects.create(
            page=page, revision=now.latest_revision, email=f"{self.name}-{number}@example.com", name="Eve",
            may_approve=True, expires_at=timezone.now() + timedelta(days=1),
        )  # fmt: skip
        state = now.current_workflow_task_state
        if state is not None:
            with suppress(PermissionDenied):
                votes.cast(state, by=link, decision=Decision.APPROVE, revision_id=link.revision_id)
                self.done["votes from outside"] += 1


def check() -> dict[str, object]:
    """What became of the pages; `wrong` says what must not be."""
    wrong: list[str] = []
    passed = PeerReviewState.objects.filter(status=PeerReviewState.STATUS_APPROVED)
    author = User.objects.get(email="ada@example.org")
    for state in passed:
        counted = [
            vote for vote in state.votes.filter(decision=Decision.APPROVE, revision_id=state.revision_id)
            if vote.voided_at is None and vote.user_id not in (author.pk, state.revision.user_id)
        ]  # fmt: skip
        if len({vote.email for vote in counted}) < QUORUM or all(vote.external_id for vote in counted):
            wrong.append(f"review {state.pk} passed with {counted}")
        if state.workflow_state.status != WorkflowState.STATUS_APPROVED:
            wrong.append(f"review {state.pk} passed, and its workflow is {state.workflow_state.status}")
    published = PageLogEntry.objects.filter(action="wagtail.publish", page__title__startswith="Race")
    if sorted(published.values_list("revision_id", flat=True)) != sorted(passed.values_list("revision_id", flat=True)):
        wrong.append("what was published is not what passed")
    for page in PracticePage.objects.filter(title__startswith="Race", live=True):
        if page.gist != page.live_revision.content["gist"]:
            wrong.append(f"page {page.pk} shows another text than the one that passed")
    voted = PageLogEntry.objects.filter(action="hub.review.voted").count()
    if voted != ReviewVote.objects.count():
        wrong.append(f"{voted} votes were given, {ReviewVote.objects.count()} are there")
    for state in PeerReviewState.objects.filter(status=PeerReviewState.STATUS_IN_PROGRESS):
        if state.workflow_state.status != WorkflowState.STATUS_IN_PROGRESS:
            wrong.append(f"review {state.pk} goes on in a workflow that is {state.workflow_state.status}")
    outside = ReviewVote.objects.filter(external__isnull=False).count()
    return {"wrong": wrong, "passed": passed.count(), "votes": voted, "outside": outside,
            "reminders": Notification.objects.filter(kind="editorial.review_due").count()}  # fmt: skip


if __name__ == "__main__":
    name = sys.argv[1]
    if name == "prepare":
        prepare()
    elif name == "check":
        print(json.dumps(check()))
    else:
        random.seed(name)
        racer = Racer(name)
        print("ready", flush=True)
        sys.stdin.readline()  # all of them start together
        try:
            for number in range(int(sys.argv[2])):
                racer.move(number)
        except Exception as error:
            racer.done[f"{type(error).__name__}: {str(error)[:300]}"] += 1
        print(json.dumps(racer.done))
