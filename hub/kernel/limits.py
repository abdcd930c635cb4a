"""How often somebody may do something."""

from __future__ import annotations

import time
from hashlib import sha256

from django.core.cache import cache


def within(action: str, who: str, *, most: int, seconds: int) -> bool:
    """Count one more `action` by `who`; whether it is among the first `most` in its stretch of `seconds`.

    Kept in the cache, under a fingerprint of `who`: a limit is no place to collect addresses. A cache that
    forgets is generous, never strict.
    """
    stretch = int(time.time()) // seconds
    key = f"limit:{action}:{stretch}:{sha256(who.encode()).hexdigest()[:32]}"
    if cache.add(key, 1, timeout=seconds):
        return most >= 1
    try:
        return cache.incr(key) <= most
    except ValueError:  # it ended between the two calls
        return True
