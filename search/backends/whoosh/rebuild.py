"""Building an index anew beside the live one, which goes on being searched and written meanwhile.

Whatever is written to the live generation after `start` is also written to a journal; `finish` does
it again in the new generation, while it keeps writers out, and moves the pointer. A rebuild that is
killed leaves the live generation as it was; the next writer or rebuild clears its remains away.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

from django.db import models
from modelsearch.backends.base import BaseIndex
from modelsearch.index import class_is_indexed

from . import writing
from .errors import IndexBusy, WhooshBackendError
from .index import WhooshIndex
from .locks import FileLock
from .mapping import DocumentBuilder
from .segments import Snapshot

#: Whoever asks whether a rebuild is running holds its lock for a moment.
GLANCE = 0.2


class GenerationInProgress(BaseIndex):
    """The generation a rebuild fills. Nobody reads it yet, so everything goes into one commit at the end."""

    def __init__(self, index: WhooshIndex, generation: str) -> None:
        super().__init__(index.backend)
        self.index = index
        self.generation = generation
        self._writer = writing.open_writer(index.folder.open(generation), index.backend.memory)
        self._added: set[str] = set()
        self._repeated: set[str] = set()

    def __str__(self) -> str:
        return str(self.index)

    def get_key(self) -> str:
        """The name of the index it will become."""
        return self.index.get_key()

    def add_items(self, model: type[models.Model], items: Iterable[models.Model]) -> None:
        """Adds objects. Of one that comes twice, as parent and as child, the later one counts."""
        if not class_is_indexed(model):
            return
        builder = DocumentBuilder(model, self.index.backend.language)
        for item in items:
            document = builder.build(item)
            pk = document["pk"][0]
            if pk in self._added:
                self._repeated.add(pk)
            self._added.add(pk)
            writing.add(self._writer, document)

    def commit(self) -> None:
        """Writes what was added."""
        writing.finish(self._writer)
        if self._repeated:
            writing.drop_duplicates(self.index.folder.open(self.generation), self._repeated, self.index.backend.memory)

    def abandon(self) -> None:
        """Drops what was added."""
        writing.give_up(self._writer)


class Rebuilder:
    """modelsearch's rebuilder: `start`, add everything to what it returns, `finish`; or `abort`."""

    def __init__(self, index: WhooshIndex) -> None:
        self.index = index
        self._lock = FileLock(index.folder.rebuild_lock)
        self._target: GenerationInProgress | None = None
        self._process = os.getpid()

    def start(self) -> GenerationInProgress:
        """Begins a new generation. Raises `IndexBusy` when this index is being rebuilt already."""
        folder = self.index.folder
        folder.make()
        if not self._lock.acquire(timeout=GLANCE):
            raise IndexBusy(f"The index {self.index} is being rebuilt by another process. Wait until it is done.")
        try:
            with self.index.writers_kept_out():
                generation = folder.create(self.index.schema, self.index.format)
                folder.tidy(keep=generation)
                folder.journal.write_text("")
            self._target = GenerationInProgress(self.index, generation)
        except BaseException:
            self.abort()
            raise
        return self._target

    def finish(self) -> None:
        """Writes the generation, does again what was written meanwhile, and makes it the live one."""
        if self._target is None:
            raise WhooshBackendError("This rebuild was not started. Call start() first.")
        folder, generation = self.index.folder, self._target.generation
        try:
            self._target.commit()
            with self.index.writers_kept_out():
                self._catch_up(generation)
                folder.point_to(generation)
                folder.journal.unlink(missing_ok=True)
                self._lock.release()
                folder.tidy()
        except BaseException:
            self.abort()
            raise
        self._target = None

    def _catch_up(self, generation: str) -> None:
        index = self.index.folder.open(generation)
        snapshot = Snapshot(index)
        try:
            writing.apply(index, snapshot, self.index.folder.recorded(), self.index.backend.memory)
        finally:
            snapshot.close()

    def abort(self) -> None:
        """Gives up: the live generation stays. The remains go with the next write."""
        if self._target is not None:
            self._target.abandon()
            self._target = None
        self._lock.release()

    def __del__(self) -> None:
        # A process that was forked in the middle has a copy, and must not take the parent's work back.
        if self._process == os.getpid():
            self.abort()
