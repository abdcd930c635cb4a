"""Who keeps a page true: who is asked first, who next, and who may answer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q

from hub.accounts.enums import Role
from hub.accounts.models import User
from hub.accounts.rules import Viewer, role_of
from hub.editorial.enums import BylineRole, UpkeepStep
from hub.editorial.models import Byline, PageUpkeep, UpkeepTask
from hub.pages.enums import PageSeatRole
from hub.pages.models import PageSeat
from hub.taxonomy.models import Topic

# Accounts that may be asked: open ones, with a role.
PEOPLE = Q(is_active=True) & (
    Q(groups__name__in=[role.group_name for role in Role if role.group_name]) | Q(is_superuser=True)
)


def name_at_desk(user: User) -> str:
    """What the desks of staff call somebody: the name that members may know."""
    profile = getattr(user, "profile", None)
    return str(profile) if profile is not None else user.get_full_name() or user.email


def can_answer(user: User | None, page: Any) -> bool:
    """Whether somebody is still there to be asked: an open account with a role, that may read the page."""
    return user is not None and role_of(user) >= Role.MEMBER and page.is_visible_to(user)


def candidates(page: Any, step: UpkeepStep) -> list[User]:
    """Everybody to ask at this step who can still answer, in the order in which they are asked."""
    found: dict[int, User] = {}
    for user in _named(page, step):
        if user is not None and user.pk not in found and can_answer(user, page):
            found[user.pk] = user
    return list(found.values())


def asked(user: User) -> list[UpkeepTask]:
    """What this person is asked about and may still read, the oldest first."""
    tasks = UpkeepTask.objects.open().filter(
        assigned_to=user, page__live=True, page__effective_audience__lte=role_of(user)
    )
    return list(tasks.select_related("page"))


def may_keep(viewer: Viewer, page: Any) -> bool:
    """Whether `viewer` may say if the page is still true: whoever is, or could be, asked about it.

    One query for members, none for anybody else.
    """
    role = role_of(viewer)
    if viewer is None or role < Role.MEMBER or not page.is_visible_to(viewer):
        return False
    if role >= Role.STAFF:
        return True
    groups = Q(group__user=viewer.pk)
    answers = (
        PageUpkeep.objects.filter(Q(responsible=viewer.pk) | groups, page=page.pk).order_by().values("page_id"),
        UpkeepTask.objects.open().filter(page=page.pk, assigned_to=viewer.pk).order_by().values("page_id"),
        PageSeat.objects.filter(page=page.pk, user=viewer.pk, role=PageSeatRole.CO_AUTHOR).order_by().values("page_id"),
        Byline.objects.filter(page=page.pk, person__user=viewer.pk, role=BylineRole.AUTHOR)
        .order_by()
        .values("page_id"),
        type(page).objects.filter(pk=page.pk, topics__stewards=viewer.pk).order_by().values("pk"),
    )
    return bool(answers[0].union(*answers[1:], all=True)[:1])


def _named(page: Any, step: UpkeepStep) -> Iterable[User | None]:
    if step == UpkeepStep.OWNER:
        upkeep = PageUpkeep.objects.filter(page_id=page.pk).select_related("responsible").first()
        found = [upkeep.responsible] if upkeep and upkeep.responsible else []
        if upkeep and upkeep.group_id:
            found += _least_busy(User.objects.filter(groups=upkeep.group_id))
        seats = PageSeat.objects.filter(page_id=page.pk, role=PageSeatRole.CO_AUTHOR, user=page.owner_id)
        return [*found, *(seat.user for seat in seats.select_related("user"))]
    if step == UpkeepStep.CO_AUTHOR:
        seats = PageSeat.objects.filter(page_id=page.pk, role=PageSeatRole.CO_AUTHOR).select_related("user")
        named = Byline.objects.filter(page_id=page.pk, role=BylineRole.AUTHOR, person__user__isnull=False)
        bylines = named.select_related("person__user")
        return [*(seat.user for seat in seats), *(one.person.user for one in bylines if one.person is not None)]
    if step == UpkeepStep.STEWARD:
        return _least_busy(User.objects.filter(stewarded_topics__in=Topic.objects.filter(pk__in=_topics(page))))
    return _least_busy(User.objects.filter(groups__name=Role.STAFF.group_name)) or _least_busy(
        User.objects.filter(is_superuser=True)
    )


def _topics(page: Any) -> list[int]:
    return [topic.pk for topic in page.topics.all()]


def _least_busy(users: Any) -> list[User]:
    """People of a group, whoever is asked about the fewest pages first."""
    open_tasks = Count("upkeep_tasks", filter=Q(upkeep_tasks__closed_at__isnull=True), distinct=True)
    return list(users.filter(is_active=True).annotate(asked=open_tasks).order_by("asked", "pk").distinct())
