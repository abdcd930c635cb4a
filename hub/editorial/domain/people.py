"""Who is named on a page, and by which name others know them."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from hub.accounts.enums import Role
from hub.accounts.models import User
from hub.editorial import rules
from hub.editorial.enums import Decision
from hub.editorial.models import PeerReviewState
from hub.members.models import MemberProfile
from hub.members.rules import shown
from hub.pages.enums import PageSeatRole
from hub.pages.models import BasePage

UNNAMED = "Somebody"


def name_for(user: User | None, viewer: User) -> str:
    """What `viewer` may call `user`: the name on their profile as far as it is shown; never an e-mail address."""
    if user is None:
        return UNNAMED
    profile = MemberProfile.objects.filter(user_id=user.pk).first()
    if profile is None:
        return user.get_full_name() or UNNAMED
    return shown(profile, viewer).name or UNNAMED


def seat_holders(page: BasePage, role: PageSeatRole) -> list[User]:
    """The people with a seat of this kind on the page, in the order they took it."""
    return [seat.user for seat in page.page_seats.filter(role=role).select_related("user")]


def named_on(page: BasePage) -> list[User]:
    """Everybody a page names: who made it, its co-authors and reviewers, and the members of its byline."""
    people: list[User] = [page.owner] if page.owner else []
    people += [seat.user for seat in page.page_seats.select_related("user")]
    bylines = {int(row["person"]) for row in _byline_rows(page) if row.get("person")}
    bylines |= {pk for pk in page.bylines.values_list("person_id", flat=True) if pk}
    people += User.objects.filter(profile__pk__in=bylines)
    return people


def able_to_review(page: BasePage, task: Any = None) -> list[User]:
    """Everybody who may review the page: the reviewers it names, staff, and those whom `task` (a PeerReviewTask, or
    another one with groups) names; nobody who writes it."""
    chosen = Q(groups__name=Role.STAFF.group_name) | Q(is_superuser=True)
    if hasattr(task, "groups"):
        chosen |= Q(groups__in=task.groups.all())
    if hasattr(task, "people"):
        chosen |= Q(pk__in=task.people.all())
    named = seat_holders(page, PageSeatRole.REVIEWER)
    office = [user for user in User.objects.filter(chosen).distinct() if user not in named]
    return [user for user in [*named, *office] if user.is_active and not rules.is_author(page.pk, user)]


def asked_to_review(page: BasePage, task: Any = None) -> list[User]:
    """Those to tell that a page waits for review: its reviewers, or everybody able to if these do not suffice."""
    able = able_to_review(page, task)
    named = [user for user in able if user in seat_holders(page, PageSeatRole.REVIEWER)]
    suffice = len(named) >= getattr(task, "quorum", 1) and not getattr(task, "staff_approve", False)
    return named if suffice else able


def awaited(state: PeerReviewState) -> list[User]:
    """Those whose word a review waits for: who took it on, or if they do not suffice everybody who was asked; without
    those who approved."""
    task = state.peer_task
    claimed = [claim.user for claim in state.claims.select_related("user")]
    page = BasePage.objects.select_related("latest_revision").get(pk=state.page_id)
    people = claimed if len(claimed) >= task.quorum else [*claimed, *asked_to_review(page, task)]
    approved = set(state.votes.standing().filter(decision=Decision.APPROVE).values_list("user_id", flat=True))
    return [
        user
        for user in people
        if user.pk not in approved and not rules.why_not_approve(page.pk, page.latest_revision, user)
    ]


def _byline_rows(page: BasePage) -> list[dict[str, Any]]:
    revision = page.latest_revision
    return list(revision.content.get("bylines", [])) if revision else []
