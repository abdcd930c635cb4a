"""When a person wants which kind of news by e-mail."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from hub.accounts.models import User
from hub.notifications import registry
from hub.notifications.enums import IN_DIGESTS, Timing
from hub.notifications.links import ALL_DIGESTS
from hub.notifications.models import Preference
from hub.notifications.registry import Kind


def timing_for(user_id: int, kind: Kind) -> Timing:
    """When this person is mailed news of this kind: as they said, or else as the kind says."""
    chosen = Preference.objects.filter(user_id=user_id, kind=kind.key).values_list("timing", flat=True).first()
    return Timing(chosen) if chosen else kind.timing


def timings_of(user_id: int) -> dict[str, Timing]:
    """The same for all kinds."""
    chosen = dict(Preference.objects.filter(user_id=user_id).values_list("kind", "timing"))
    return {kind.key: Timing(chosen.get(kind.key, kind.timing)) for kind in registry.kinds()}


@transaction.atomic
def choose(user_id: int, timings: Mapping[str, str]) -> None:
    """Keep when the kinds in `timings` are mailed. What is chosen as the kind says anyway is not kept."""
    for key, timing in timings.items():
        kind = registry.kind_of(key)
        if kind is None or timing == kind.timing:
            Preference.objects.filter(user_id=user_id, kind=key).delete()
        else:
            Preference.objects.update_or_create(user_id=user_id, kind=key, defaults={"timing": Timing(timing)})


@transaction.atomic
def stop(user_id: int, key: str) -> None:
    """No more e-mail of this kind to this person; for `ALL_DIGESTS`, of everything that comes in digests."""
    if not User.objects.filter(pk=user_id).exists():
        return
    if key == ALL_DIGESTS:
        keys = [kind for kind, timing in timings_of(user_id).items() if timing in IN_DIGESTS]
    else:
        keys = [key]
    choose(user_id, dict.fromkeys(keys, Timing.NEVER))
