"""A takeaway that somebody makes a practice of, and where a practice came from."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from hub.accounts.models import User
from hub.accounts.rules import Viewer
from hub.kernel import prepared
from hub.practices.domain import proposals
from hub.practices.models import PracticePage
from hub.practices.registry import Origin
from hub.practices.rules import may_propose
from roundtables.enums import AttributionMode
from roundtables.models import PracticeOrigin, Takeaway


def may_make_practice(takeaway: Takeaway, user: Viewer) -> bool:
    """Whether `user` may begin a practice with it: every member who may read it, of a session that is not private.

    It is not kept to those who were there: then whoever wrote such a practice would have been there, for all to see.
    """
    if not may_propose(user) or takeaway.session.attribution_mode == AttributionMode.PRIVATE:
        return False
    return Takeaway.objects.published().readable_by(user).filter(pk=takeaway.pk).exists()


@transaction.atomic
def make_practice(takeaway: Takeaway, *, by: User, key: UUID) -> PracticePage:
    """Begin the draft of a practice with the words of a takeaway. `key` comes with the form: sent twice, one draft.

    Side effects: the draft, as whoever proposes a practice makes it, and a row that says where it came from.
    """
    if not may_make_practice(takeaway, by):
        raise PermissionDenied
    typed = {"title": takeaway.statement[:200], "gist": takeaway.statement, "what_we_did": takeaway.detail}
    page = proposals.begin(user=by, key=key, typed=typed).page
    PracticeOrigin.objects.get_or_create(practice=page, defaults={"takeaway": takeaway})
    return page


def origin_of(page: PracticePage, viewer: Viewer) -> Origin | None:
    """The takeaway that a practice was made of, if `viewer` may read it."""
    rows = prepared.rows("origin of a practice", _origins, page.pk)
    if not rows:
        return None  # nearly all practices: one small query
    found = Takeaway.objects.readable_by(viewer).told().filter(pk=rows[0][0]).first()
    if found is None:
        return None
    return Origin("It began with a takeaway of a roundtable:", found.statement, found.get_absolute_url())


def _origins(practice_id: int) -> Any:
    return PracticeOrigin.objects.filter(practice_id=practice_id).order_by().values_list("takeaway_id")


def made_of(takeaway: Takeaway, viewer: Viewer) -> list[PracticePage]:
    """The practices made of a takeaway that `viewer` may read."""
    mine = PracticeOrigin.objects.filter(takeaway=takeaway).values("practice")
    return list(PracticePage.objects.visible_to(viewer).filter(pk__in=mine).defer_streamfields().order_by("title"))
