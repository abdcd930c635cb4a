"""The index follows the database: what it owes is written down with the change, and settled after the commit.

Two queues, drained together: catalogue entries with `indexed_version < version`, and `Owed` rows for
the objects that only the editor's own search finds. A save never waits for the index and never fails
because of it: after the commit whoever comes first takes the lock and settles everything, others
leave it to the holder, who looks again before leaving. Whoever saved waits for the catalogue alone:
the editor's own search, which is another index, follows by background work within seconds, or with the
next change if there is no worker. What goes wrong is written into `IndexStatus`
and tried again at the next change, by `search_sync`, or by the worker.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from threading import local
from typing import Any

from django.apps import apps
from django.db import DatabaseError, models, transaction
from django.utils import timezone
from modelsearch.backends.base import get_model_root

from hub.kernel.errors import HubError
from hub.pages.models import BasePage
from search import tasks
from search.domain import engine
from search.domain.lock import try_lock
from search.models import Entry, IndexStatus, Owed

logger = logging.getLogger("search")

BATCH = 200  # entries in one commit of the index: seconds at most, and nothing is lost if it fails
PATIENCE = 3.0  # seconds that a person who saved may be kept by settling; the rest is background work
WORKERS_TIME = timedelta(seconds=10)  # before people settle for the editor's own search what no worker came for
NOBODYS = 0  # no entry's key: letting go of it shows whether the index can be written

_thread = local()
_seen: set[str] = set()


class Busy(HubError):
    """Somebody else is writing the index and does not come to an end."""


@dataclass
class Drained:
    """What one round of settling did. `error` stopped it, `bad_entry` did not; both are sentences for staff.

    `is_well` says that it had all the time it needed, and the lock, and came to its end.
    """

    settled: int = 0
    is_well: bool = False
    error: str = ""
    bad_entry: str = ""
    left_over: bool = False
    skip: set[int] = field(default_factory=set)
    skip_debts: set[int] = field(default_factory=set)


def owe(model: type[models.Model], pks: Iterable[Any]) -> None:
    """Write down that the index owes an update of these objects; whether they still exist shows when it is settled."""
    label = model._meta.label_lower
    Owed.objects.bulk_create([Owed(model=label, object_id=str(pk)) for pk in pks], batch_size=300)
    drain_after_commit()


def drain_after_commit() -> None:
    """Settle what is owed once the running transaction is there to stay: once, however often this is called."""
    _thread.asked = getattr(_thread, "asked", 0) + 1
    transaction.on_commit(_drain_for_a_person, robust=True)


@contextmanager
def deferred_drain() -> Iterator[None]:
    """Inside, commits settle nothing; at the end everything is settled at once. For imports of many things."""
    _thread.deferred = getattr(_thread, "deferred", 0) + 1
    try:
        yield
    finally:
        _thread.deferred -= 1
        if not _thread.deferred:
            drain()


@contextmanager
def holding_the_pen(timeout: float = 60.0) -> Iterator[None]:
    """Keep everybody else from settling the queue, waiting for whoever does so now. Raises `Busy`."""
    until = time.monotonic() + timeout
    while True:
        with try_lock() as held:
            if held:
                _thread.draining = True  # on PostgreSQL the same session would be let in again
                try:
                    yield
                finally:
                    _thread.draining = False
                return
        if time.monotonic() > until:
            raise Busy("The index is being written by another process. Wait a minute, then try again.")
        time.sleep(0.1)


def lag() -> int:
    """How many changes the index owes."""
    return Entry.objects.pending().count() + Owed.objects.count()


def drain(*, patience: float | None = None) -> Drained:
    """Settle everything that is owed, or as much as `patience` seconds allow. Never raises.

    Side effects: index written, entries marked as indexed, tombstones dropped, status recorded.
    Does nothing while somebody else is settling: that one looks again before leaving.
    """
    done = Drained()
    if getattr(_thread, "draining", False):
        return done
    _thread.draining = True
    until = None if patience is None else time.monotonic() + patience
    must_look = patience is None  # with all the time in the world, an index that was lost is found and filled too
    try:
        while must_look or _anything_owed(done):
            must_look = False
            with try_lock() as held:
                if not held:
                    return done
                _settle_all(done, until)
                done.is_well = patience is None
            if done.left_over:
                break
    except Exception as error:  # a save must not fail because of its index, whatever the reason
        logger.exception("The search index could not be brought up to date")
        done.error = _sentence(error)
        done.left_over = engine.is_ill(error)
    finally:
        _thread.draining = False
    _record(done)
    return done


def record_failure(error: BaseException, *, needs_rebuild: bool = False) -> bool:
    """Let staff know that the index could not answer; gives whether a rebuild is news. Never raises.

    Writes only what is new: while the index is ill, every question comes by here.
    """
    logger.error("Search index: %s", error, exc_info=error)
    try:
        with transaction.atomic():
            status, problem = IndexStatus.current(), _sentence(error)
            is_news = needs_rebuild and not status.needs_rebuild
            if is_news or status.last_error != problem:
                IndexStatus.objects.filter(pk=status.pk).update(
                    last_error=problem,
                    last_error_at=timezone.now(),
                    needs_rebuild=status.needs_rebuild or needs_rebuild,
                )
            return is_news
    except DatabaseError:
        logger.exception("The failure of the search index could not be recorded")
        return False


def _drain_for_a_person() -> None:
    if getattr(_thread, "deferred", 0) or getattr(_thread, "answered", 0) == _thread.asked:
        return  # the second to ask in one transaction finds everything settled by the first
    _thread.answered = _thread.asked
    done = drain(patience=PATIENCE)
    if done.left_over:
        tasks.sync_index.enqueue()


def _anything_owed(done: Drained) -> bool:
    debts = Owed.objects.exclude(pk__in=done.skip_debts)
    return Entry.objects.pending().exclude(pk__in=done.skip).exists() or debts.exists()


def _settle_all(done: Drained, until: float | None) -> None:
    backend = engine.backend()
    _look_after_index(backend, done, may_rebuild=until is None)
    while not done.left_over:
        entries = list(_pending(done.skip))
        debts = list(_debts(done.skip_debts, is_person=until is not None)[:BATCH])
        if not entries and not debts:
            done.left_over = Owed.objects.exclude(pk__in=done.skip_debts).exists()
            return
        _settle_entries(backend, entries, done)
        _settle_debts(backend, debts, done)
        if until is not None and time.monotonic() > until and _anything_owed(done):
            done.left_over = True
            return


def _look_after_index(backend: Any, done: Drained, *, may_rebuild: bool) -> None:
    """See that there is an index to write to: a new or emptied one is owed everything, a spoilt one is rebuilt."""
    identity, status = engine.identity(), IndexStatus.current()
    for models_of_index in engine.roots(backend).values():
        is_catalogue = Entry in models_of_index
        is_new = status.engine != identity
        if not is_catalogue and identity in _seen and not status.needs_rebuild and not is_new:
            continue  # the editor's indexes are looked at once in the life of a process
        state = engine.state(backend, models_of_index[0])
        if state == "missing" or (is_new and state == "ok"):
            # Before another engine came, this one may have been filled: it knows nothing of what was deleted since.
            engine.clear(backend, models_of_index)
        if state == "missing" or is_new:
            _owe_everything(models_of_index)
        if state in ("outdated", "unavailable") or (is_catalogue and status.needs_rebuild):
            if not may_rebuild:
                done.left_over = True
                continue
            logger.warning("The index of %s is %s and is built afresh", models_of_index[0]._meta.label, state)
            rebuild_index(backend, models_of_index)
    _seen.add(identity)
    if status.engine != identity or (status.needs_rebuild and not done.left_over):
        IndexStatus.objects.filter(pk=status.pk).update(
            engine=identity, needs_rebuild=status.needs_rebuild and done.left_over
        )


def rebuild_index(
    backend: Any, models_of_index: list[type[models.Model]], progress: engine.Progress | None = None
) -> None:
    """Build one index afresh and note what it now has. The caller holds the lock."""
    versions = dict(Entry.objects.findable().values_list("pk", "version")) if Entry in models_of_index else {}
    labels = {model._meta.label_lower for model in models_of_index}
    debts = list(Owed.objects.filter(model__in=labels).values_list("pk", flat=True))
    engine.rebuild(backend, models_of_index, progress)
    by_version: dict[int, list[int]] = {}
    for pk, version in versions.items():
        by_version.setdefault(version, []).append(pk)
    with transaction.atomic():
        for version, pks in by_version.items():
            for start in range(0, len(pks), BATCH):
                Entry.objects.filter(pk__in=pks[start : start + BATCH]).update(indexed_version=version)
        for start in range(0, len(debts), BATCH):
            Owed.objects.filter(pk__in=debts[start : start + BATCH]).delete()


def _owe_everything(models_of_index: list[type[models.Model]]) -> None:
    for root in {get_model_root(model): None for model in models_of_index}:
        if root is Entry:
            Entry.objects.findable().update(indexed_version=0)
            continue
        pks = root._default_manager.values_list("pk", flat=True)
        label = root._meta.label_lower
        Owed.objects.bulk_create((Owed(model=label, object_id=str(pk)) for pk in pks.iterator()), batch_size=300)


def _pending(skip: set[int]) -> models.QuerySet[Entry]:
    return Entry.objects.pending().exclude(pk__in=skip).prefetch_related("topics", "functions", "industries")[:BATCH]


def _debts(skip: set[int], *, is_person: bool) -> models.QuerySet[Owed]:
    """What the editor's own search is owed; for a person who saved, only what no worker has come for."""
    debts = Owed.objects.exclude(pk__in=skip).order_by("pk")
    return debts.filter(created_at__lt=timezone.now() - WORKERS_TIME) if is_person else debts


def _settle_entries(backend: Any, entries: list[Entry], done: Drained) -> None:
    """One batch in one commit; if that fails, one by one, so that a single bad entry holds up no other."""
    for entry, error in _written(backend, entries, _write_entries, done):
        done.skip.add(entry.pk)
        done.bad_entry = f"“{entry.title}” could not be indexed: {_sentence(error)}"


def _written(
    backend: Any, things: list[Any], write: Callable[[Any, list[Any]], None], done: Drained
) -> Iterator[tuple[Any, Exception]]:
    """Write a batch and count it; gives what could not be written, if that is not the index's own fault."""
    try:
        write(backend, things)
    except Exception as error:
        if engine.is_ill(error) or isinstance(error, OSError):
            raise
    else:
        done.settled += len(things)
        return
    is_well = False
    for thing in things:
        try:
            write(backend, [thing])
            done.settled += 1
            is_well = True
        except Exception as error:
            if not is_well:
                engine.write(backend, Entry, drop=[NOBODYS])  # raises if the index is at fault, not this
                is_well = True
            logger.exception("%s could not be indexed", thing)
            yield thing, error


def _write_entries(backend: Any, entries: list[Entry]) -> None:
    gone = [entry.pk for entry in entries if entry.is_deleted]
    engine.write(backend, Entry, put=[entry for entry in entries if not entry.is_deleted], drop=gone)
    _mark_indexed(entries)


def _mark_indexed(entries: list[Entry]) -> None:
    """Note what the index has. An entry that changed again in the meantime has a higher version and stays owed."""
    by_version: dict[tuple[int, bool], list[int]] = {}
    for entry in entries:
        by_version.setdefault((entry.version, entry.is_deleted), []).append(entry.pk)
    with transaction.atomic():
        for (version, is_deleted), pks in by_version.items():
            if is_deleted:
                Entry.objects.filter(pk__in=pks, version=version).delete()
            else:
                Entry.objects.filter(pk__in=pks, indexed_version__lt=version).update(indexed_version=version)


def _settle_debts(backend: Any, debts: list[Owed], done: Drained) -> None:
    for debt, error in _written(backend, debts, _write_debts, done):
        done.skip_debts.add(debt.pk)
        done.bad_entry = done.bad_entry or f"{debt} could not be indexed: {_sentence(error)}"


def _write_debts(backend: Any, debts: list[Owed]) -> None:
    wanted: dict[str, dict[str, None]] = {}
    for debt in debts:
        wanted.setdefault(debt.model, {})[debt.object_id] = None
    for label, pks in wanted.items():
        _write_objects(backend, label, list(pks))
    Owed.objects.filter(pk__in=[debt.pk for debt in debts]).delete()


def _write_objects(backend: Any, label: str, ids: list[str]) -> None:
    try:
        model = apps.get_model(label)
    except LookupError:
        return  # an app that is no longer installed
    pks = [model._meta.pk.to_python(pk) for pk in ids]
    found: set[Any] = set()
    for kind, pks_of_kind in _kinds(model, pks).items():
        things = list(kind.get_indexed_objects().filter(pk__in=pks_of_kind))  # type: ignore[attr-defined]
        found.update(thing.pk for thing in things)
        engine.write(backend, kind, put=things)
    engine.write(backend, model, drop=[pk for pk in pks if pk not in found])


def _kinds(model: type[models.Model], pks: list[Any]) -> dict[type[models.Model], list[Any]]:
    """The keys by the type under which each object is indexed: a page under its own, not the one it was saved as."""
    if not issubclass(model, BasePage):
        return {model: pks}
    by_type: dict[type[models.Model], list[Any]] = {}
    for page in BasePage.objects.filter(pk__in=pks).only("pk", "content_type_id"):
        if page.specific_class is not None:
            by_type.setdefault(page.specific_class, []).append(page.pk)
    return by_type


def _sentence(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:500]


def _record(done: Drained) -> None:
    """Keep the status row true, with a write only when something was done or went wrong."""
    problem = done.error or done.bad_entry
    values: dict[str, Any] = {}
    if done.settled and not done.error:
        values = {"last_drained_at": timezone.now(), "last_error": ""}
    if problem:
        values |= {"last_error": problem, "last_error_at": timezone.now()}
    try:
        # An error that no change has followed goes as well, once everything was looked at.
        if not values and done.is_well and IndexStatus.objects.exclude(last_error="").exists():
            values = {"last_error": ""}
        if values and not IndexStatus.objects.update(**values):
            IndexStatus.objects.create(pk=1, **values)
    except DatabaseError:
        logger.exception("The state of the search index could not be recorded")
