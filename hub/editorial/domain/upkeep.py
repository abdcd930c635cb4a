"""Is it still true? Asks somebody about every page whose time is over, and takes the answer."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from django.apps import apps
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import log

from hub.accounts.models import User
from hub.editorial import kinds
from hub.editorial.domain.keepers import can_answer, candidates, may_keep
from hub.editorial.enums import UpkeepOutcome, UpkeepReason, UpkeepStep
from hub.editorial.models import KnowledgePage, PageUpkeep, UpkeepTask
from hub.kernel.errors import HubError
from hub.members.models import MemberProfile
from hub.notifications.domain.news import tell
from hub.pages.models import BasePage

logger = logging.getLogger(__name__)
PATIENCE = timedelta(days=14)  # with one person; then the next one is asked


class MayNotKeep(HubError):
    """This person is not among those who say whether the page is still true."""


@dataclass
class Run:
    """What one run did."""

    opened: int = 0
    asked: int = 0
    closed: int = 0
    failed: int = 0


def knowledge_types() -> list[type[KnowledgePage]]:
    """Every type of page that can be verified."""
    return [model for model in apps.get_models() if issubclass(model, KnowledgePage)]


def overdue_pages(today: date) -> set[int]:
    """Keys of the published pages that somebody promised to look at again, and nobody has. Obsolete is settled."""
    found: set[int] = set()
    for model in knowledge_types():
        late = model.objects.live().filter(verify_by__lt=today, obsolete_since__isnull=True)
        found.update(late.order_by().values_list("pk", flat=True))
    return found


def run_upkeep() -> Run:
    """Open a task for each page that is overdue, ask on where nobody answered, close what is settled.

    As often as one likes, also twice at once: a page has one open task (the database sees to it), and an
    assignment is changed only from what was read. A page that fails holds up no other.
    """
    done, today = Run(), timezone.localdate()
    _enter_pages()
    late = overdue_pages(today)
    for pk in sorted(late - set(UpkeepTask.objects.open().values_list("page_id", flat=True))):
        done.opened += _guarded(done, _open_overdue, pk)
    for task in list(UpkeepTask.objects.open().select_related("assigned_to").order_by("pk")):
        done.closed += _guarded(done, _close_if_settled, task, late)
    for task in list(UpkeepTask.objects.open().select_related("assigned_to").order_by("pk")):
        done.asked += _guarded(done, _ask_on, task)
    return done


@transaction.atomic
def still_true(page: Any, *, by: User) -> None:
    """`by` says that the page holds, from today until its time is over again. It is obsolete no more.

    Side effects: the page says who said so and when, its search entry follows, its open task is closed, its
    history says so. The text is not touched, so there is nothing to review; drafts stay what they are.
    """
    page = _locked(page, by)
    _verify(page, by)
    _close(page, UpkeepOutcome.STILL_TRUE, by)
    log(instance=page, action="hub.upkeep.still_true", user=by)


@transaction.atomic
def needs_edit(page: Any, *, by: User, remark: str) -> UpkeepTask:
    """`by` says that something on the page has to be put right, and what. Whoever looks after it is asked.

    Side effect: the page's open task becomes this one, or a new one is opened; the person asked is told.
    """
    page = _locked(page, by)
    remark = remark.strip()
    if not remark:
        raise HubError("Say in a sentence what has to be changed, so that somebody else can do it.")
    task = UpkeepTask.objects.open().filter(page_id=page.pk).first()
    if task is None:
        task = UpkeepTask.objects.create(page_id=page.pk, reason=UpkeepReason.FLAGGED, remark=remark[:1000])
    else:
        task.reason, task.remark = UpkeepReason.FLAGGED, remark[:1000]
        task.step, task.assigned_to, task.asked = UpkeepStep.OWNER, None, []
        task.save()
    _ask(task, page, UpkeepStep.OWNER, by=by)
    log(instance=page, action="hub.upkeep.needs_edit", user=by, data={"remark": remark[:1000]})
    return task


@transaction.atomic
def obsolete(page: Any, *, by: User, replaced_by: BasePage | None = None) -> None:
    """`by` says that the page does not hold any more. It stays where it is, says so, and ranks lower.

    `replaced_by`: where to read what holds now. Side effects as of `still_true`, which is also the way back.
    """
    page = _locked(page, by)
    if replaced_by is not None and replaced_by.pk == page.pk:
        raise HubError("A page cannot take its own place. Choose another one, or none.")
    page.obsolete_since = page.obsolete_since or timezone.localdate()
    page.replaced_by_id = replaced_by.pk if replaced_by else None
    page.save(update_fields=["obsolete_since", "replaced_by"], clean=False)
    _close(page, UpkeepOutcome.OBSOLETE, by)
    log(instance=page, action="hub.upkeep.obsolete", user=by)


@transaction.atomic
def published(page: Any) -> None:
    """A text of the page went live: it has somebody who looks after it, and a date.

    What was read, approved and published today holds today. An edit that somebody asked for settles their
    task; any other edit says nothing about the rest of the page. Imported pages have the dates of their
    archive, or none.
    """
    if not isinstance(page, KnowledgePage):
        return
    PageUpkeep.objects.get_or_create(page_id=page.pk)
    flagged = UpkeepTask.objects.open().filter(page_id=page.pk, reason=UpkeepReason.FLAGGED)
    is_first = page.verified_on is None and page.verify_by is None and interval_of(page) and not page.source_path
    if is_first or flagged.exists():
        _verify(page, None)
        _close(page, UpkeepOutcome.EDITED, None)


def interval_of(page: Any) -> int | None:
    """Months between two verifications of this page; None if nobody has to verify it."""
    own = PageUpkeep.objects.filter(page_id=page.pk).values_list("interval_months", flat=True).first()
    return own or page.verify_every


def _enter_pages() -> None:
    """Every published page that has a date, or should have one, stands on the desk of upkeep."""
    for model in knowledge_types():
        pages = model.objects.live().filter(upkeep__isnull=True)
        if not model.verify_every:
            pages = pages.filter(verify_by__isnull=False)
        keys = pages.order_by().values_list("pk", flat=True)
        PageUpkeep.objects.bulk_create([PageUpkeep(page_id=pk) for pk in keys], ignore_conflicts=True, batch_size=500)


def without_task(today: date) -> int:
    """How many overdue pages nobody was asked about: `run_upkeep` has not run."""
    return len(overdue_pages(today) - set(UpkeepTask.objects.open().values_list("page_id", flat=True)))


def _guarded(done: Run, do: Any, *args: Any) -> bool:
    try:
        with transaction.atomic():
            return bool(do(*args))
    except Exception:
        logger.exception("Upkeep could not be done: %s", args[0])
        done.failed += 1
        return False


def _open_overdue(pk: int) -> bool:
    try:
        with transaction.atomic():
            UpkeepTask.objects.create(page_id=pk, reason=UpkeepReason.OVERDUE)
    except IntegrityError:  # another run was quicker, or the page was deleted
        return False
    return True


def _close_if_settled(task: UpkeepTask, late: set[int]) -> bool:
    """Close a task whose page was settled without it: unpublished, obsolete, or given another date."""
    page = task.page.specific
    if not page.live:
        outcome = UpkeepOutcome.GONE
    elif getattr(page, "obsolete_since", None):
        outcome = UpkeepOutcome.OBSOLETE
    elif task.reason == UpkeepReason.OVERDUE and task.page_id not in late:
        outcome = UpkeepOutcome.STILL_TRUE
    else:
        return False
    return bool(_close(page, outcome, None))


def _ask_on(task: UpkeepTask) -> bool:
    """Ask the next person, if the one who is asked has left or had `PATIENCE`; returns whether somebody was asked."""
    page, now = task.page.specific, timezone.now()
    if not can_answer(task.assigned_to, page):
        return _ask(task, page, UpkeepStep(task.step))
    if task.assigned_at <= now - PATIENCE:
        return _ask(task, page, UpkeepStep(min(task.step + 1, UpkeepStep.STAFF)))
    return False


def _ask(task: UpkeepTask, page: Any, first: UpkeepStep, *, by: User | None = None) -> bool:
    """Ask somebody from the step `first` on who was not asked before; at the end of the way, staff in turns."""
    step, person = _next(task, page, first)
    seen = UpkeepTask.objects.open().filter(
        pk=task.pk, assigned_at=task.assigned_at, assigned_to_id=task.assigned_to_id, step=task.step
    )
    asked = [*task.asked, *([person.pk] if person and person.pk not in task.asked else [])]
    if not seen.update(step=step, assigned_to=person, assigned_at=timezone.now(), asked=asked) or person is None:
        return False
    if by is not None and person.pk == by.pk:
        return True  # they know
    what = "needs an edit" if task.reason == UpkeepReason.FLAGGED else "has to be verified: is it still true?"
    tell(
        person,
        kind=kinds.UPKEEP,
        text=f"“{page.title}” {what}",
        detail=task.remark,
        url=reverse("upkeep:keep", args=[page.pk]),
        page=page,
    )
    return True


def _next(task: UpkeepTask, page: Any, first: UpkeepStep) -> tuple[UpkeepStep, User | None]:
    for step in UpkeepStep:
        if step < first:
            continue
        people = candidates(page, step)
        fresh = [user for user in people if user.pk not in task.asked]
        if fresh:
            return step, fresh[0]
    others = [user for user in people if user.pk != task.assigned_to_id]
    return UpkeepStep.STAFF, next(iter([*others, *people]), None)


def _locked(page: Any, by: User) -> Any:
    """The page as it is now, held for this transaction, if `by` is among those who keep it."""
    page = type(page).objects.select_for_update().get(pk=page.pk)
    if not page.live or not may_keep(by, page):
        raise MayNotKeep("You are not among those who look after this page. Its authors and staff are.")
    return page


def _verify(page: Any, by: User | None) -> None:
    months, today = interval_of(page), timezone.localdate()
    page.verified_on = today
    page.verify_by = today + relativedelta(months=months) if months else None
    page.verified_by = MemberProfile.objects.filter(user=by).first() if by else None
    page.obsolete_since = page.replaced_by = None
    fields = ["verified_on", "verify_by", "verified_by", "obsolete_since", "replaced_by"]
    page.save(update_fields=fields, clean=False)  # the text is not touched, so it is not for us to judge


def _close(page: Any, outcome: UpkeepOutcome, by: User | None) -> int:
    return (
        UpkeepTask.objects.open()
        .filter(page_id=page.pk)
        .update(closed_at=timezone.now(), closed_by=by, outcome=outcome)
    )
