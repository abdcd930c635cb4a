"""A session moves to another time, is cancelled, or takes place after all; everybody with a seat is told once."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from hub.accounts.models import User
from hub.kernel.errors import HubError
from roundtables.domain import date_news as news
from roundtables.domain.facts import rewrite, settle
from roundtables.domain.planning import title_on
from roundtables.domain.queue import fill_from_queue, locked
from roundtables.models import Occurrence, SessionPage
from roundtables.rules import is_over


class DateRefused(HubError):
    """The date of a session stays as it is; the message says why."""


@transaction.atomic
def move(session: SessionPage, starts_at: datetime, *, by: User | None) -> None:
    """Hold `session` at another time; it stays as long as it was, and the occurrence of its series that it was.

    Side effects: the page and its newest text; news to everybody with a seat or in the queue.
    Raises DateRefused for a session that is over or cancelled, and for a time that is past.
    """
    session, starts_at = locked(session), starts_at.replace(second=0, microsecond=0)
    if session.cancelled:
        raise DateRefused("This session is cancelled. Say first that it takes place after all.")
    if session.starts_at is not None and session.starts_at <= timezone.now():
        raise DateRefused("This session has begun. For another sitting, add one to its series.")
    if starts_at <= timezone.now():
        raise DateRefused("This time is past. Choose one that is still to come.")
    if starts_at == session.starts_at:
        return
    values = {"starts_at": starts_at, **_title_at(session, starts_at)}
    if session.starts_at is not None and session.ends_at is not None:
        values["ends_at"] = starts_at + (session.ends_at - session.starts_at)
    rewrite(session, by, **values)
    announce(session, by=by)


@transaction.atomic
def call_off(session: SessionPage, *, by: User | None, reason: str = "") -> bool:
    """Cancel `session`; its page stays and says so. Returns False if it was cancelled already, and tells nobody.

    Side effects: the page; news to everybody with a seat or in the queue; its history says so.
    """
    session = locked(session)
    if is_over(session):
        raise DateRefused("This session is over, so there is nothing to cancel.")
    return _set_cancelled(session, True, by=by, reason=reason)


@transaction.atomic
def hold_after_all(session: SessionPage, *, by: User | None) -> bool:
    """Take back that `session` is cancelled: seats hold, and the queue moves up into free ones."""
    session = locked(session)
    if is_over(session):
        raise DateRefused("The time of this session is past. Duplicate it for another day.")
    if not _set_cancelled(session, False, by=by, reason=""):
        return False
    fill_from_queue(session)
    return True


@transaction.atomic
def announce(session: SessionPage, *, by: User | None = None) -> bool:
    """Tell everybody with a seat if the published start is not the one they know; returns whether they were told.

    Whichever way the page was changed, and however often this is called: who changes `announced_start` tells.
    """
    page = SessionPage.objects.filter(pk=session.pk).values("live", "starts_at", "announced_start", "cancelled").first()
    if page is None or not page["live"] or page["starts_at"] in (None, page["announced_start"]):
        return False
    known = SessionPage.objects.filter(pk=session.pk, announced_start=page["announced_start"])
    if page["announced_start"] is None:
        known = SessionPage.objects.filter(pk=session.pk, announced_start__isnull=True)
    if not known.update(announced_start=page["starts_at"]) or page["announced_start"] is None:
        return False
    if page["cancelled"] or page["starts_at"] <= timezone.now():
        return False  # nothing that anybody has to be told to come to
    session = SessionPage.objects.get(pk=session.pk)
    news.moved(session, before=page["announced_start"], by=by)
    return True


def _set_cancelled(session: SessionPage, cancelled: bool, *, by: User | None, reason: str) -> bool:
    if session.cancelled == cancelled:
        return False
    session.cancelled = cancelled
    settle(session, "cancelled")
    log(instance=session, action="hub.session.cancelled" if cancelled else "hub.session.held_after_all", user=by)
    if session.live:
        news.called_off(session, reason=" ".join(reason.split())[:500], by=by)
    return True


def _title_at(session: SessionPage, starts_at: datetime) -> dict[str, str]:
    """The title with the new day, if nobody has given it another one than the day's."""
    occurrence = Occurrence.objects.filter(session=session).select_related("series").first()
    if occurrence is None or session.starts_at is None:
        return {}
    was, becomes = (
        title_on(occurrence.series, moment.astimezone(session.zone).date()) for moment in (session.starts_at, starts_at)
    )
    return {"title": becomes} if session.title == was else {}
