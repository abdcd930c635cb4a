"""The pages somebody works on: where each stands, and whether it waits for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from wagtail.models import TaskState, WorkflowState

from hub.accounts.models import User
from hub.editorial.enums import Stand
from hub.pages.enums import PageSeatRole
from hub.pages.models import BasePage, PageSeat


@dataclass(frozen=True)
class Work:
    """One page that somebody holds a seat on."""

    page: BasePage
    role: PageSeatRole
    stand: Stand
    waits_for: str  # what they have to do; empty when nothing waits for them
    until: datetime | None

    @property
    def title(self) -> str:
        """The title of the newest draft, which a seat lets them read."""
        return self.page.draft_title or self.page.title

    @property
    def url(self) -> str:
        return reverse("wagtailadmin_pages:edit", args=[self.page.pk])


def work_of(user: User, *, most: int, reviews: Iterable[TaskState]) -> list[Work]:
    """The pages `user` holds a seat on: first those that wait for them, then those changed last. Two queries.

    `reviews` are those that wait for their decision (`waiting_for`).
    """
    seats = list(
        PageSeat.objects.filter(user_id=user.pk)
        .select_related("page", "page__latest_revision")
        .order_by("-page__latest_revision_created_at")
    )
    if not seats:
        return []
    going_on = _reviews(seat.page_id for seat in seats)
    to_decide = {int(state.workflow_state.object_id) for state in reviews}
    found = []
    for seat in seats:
        stand = stand_of(seat.page, going_on.get(seat.page_id))
        waits_for = ""
        if seat.page_id in to_decide:
            waits_for = "Read it and decide"
        elif seat.role == PageSeatRole.CO_AUTHOR and stand == Stand.CHANGES_REQUESTED:
            waits_for = "Make the changes asked for"
        found.append(Work(seat.page, PageSeatRole(seat.role), stand, waits_for, seat.expires_at))
    return sorted(found, key=lambda work: not work.waits_for)[:most]


def waiting_for(user: User) -> list[TaskState]:
    """The reviews that wait for this person's decision, the oldest first."""
    return list(
        TaskState.objects.reviewable_by(user)
        .filter(status=TaskState.STATUS_IN_PROGRESS)
        .select_related("revision", "workflow_state", "workflow_state__requested_by")
        .defer("revision__content")
        .order_by("started_at")
    )


def stand_of(page: BasePage, review: WorkflowState | None) -> Stand:
    """Where a page stands; `review` is the one that is going on, if one is."""
    if review is not None and review.status == WorkflowState.STATUS_NEEDS_CHANGES:
        return Stand.CHANGES_REQUESTED
    if review is not None:
        return Stand.IN_REVIEW
    if page.latest_revision is not None and page.latest_revision.approved_go_live_at:
        return Stand.SCHEDULED
    if page.live:
        return Stand.LIVE_AND_DRAFT if page.has_unpublished_changes else Stand.LIVE
    return Stand.DRAFT


def _reviews(page_ids: Iterable[int]) -> dict[int, WorkflowState]:
    """The reviews that go on, of these pages."""
    going = WorkflowState.objects.active().filter(
        base_content_type__app_label="pages", object_id__in=[str(pk) for pk in page_ids]
    )
    return {int(review.object_id): review for review in going}
