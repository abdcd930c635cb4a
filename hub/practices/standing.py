"""Where the practices of a person stand: begun, waiting, asked to be changed, live, withdrawn."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast
from wagtail.models import WorkflowState

from hub.accounts.enums import Role
from hub.accounts.rules import role_of
from hub.pages.enums import PageSeatRole
from hub.pages.models import BasePage, PageSeat
from hub.practices.enums import ProposalState
from hub.practices.models import PracticePage


def drafts_of(user: Any) -> QuerySet[PracticePage]:
    """What this person began and never handed in."""
    handed_in = WorkflowState.objects.filter(object_id=Cast(OuterRef("pk"), WorkflowState._meta.get_field("object_id")))
    mine = PracticePage.objects.filter(owner=user, live=False, first_published_at__isnull=True)
    return mine.annotate(review=Subquery(handed_in.values("pk")[:1])).filter(review__isnull=True)


def proposed_by(user: Any) -> QuerySet[PracticePage]:
    """The practices this person brought and may still write, the newest changes first, with how their review stands."""
    reviews = WorkflowState.objects.filter(
        object_id=Cast(OuterRef("pk"), WorkflowState._meta.get_field("object_id")),
        base_content_type__app_label=BasePage._meta.app_label,
    ).order_by("-pk")
    mine = PracticePage.objects.filter(owner=user)
    if role_of(user) < Role.STAFF:  # who hold no seats
        seats = PageSeat.objects.filter(user_id=user.pk, role=PageSeatRole.CO_AUTHOR)
        mine = mine.filter(pk__in=seats.values("page_id"))
    mine = mine.annotate(review=Subquery(reviews.values("status")[:1])).defer_streamfields()
    return mine.order_by("-latest_revision_created_at", "-pk")


def state_of(page: PracticePage) -> ProposalState:
    """Where a practice stands for its author. A page from `proposed_by` is asked for nothing more."""
    review = page.review if hasattr(page, "review") else _newest_review(page)
    if review == WorkflowState.STATUS_NEEDS_CHANGES:
        return ProposalState.CHANGES
    if review == WorkflowState.STATUS_IN_PROGRESS:
        return ProposalState.WAITING
    if page.live:
        return ProposalState.NEWER if page.has_unpublished_changes else ProposalState.LIVE
    if page.first_published_at is not None:
        return ProposalState.TAKEN_DOWN
    return ProposalState.WITHDRAWN if review == WorkflowState.STATUS_CANCELLED else ProposalState.DRAFT


def _newest_review(page: PracticePage) -> str | None:
    return page.workflow_states.order_by("-pk").values_list("status", flat=True).first()  # type: ignore[no-any-return]
