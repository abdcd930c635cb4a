"""One writer at a time, over every thread, process and host that shares the database."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

ADVISORY_LOCK = 72_002  # any number that nothing else in the database uses (72_001 is the page tree's)


@contextmanager
def try_lock() -> Iterator[bool]:
    """Take the right to write the index, without waiting; gives whether it was taken.

    On PostgreSQL, where there can be several hosts, the lock is the database's; beside SQLite there is
    one host, and the lock is a file that the operating system lets go of when its holder dies.
    """
    if connection.vendor == "postgresql":
        yield from _advisory()
    else:
        yield from _file()


def _advisory() -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [ADVISORY_LOCK])
        held = bool(cursor.fetchone()[0])
    try:
        yield held
    finally:
        if held:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY_LOCK])


def _file() -> Iterator[bool]:
    folder = Path(settings.DATA_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / "search.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(handle)  # closing lets go of the lock
