"""How the index is, for people and for machines."""

from __future__ import annotations

from typing import Any

from django.db.models import F

from search.domain import engine, queue
from search.models import Entry, IndexStatus


def search_status() -> dict[str, Any]:
    """Entries, how many of them are indexed as they are now, what is owed, the engine, and the last error.

    `state` is that of the catalogue's index as far as the engine can tell; `lag` counts what the
    editor's own search is owed as well. Never raises for what is wrong with an index.
    """
    status = IndexStatus.objects.filter(pk=1).first() or IndexStatus()
    entries = Entry.objects.findable()
    try:
        state, name = engine.state(engine.backend(), Entry), engine.friendly_name()
        if status.engine and status.engine != engine.identity():
            state = "outdated"  # filled for another engine; whoever settles next begins it afresh
    except Exception as error:  # a server that is not there, an engine that is not installed
        state, name = "unavailable", engine.friendly_name()
        status.last_error = status.last_error or f"{type(error).__name__}: {error}"
    return {
        "entries": entries.count(),
        "indexed": entries.filter(indexed_version__gte=F("version")).count() if state == "ok" else 0,
        "lag": queue.lag(),
        "engine": name,
        "state": state,
        "last_error": status.last_error or None,
        "last_error_at": status.last_error_at.isoformat() if status.last_error_at else None,
        "last_drained_at": status.last_drained_at.isoformat() if status.last_drained_at else None,
    }
