"""One open snapshot per thread and index, replaced as soon as something has been committed.

Whoosh's readers seek in files they share, so two threads with one reader read each other's bytes;
and a reader inherited through `fork` shares its place in the file with the parent. `refresh()` is
never used either: after updates and deletions it can serve what is gone.
"""

import os
import pickle
import struct
import threading
import zlib
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from whoosh.index import FileIndex

from .errors import IndexUnavailable
from .locks import FileLock
from .segments import Snapshot
from .storage import REBUILD, IndexFolder

T = TypeVar("T")

#: What reading damaged or vanished files ends in.
_DAMAGE = (OSError, EOFError, struct.error, zlib.error, pickle.UnpicklingError, UnicodeDecodeError)
#: How often opening is tried while generations come and go.
_ATTEMPTS = 5


class _Open:
    """An open snapshot with the hold that keeps its generation on disk."""

    def __init__(self, generation: str, index: FileIndex, snapshot: Snapshot, lock: FileLock) -> None:
        self.index = index
        self.generation = generation
        self.snapshot = snapshot
        self.lock = lock

    def close(self) -> None:
        try:
            self.snapshot.close()
        finally:
            self.lock.release()


class _OfThread(threading.local):
    """What this thread has open, by the folder of the index."""

    def __init__(self) -> None:
        self.process = os.getpid()
        self.open: dict[str, _Open] = {}

    def mine(self) -> dict[str, _Open]:
        """The open snapshots; after a fork there are none, and the parent's are not touched."""
        if self.process != os.getpid():
            self.process = os.getpid()
            self.open = {}
        return self.open


_of_thread = _OfThread()


def close_all() -> None:
    """Closes what this thread has open."""
    opened = _of_thread.mine()
    while opened:
        opened.popitem()[1].close()


def current(folder: IndexFolder, format_: str) -> Snapshot | None:
    """The newest snapshot of the index, or none where nothing was ever indexed."""
    opened = _of_thread.mine()
    key = str(folder.path)
    for attempt in range(_ATTEMPTS):
        generation = folder.current()
        held = opened.get(key)
        if generation is None:
            if held:
                opened.pop(key).close()
            return None
        if held and held.generation == generation:
            return _renewed(folder, held)
        if held:
            opened.pop(key).close()
        try:
            found = _open(folder, generation, format_)
        except IndexUnavailable:
            # Between reading the pointer and opening, a rebuild may have moved it and removed the old one.
            if attempt + 1 == _ATTEMPTS or folder.current() == generation:
                raise
            continue
        if found is not None:
            opened[key] = found
            return found.snapshot
    raise IndexUnavailable(f"The index in {folder.path} is being replaced over and over. {REBUILD}")


def _renewed(folder: IndexFolder, held: _Open) -> Snapshot:
    """The snapshot, or the one after it when something has been committed: only what is new is opened."""
    try:
        if not held.snapshot.is_current():
            held.snapshot = Snapshot(held.index, held.snapshot)
    except Exception as error:
        _forget(folder)
        raise IndexUnavailable(f"The index in {folder.path} cannot be read: {error!r}. {REBUILD}") from error
    return held.snapshot


def _open(folder: IndexFolder, generation: str, format_: str) -> _Open | None:
    lock = folder.readers_lock(generation)
    try:
        held = lock.acquire(shared=True)
    except FileNotFoundError as error:
        raise IndexUnavailable(f"The live generation of {folder.path} is gone. {REBUILD}") from error
    if not held:
        return None  # somebody is removing it: the pointer has moved on
    try:
        if folder.format_of(generation)["format"] != format_:
            raise IndexUnavailable(f"The index in {folder.path} was built by another version. {REBUILD}")
        index = folder.open(generation)
        try:
            return _Open(generation, index, Snapshot(index), lock)
        except Exception as error:
            raise IndexUnavailable(f"The index in {folder.path} cannot be read: {error!r}. {REBUILD}") from error
    except BaseException:
        lock.release()
        raise


def _forget(folder: IndexFolder) -> None:
    opened = _of_thread.mine().pop(str(folder.path), None)
    if opened:
        with suppress(Exception):
            opened.close()


def read(folder: IndexFolder, format_: str, work: Callable[[Snapshot], T], nothing: Callable[[], T]) -> T:
    """Does some reading on the newest snapshot; once more if its files went away, and then says what is wrong."""
    for attempt in (1, 2):
        snapshot = current(folder, format_)
        if snapshot is None:
            return nothing()
        try:
            return work(snapshot)
        except Exception as error:
            # Whoosh reports a damaged block as a bare Exception; anything else is not about the files.
            if not isinstance(error, _DAMAGE) and type(error) is not Exception:
                raise
            _forget(folder)
            if attempt == 2:
                raise IndexUnavailable(f"The index in {folder.path} is damaged: {error!r}. {REBUILD}") from error
    raise AssertionError("unreachable")
