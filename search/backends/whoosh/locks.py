"""Locks between processes that die with the process that holds them.

They are `flock` locks: the kernel lets go of them however the process ends, so that a killed writer
or rebuild leaves nothing behind to be cleaned up by hand.
"""

import fcntl
import os
import time
from pathlib import Path

#: How often a waiting process looks whether the lock has become free.
_GLANCE = 0.02


class FileLock:
    """One hold on a lock file; of one file there may be any number of holds in any number of threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def acquire(self, *, shared: bool = False, timeout: float = 0) -> bool:
        """Takes the lock, waiting at most so many seconds. Shared holds exclude only exclusive ones."""
        descriptor = os.open(self.path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        mode = (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB
        until = time.monotonic() + timeout
        while True:
            try:
                fcntl.flock(descriptor, mode)
            except BlockingIOError:
                if time.monotonic() >= until:
                    os.close(descriptor)
                    return False
                time.sleep(_GLANCE)
            except BaseException:
                os.close(descriptor)
                raise
            else:
                self._descriptor = descriptor
                return True

    def release(self) -> None:
        """Lets go, if held."""
        if self._descriptor is not None:
            # Closing is what releases; a child that was forked meanwhile keeps its copy until it ends.
            descriptor, self._descriptor = self._descriptor, None
            os.close(descriptor)


def is_free(path: Path) -> bool:
    """Whether nobody holds the lock at this moment."""
    lock = FileLock(path)
    if not lock.acquire():
        return False
    lock.release()
    return True
