"""The next sitting made of the last one: what belongs to the conversation is copied, what was that sitting's is not."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from hub.accounts.models import User
from hub.kernel.errors import HubError
from roundtables.domain.planning import free_slug, hand_seats_on, next_free_day
from roundtables.models import Occurrence, SeriesPage, SessionPage


class NothingToDuplicate(HubError):
    """There is no session yet of which another one could be made."""


def last_session(series: SeriesPage) -> SessionPage | None:
    """The session held last; of a series that has held none, the first one that is planned."""
    sessions = SessionPage.objects.child_of(series).filter(starts_at__isnull=False, cancelled=False)
    held = sessions.filter(ends_at__lt=timezone.now()).order_by("-starts_at").first()
    return held or sessions.order_by("starts_at").first()


@transaction.atomic
def duplicate(session: SessionPage, *, by: User | None) -> SessionPage:
    """A draft of another sitting like `session`, on the next day of its series that has none; without a rule, on none.

    Copied is what the page says before a sitting, with the people at its head, topics, place and rules; not
    copied are notes, recording, seats and whatever else people did there. Side effects: the page, its revision;
    host and co-hosts, and `by`, hold a seat on it.
    """
    series = SeriesPage.objects.ancestor_of(session).first()
    day = None
    if series is not None:
        series = SeriesPage.objects.select_for_update(of=("self",)).get(pk=series.pk)
        day = next_free_day(series)
    values: dict[str, Any] = {"owner": by or session.owner, "starts_at": None, "ends_at": None}
    if series is not None and day is not None:
        values["starts_at"], values["ends_at"] = series.times_on(day)
        values["time_zone"] = series.time_zone
    slug = free_slug(session.get_siblings(), f"{day}" if day else session.slug)
    copy = session.copy(
        update_attrs={**values, "slug": slug}, copy_revisions=False, keep_live=False, user=by, log_action=None
    )
    if series is not None and day is not None:
        Occurrence.objects.create(series=series, day=day, session=copy)
    hand_seats_on(session, copy, also=by)
    return copy


@transaction.atomic
def duplicate_last(series: SeriesPage, *, by: User | None) -> SessionPage:
    """`duplicate` of the last session of `series`. Raises NothingToDuplicate."""
    session = last_session(series)
    if session is None:
        raise NothingToDuplicate("This series has no session yet. Add one, or plan them by a rule.")
    return duplicate(session, by=by)
