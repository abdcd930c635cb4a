"""The folder of one index: which generation is live, who may write, what a rebuild owes, what can go.

    <PATH>/<index>/current                  the name of the live generation
    <PATH>/<index>/write.lock               held while something is written or the pointer moves
    <PATH>/<index>/rebuild.lock             held as long as a rebuild runs
    <PATH>/<index>/journal                  what was written to the live generation since the rebuild began
    <PATH>/<index>/<generation>/            a Whoosh index, with
    <PATH>/<index>/<generation>/format.json what it was built with
    <PATH>/<index>/<generation>/readers.lock held, shared, by every reader

A generation is never changed into another: a rebuild fills a new one and moves the pointer.
"""

import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import Any

from whoosh.fields import Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex

from .errors import IndexUnavailable
from .locks import FileLock, is_free

#: How often opening is tried while commits replace the files that are about to be opened.
OPENING_ATTEMPTS = 10

REBUILD = "Rebuild it: manage.py rebuild_modelsearch_index."


class IndexFolder:
    """What lies on disk for one index."""

    def __init__(self, folder: Path) -> None:
        self.path = folder
        self.write_lock = folder / "write.lock"
        self.rebuild_lock = folder / "rebuild.lock"
        self.journal = folder / "journal"
        self._pointer = folder / "current"

    def make(self) -> None:
        """Makes the folder, readable by its owner only: it holds the text of every page, whoever may see it."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.path.mkdir(exist_ok=True, mode=0o700)

    # Generations

    def current(self) -> str | None:
        """The live generation, if there is an index at all."""
        try:
            name = self._pointer.read_text().strip()
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise IndexUnavailable(f"The pointer of the index in {self.path} cannot be read. {REBUILD}") from error
        if not name or "/" in name or name.startswith("."):
            raise IndexUnavailable(f"The pointer of the index in {self.path} names no generation. {REBUILD}")
        return name

    def generations(self) -> list[str]:
        """Every generation on disk, live or not."""
        with suppress(FileNotFoundError):
            return sorted(entry.name for entry in os.scandir(self.path) if entry.is_dir())
        return []

    def create(self, schema: Schema, format_: dict[str, str]) -> str:
        """A new, empty generation that nobody reads yet."""
        self.make()
        name = f"{time.time_ns():020d}-{token_hex(3)}"
        folder = self.path / name
        folder.mkdir(mode=0o700)
        (folder / "format.json").write_text(json.dumps(format_))
        FileIndex.create(FileStorage(str(folder)), schema)
        return name

    def format_of(self, generation: str) -> dict[str, str]:
        """What a generation was built with."""
        try:
            return dict(json.loads((self.path / generation / "format.json").read_text()))
        except (OSError, ValueError, TypeError) as error:
            raise IndexUnavailable(f"The index in {self.path} is damaged: {error}. {REBUILD}") from error

    def open(self, generation: str, schema: Schema | None = None) -> FileIndex:
        """A generation as a Whoosh index."""
        for attempt in range(OPENING_ATTEMPTS):
            try:
                return FileIndex(FileStorage(str(self.path / generation)), schema)
            except Exception as error:
                if isinstance(error, FileNotFoundError) and attempt + 1 < OPENING_ATTEMPTS:
                    continue  # a commit replaced the list of segments between finding and opening it
                # Damage shows as whatever the damaged bytes make Whoosh trip over: there is no list of it.
                raise IndexUnavailable(f"The index in {self.path} cannot be opened: {error!r}. {REBUILD}") from error
        raise AssertionError("unreachable")

    def readers_lock(self, generation: str) -> FileLock:
        """The lock that keeps a generation on disk while somebody reads it."""
        return FileLock(self.path / generation / "readers.lock")

    def point_to(self, generation: str, *, durably: bool = True) -> None:
        """Makes a generation the live one, all at once. The write lock must be held.

        Durably means that a power cut afterwards does not undo it, which an empty generation is not worth.
        """
        folder = self.path / generation
        fresh = self.path / f"current.{token_hex(4)}"
        fresh.write_text(generation + "\n")
        if durably:
            for entry in (*(entry for entry in folder.iterdir() if entry.is_file()), folder, fresh):
                _sync(entry)
        fresh.replace(self._pointer)
        if durably:
            _sync(self.path)

    # A rebuild in progress

    def is_rebuilding(self) -> bool:
        """Whether a rebuild is running now; the journal of one that was killed says nothing."""
        return self.journal.exists() and not is_free(self.rebuild_lock)

    def record(self, changes: dict[str, Any]) -> None:
        """Notes changes for the rebuild that is running, to be done again in the generation it builds."""
        with self.journal.open("a", encoding="utf-8") as file:
            for pk, document in changes.items():
                # The break comes first: a line that a killed writer left unfinished must not spoil the next.
                file.write("\n" + json.dumps([pk, document], ensure_ascii=False))

    def recorded(self) -> dict[str, Any]:
        """The last change of each object since the rebuild began."""
        changes: dict[str, Any] = {}
        with self.journal.open(encoding="utf-8") as file:
            for line in file:
                # An unfinished line is one whose writer was killed before it changed the live index.
                with suppress(ValueError):
                    pk, document = json.loads(line)
                    changes.pop(pk, None)
                    changes[pk] = document
        return changes

    # Cleaning

    def tidy(self, *, keep: str | None = None) -> None:
        """Removes generations that are neither live nor read, and what killed processes left. Needs the write lock.

        `keep` is the generation a rebuild of our own is filling.
        """
        try:
            live = self.current()
        except IndexUnavailable:
            return  # which generation matters is not known until a rebuild has moved the pointer
        rebuilding = keep is None and not is_free(self.rebuild_lock)
        if rebuilding:
            return
        if keep is None:
            self.journal.unlink(missing_ok=True)
        for leftover in self._leftovers(live, keep):
            if leftover.is_dir():
                shutil.rmtree(leftover, ignore_errors=True)
            else:
                leftover.unlink(missing_ok=True)

    def _leftovers(self, live: str | None, keep: str | None) -> Iterator[Path]:
        for name in self.generations():
            if name in (live, keep):
                continue
            lock = self.readers_lock(name)
            try:
                unread = lock.acquire()
            except FileNotFoundError:
                continue
            if unread:
                yield self.path / name
                lock.release()
        yield from self.path.glob("current.*")

    def clear_temporary(self, generation: str) -> None:
        """Removes what a writer killed in the middle of a commit left in a generation. Needs the write lock."""
        for entry in (self.path / generation).glob("*.tmp"):
            if entry.is_dir():
                shutil.rmtree(entry, ignore_errors=True)

    def size(self) -> int:
        """Bytes on disk, everything included."""
        total = 0
        for entry in self.path.rglob("*"):
            with suppress(FileNotFoundError):
                total += entry.stat().st_size
        return total


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
