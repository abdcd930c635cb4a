"""The one lock of everything that changes pages: the editor, the importer, the votes of a review."""

from __future__ import annotations

from django.db import connection

TREE_LOCK = 72_001  # any number that nothing else in the database uses


def lock_tree() -> None:
    """Take the right to change pages until the running transaction ends.

    On PostgreSQL it is an advisory lock. On SQLite a transaction that writes is the only one, from its beginning.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TREE_LOCK])
