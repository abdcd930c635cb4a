""" "We tried this": what came of a practice in other places, told without pointing at anybody who did not sign."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count

from hub.accounts.models import User
from hub.accounts.rules import Viewer
from hub.members.domain.profiles import profile_of
from hub.members.rules import ShownProfile, shown
from hub.practices import rules
from hub.practices.domain import news
from hub.practices.enums import Outcome
from hub.practices.models import PracticePage, UseRecord
from hub.taxonomy.models import Function, Industry
from hub.taxonomy.pairs import Pair, pair_of


@dataclass(frozen=True)
class Signed:
    """A record its author signed, as one viewer may see it."""

    outcome: str
    outcome_words: str
    adapted: str
    pair: Pair | None
    person: ShownProfile
    is_mine: bool


@dataclass(frozen=True)
class Tried:
    """What is known of a practice elsewhere. `unsigned` counts outcomes in cells that are large enough."""

    signed: list[Signed]
    unsigned: list[tuple[str, int]]
    mine: UseRecord | None = None


@transaction.atomic
def record(
    page: PracticePage, *, user: User, outcome: Outcome, adapted: str = "", function: Function | None = None,
    industry: Industry | None = None, is_signed: bool = False,
) -> UseRecord:  # fmt: skip
    """Keep what came of it; one record for each person and practice, which they may change.

    Side effects: those who write the practice are told of a signed one, the first time it is signed.
    """
    if not rules.may_contribute(page, user):
        raise PermissionDenied
    profile = profile_of(user)
    before = UseRecord.objects.filter(practice=page, profile=profile).first()
    said = {"outcome": outcome, "adapted": adapted.strip(), "function": function, "industry": industry}
    kept, _ = UseRecord.objects.update_or_create(
        practice=page, profile=profile, defaults={**said, "is_signed": is_signed}
    )
    if is_signed and (before is None or not before.is_signed):
        news.tried(kept)
    return kept


def take_back(page: PracticePage, *, user: User) -> None:
    """Forget what this person said came of it."""
    UseRecord.objects.filter(practice=page, profile__user=user).delete()


def tried(page: PracticePage, viewer: Viewer) -> Tried:
    """What `viewer` may know of others who tried a practice."""
    records: Any = UseRecord.objects.filter(practice=page)
    people = records.filter(is_signed=True).exclude(profile__user__is_active=False)
    people = people.select_related("function", "industry", "profile", "profile__function", "profile__industry")
    signed = [one for one in (_signed(one, viewer) for one in people) if one.person.name is not None]
    counts = dict(records.filter(is_signed=False).order_by().values_list("outcome").annotate(Count("pk")))
    large = [
        (str(label), counts[value]) for value, label in Outcome.choices if counts.get(value, 0) >= rules.SMALLEST_CELL
    ]
    mine = None
    if viewer is not None and viewer.is_authenticated:
        mine = records.filter(profile__user_id=viewer.pk).first()
    return Tried(signed, large, mine)


def _signed(one: UseRecord, viewer: Viewer) -> Signed:
    person = shown(one.profile, viewer, brief=True)
    return Signed(
        outcome=one.outcome,
        outcome_words=one.get_outcome_display(),
        adapted=one.adapted,
        pair=pair_of(one.function, one.industry),
        person=person,
        is_mine=person.is_me,
    )
