"""Plans the sessions of a series by its rule, and follows the rule when it changes.

A session that nobody has touched is the rule's: it moves with it and goes with it. A session with people
or words in it is theirs: it stays as it is, and the series' page of dates says so.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from hub.accounts.models import User
from hub.editorial.enums import BylineRole
from hub.editorial.models import Byline
from hub.kernel.errors import HubError
from hub.pages.enums import PageSeatRole
from hub.pages.models import BasePage, PageSeat
from roundtables.models import SITTING_FIELDS, Occurrence, SeriesPage, SessionPage, SessionSeat

logger = logging.getLogger(__name__)


class PlanRefused(HubError):
    """A date cannot be planned, skipped or taken up again; the message says why."""


class Step(models.TextChoices):
    """What planning does about one day."""

    ADD = "add", "A session is planned"
    FOLLOW = "follow", "The session follows the rule"
    REMOVE = "remove", "The session goes: the rule does not name this day any more"
    KEEP = "keep", "The session stays as it is"


@dataclass(frozen=True)
class Change:
    """What is to happen about a day, and if a session stays that the rule would have otherwise, why."""

    day: date
    step: Step
    session: SessionPage | None = None
    why: str = ""


@dataclass
class Run:
    """What one run did."""

    done: dict[Step, int] = field(default_factory=dict)
    failed: int = 0

    def note(self, change: Change) -> None:
        """Count a change."""
        self.done[change.step] = self.done.get(change.step, 0) + 1

    def count(self, *steps: Step) -> int:
        """How often one of `steps` was taken."""
        return sum(self.done.get(step, 0) for step in steps)


def changes(series: SeriesPage, now: datetime | None = None, only: date | None = None) -> list[Change]:
    """What planning would do now, day by day (or about one day); nothing is written."""
    now = now or timezone.now()
    today = now.astimezone(series.zone).date()
    horizon = today + timedelta(weeks=series.weeks_ahead)
    known = {one.day: one for one in _occurrences(series, today, only)}
    named = set(series.days(today, max([horizon, *known])))
    days = sorted({*known, *(day for day in named if day <= horizon)})
    found = [_change(series, day, known.get(day), day in named, now) for day in days if only in (None, day)]
    return [change for change in found if change is not None]


def plan_series(series: SeriesPage) -> Run:
    """Make the sessions of `series` what its published rule says, as far ahead as it plans.

    As often as one likes, also twice at once: each day is settled in a transaction of its own that holds
    the series, and looks again first. A day that fails holds up no other.
    Side effects: session pages below the series (published, if the series says so), their occurrences.
    """
    run = Run()
    series = SeriesPage.objects.get(pk=series.pk)  # as it is published; a draft of a rule plans nothing
    if not series.live:
        return run
    for change in changes(series):
        if change.step == Step.KEEP:
            run.note(change)
            continue
        try:
            run_change = _settle(series.pk, change.day)
        except Exception:
            logger.exception("A day of a series could not be planned: %s, %s", series.pk, change.day)
            run.failed += 1
        else:
            if run_change is not None:
                run.note(run_change)
    return run


def plan_all() -> Run:
    """Plan every published series that has a rule, or sessions planned by one."""
    total = Run()
    planned = Occurrence.objects.order_by().values("series")
    for series in SeriesPage.objects.live().filter(~models.Q(rule="") | models.Q(pk__in=planned)).order_by("pk"):
        run = plan_series(series)
        total.failed += run.failed
        for step, count in run.done.items():
            total.done[step] = total.done.get(step, 0) + count
    return total


@transaction.atomic
def skip(series: SeriesPage, day: date) -> None:
    """Leave out a day that the rule names. Raises PlanRefused for a session that is somebody's already."""
    series = _locked(series.pk)
    occurrence = Occurrence.objects.filter(series=series, day=day).select_related("session").first()
    if occurrence is None:
        if day not in series.days(day, day):
            raise PlanRefused("The rule of the series does not name this day, so there is nothing to skip.")
        Occurrence.objects.create(series=series, day=day)
        return
    session = occurrence.session
    if session is None:
        return
    if session.starts_at is not None and session.starts_at <= timezone.now():
        raise PlanRefused("This session has begun, so its day cannot be skipped any more.")
    why = why_theirs(occurrence)
    if why:
        raise PlanRefused(f"{why} Cancel the session instead: its page stays, and everybody is told.")
    occurrence.session = None
    occurrence.save(update_fields=["session"])
    session.delete()


@transaction.atomic
def take_up(series: SeriesPage, day: date) -> None:
    """A day that was skipped is one of the series again; planning adds its session."""
    series = _locked(series.pk)
    Occurrence.objects.skipped().filter(series=series, day=day).delete()
    _settle(series.pk, day)


def next_free_day(series: SeriesPage) -> date | None:
    """The next day of the rule for which there is no session yet, and which was not skipped."""
    today = timezone.now().astimezone(series.zone).date()
    taken = set(Occurrence.objects.filter(series=series, day__gte=today).values_list("day", flat=True))
    days = series.days(today, today + timedelta(days=2 * 366))
    return next((day for day in days if day not in taken and series.times_on(day)[0] > timezone.now()), None)


def why_theirs(occurrence: Occurrence) -> str:
    """Why a session is not the rule's any more, as a sentence; empty if nobody has touched it."""
    session = occurrence.session
    if session is None:
        return ""
    seated = session.seats.registered().count()
    if seated:
        return "One person has a seat or waits for one." if seated == 1 else f"{seated} people have a seat or wait."
    if session.cancelled:
        return "It is cancelled."
    if not occurrence.is_as_planned:
        return "Somebody has written in it."
    if any(_related(session)):
        return "People have added to it."
    return ""


def title_on(series: SeriesPage, day: date) -> str:
    """What a session is called until somebody gives it a name of its own."""
    return f"{series.title}, {day.day} {day:%B %Y}"


def _occurrences(series: SeriesPage, today: date, only: date | None) -> Iterable[Occurrence]:
    found = Occurrence.objects.filter(series=series).select_related("session")
    if only is not None:
        return found.filter(day=only)
    return found.filter(models.Q(day__gte=today) | models.Q(session__starts_at__gt=timezone.now()))


def _change(
    series: SeriesPage, day: date, occurrence: Occurrence | None, is_named: bool, now: datetime
) -> Change | None:
    if occurrence is None:
        return Change(day, Step.ADD) if is_named and series.times_on(day)[0] > now else None
    session = occurrence.session
    if session is None or session.starts_at is None or session.starts_at <= now:
        return None
    wanted = _wanted(series, day) if is_named else {}
    if is_named and all(getattr(session, name) == value for name, value in wanted.items()):
        return None
    why = why_theirs(occurrence)
    if why:
        differs = not is_named or wanted["starts_at"] != session.starts_at
        return Change(day, Step.KEEP, session, why) if differs else None
    if is_named and wanted["starts_at"] <= now:
        return None
    return Change(day, Step.FOLLOW if is_named else Step.REMOVE, session)


def _wanted(series: SeriesPage, day: date) -> dict[str, Any]:
    """What the session of a day is, as long as nobody has written in it."""
    begin, end = series.times_on(day)
    like_series = {name: getattr(series, name) for name in SITTING_FIELDS}
    return {**like_series, "title": title_on(series, day), "starts_at": begin, "ends_at": end}


@transaction.atomic
def _settle(series_id: int, day: date) -> Change | None:
    series = _locked(series_id)
    change = next(iter(changes(series, only=day)), None)
    if change is None:
        return None
    if change.step == Step.ADD:
        _add(series, day)
    elif change.step == Step.FOLLOW and change.session is not None:
        _follow(series, day, change.session)
    elif change.step == Step.REMOVE and change.session is not None:
        Occurrence.objects.filter(series=series, day=day).delete()
        change.session.delete()
    return change


def _add(series: SeriesPage, day: date) -> None:
    session = SessionPage(
        **_wanted(series, day),
        slug=free_slug(series.get_children(), f"{day}"),
        gist=series.gist,
        image=series.image,
        audience=series.audience,
        owner=series.owner,
        live=False,
    )
    for name in ("topics", "functions", "industries"):
        getattr(session, name).set(getattr(series, name).all())
    session.bylines = [  # type: ignore[misc]
        Byline(
            person=line.person,
            external_name=line.external_name,
            external_organisation=line.external_organisation,
            role=line.role,
            sort_order=number,
        )
        for number, line in enumerate(series.bylines.filter(role=BylineRole.HOST).select_related("person"))
    ]
    series.add_child(instance=session)
    hand_seats_on(series, session)
    _keep_text(series, day, session, publish=series.publishes_sessions)


def _follow(series: SeriesPage, day: date, session: SessionPage) -> None:
    for name, value in _wanted(series, day).items():
        setattr(session, name, value)
    _keep_text(series, day, session, publish=session.live)


def _keep_text(series: SeriesPage, day: date, session: SessionPage, *, publish: bool) -> None:
    revision = session.save_revision()
    Occurrence.objects.update_or_create(
        series=series, day=day, defaults={"session": session, "planned_revision": revision.pk}
    )
    if publish:
        revision.publish()


def hand_seats_on(page: BasePage, session: SessionPage, also: User | None = None) -> None:
    """Whoever writes `page` writes `session`: host and co-hosts run what is made of it."""
    for seat in page.page_seats.filter(role=PageSeatRole.CO_AUTHOR):
        PageSeat.objects.get_or_create(
            page_id=session.pk,
            user_id=seat.user_id,
            defaults={
                "role": PageSeatRole.CO_AUTHOR,
                "may_invite": seat.may_invite,
                "invited_by_id": seat.invited_by_id,
                "expires_at": seat.expires_at,
            },
        )
    if also is not None:
        PageSeat.objects.get_or_create(
            page_id=session.pk, user=also, defaults={"role": PageSeatRole.CO_AUTHOR, "may_invite": True}
        )


def free_slug(siblings: Any, wanted: str) -> str:
    """An address that no page beside the new one has."""
    taken = set(siblings.filter(slug__startswith=wanted).values_list("slug", flat=True))
    return next(slug for slug in (wanted, *(f"{wanted}-{n}" for n in range(2, 1000))) if slug not in taken)


def _related(session: SessionPage) -> Iterable[bool]:
    """Whether anything of ours belongs to the session: questions, notes, requests; each model by itself."""
    relations: Iterable[Any] = SessionPage._meta.get_fields(include_hidden=True)
    for relation in relations:
        model = relation.related_model
        if not (relation.one_to_many or relation.one_to_one) or not relation.auto_created or relation.concrete:
            continue
        if model._meta.auto_created or model in (Occurrence, SessionSeat):
            continue  # topics and the like are of the page itself
        if model._meta.app_label == "roundtables":
            yield model._default_manager.filter(**{relation.field.name: session.pk}).exists()


def _locked(series_id: int) -> SeriesPage:
    """The series as it is now, with its dates nobody else's to change until the transaction ends."""
    return SeriesPage.objects.select_for_update(of=("self",)).get(pk=series_id)
