"""The index of one root model: what modelsearch asks of an index, and the batches that the hub's queue writes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar

from django.db import models
from modelsearch.backends.base import BaseIndex
from modelsearch.index import class_is_indexed

from . import mapping, snapshots, writing
from .errors import IndexBusy, IndexOutdated, IndexUnavailable
from .locks import FileLock
from .mapping import Document, DocumentBuilder
from .segments import Snapshot
from .storage import REBUILD, IndexFolder

if TYPE_CHECKING:
    from .backend import SearchBackend

T = TypeVar("T")


class Status(TypedDict):
    """How an index is doing, for `status()`."""

    name: str
    #: `ok`, `missing` (nothing was ever indexed), `outdated` (takes no writes) or `unavailable`.
    state: str
    #: What is wrong and what to do, or nothing.
    problem: str
    documents: int
    deleted: int
    segments: int
    bytes: int
    is_rebuilding: bool


class Batch:
    """Changes to one index, gathered and then written in one commit. The last change of an object counts."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._builders: dict[type[models.Model], DocumentBuilder] = {}
        self.changes: dict[str, Document | None] = {}

    def _change(self, pk: str, document: Document | None) -> None:
        self.changes.pop(pk, None)
        self.changes[pk] = document

    def add(self, obj: models.Model) -> None:
        """Indexes an object, in place of what was indexed for it."""
        model = type(obj)
        if not class_is_indexed(model):
            return
        if model not in self._builders:
            self._builders[model] = DocumentBuilder(model, self._language)
        document = self._builders[model].build(obj)
        self._change(document["pk"][0], document)

    def add_all(self, objects: Iterable[models.Model]) -> None:
        """Indexes objects."""
        for obj in objects:
            self.add(obj)

    def delete(self, pk: Any) -> None:
        """Takes the object with this primary key out of the index; it need not be in it."""
        self._change(str(pk), None)


class WhooshIndex(BaseIndex):
    """One Whoosh index with everything under one root model, as Elasticsearch's backend divides them."""

    backend: SearchBackend

    def __init__(self, backend: SearchBackend, root: type[models.Model]) -> None:
        super().__init__(backend)
        self.root = root
        self.name = f"{root._meta.app_label}_{root.__name__}".lower()
        self.folder = IndexFolder(Path(backend.path) / self.name)

    def __str__(self) -> str:
        return self.name

    def get_key(self) -> str:
        """The name; there is one index per root model."""
        return self.name

    @property
    def schema(self) -> Any:
        """The schema that the models ask for now."""
        return mapping.schema_of(self.root)

    @property
    def format(self) -> dict[str, str]:
        """What an index built now would be built with."""
        return mapping.format_of(self.root, self.backend.language)

    # Reading

    def read(self, work: Callable[[Snapshot], T], nothing: Callable[[], T]) -> T:
        """Runs `work` on the newest snapshot, or gives `nothing()` where nothing was ever indexed."""
        return snapshots.read(self.folder, mapping.reading_format(self.backend.language), work, nothing)

    def needs_rebuild(self) -> bool:
        """Whether there is no index, or one that cannot be read or written."""
        return self.status()["state"] != "ok"

    def status(self) -> Status:
        """How the index is doing. Never raises."""
        status = Status(
            name=self.name, state="missing", problem="", documents=0, deleted=0, segments=0, bytes=0,
            is_rebuilding=False,
        )  # fmt: skip
        try:
            status["is_rebuilding"] = self.folder.is_rebuilding()
            status["bytes"] = self.folder.size()
            generation = self.folder.current()
            if generation is None:
                status["problem"] = "Nothing has been indexed yet."
                return status
            status["documents"], status["deleted"], status["segments"] = self.read(
                lambda snapshot: (snapshot.live_count, snapshot.size - snapshot.live_count, len(snapshot.segments)),
                lambda: (0, 0, 0),
            )
            status["state"] = "ok"
            if self.folder.format_of(generation) != self.format:
                status["state"] = "outdated"
                status["problem"] = f"The search fields have changed since the index was built. {REBUILD}"
        except (IndexUnavailable, OSError) as error:
            status["state"], status["problem"] = "unavailable", str(error)
        return status

    # Writing

    @contextmanager
    def write(self, timeout: float | None = None) -> Iterator[Batch]:
        """A batch that is committed when the block ends, and dropped when it raises. Waits for the lock.

        Raises `IndexBusy` when another process keeps the lock longer than `timeout` (or LOCK_TIMEOUT).
        """
        with self.writers_kept_out(timeout) as lock, self._batch(lock) as batch:
            yield batch

    @contextmanager
    def try_write(self) -> Iterator[Batch | None]:
        """The same without waiting: nothing, when somebody else is writing."""
        lock = self._lock(0)
        if lock is None:
            yield None
            return
        with self._batch(lock) as batch:
            yield batch

    @contextmanager
    def writers_kept_out(self, timeout: float | None = None) -> Iterator[FileLock]:
        """Holds the write lock for the block, or raises `IndexBusy`."""
        lock = self._lock(self.backend.lock_timeout if timeout is None else timeout)
        if lock is None:
            raise IndexBusy(f"The index {self.name} is being written by another process. Try again in a moment.")
        try:
            yield lock
        finally:
            lock.release()

    def _lock(self, timeout: float) -> FileLock | None:
        self.folder.make()
        lock = FileLock(self.folder.write_lock)
        return lock if lock.acquire(timeout=timeout) else None

    @contextmanager
    def _batch(self, lock: FileLock) -> Iterator[Batch]:
        try:
            batch = Batch(self.backend.language)
            yield batch
            self._commit(batch.changes)
        finally:
            lock.release()

    def _commit(self, changes: dict[str, Document | None]) -> None:
        if not changes:
            return
        generation = self._writable_generation()
        if self.folder.is_rebuilding():
            # First the journal: were the live index written and the journal not, the rebuild would lose it.
            self.folder.record(changes)
        else:
            self.folder.tidy()
        self.folder.clear_temporary(generation)
        snapshot = snapshots.current(self.folder, self.format["format"])
        if snapshot is None:
            raise IndexUnavailable(f"The index {self.name} has vanished. {REBUILD}")
        writing.apply(self.folder.open(generation), snapshot, changes, self.backend.memory)

    def _writable_generation(self) -> str:
        generation = self.folder.current()
        if generation is not None:
            if self.folder.format_of(generation) == self.format:
                return generation
            if not self.folder.open(generation).is_empty():
                raise IndexOutdated(f"The search fields of {self.name} have changed. {REBUILD}")
        generation = self.folder.create(self.schema, self.format)
        self.folder.point_to(generation, durably=False)
        return generation

    def compact(self) -> None:
        """Makes one segment of all and drops what has been deleted. For a quiet hour: it rewrites everything."""
        with self.writers_kept_out():
            generation = self.folder.current()
            if generation is not None:
                writing.compact(self.folder.open(generation), self.backend.memory)

    # What modelsearch asks of an index

    def add_items(self, model: type[models.Model], items: Iterable[models.Model]) -> None:
        """Indexes objects of one model, in one commit."""
        if not class_is_indexed(model):
            return
        prepared = Batch(self.backend.language)
        prepared.add_all(items)  # before the lock is taken: this may query the database
        if prepared.changes:
            with self.write() as batch:
                batch.changes = prepared.changes

    def delete_item(self, item: models.Model) -> None:
        """Takes an object out of the index."""
        if class_is_indexed(type(item)):
            with self.write() as batch:
                batch.delete(item.pk)

    def reset(self) -> None:
        """Empties the index, whatever state it is in."""
        with self.writers_kept_out():
            generation = self.folder.create(self.schema, self.format)
            if self.folder.is_rebuilding():
                self.folder.journal.write_text("")
            self.folder.point_to(generation, durably=False)
            self.folder.tidy()
