"""The test database in one second instead of ten.

Running some two hundred migrations, most of them Wagtail's, takes longer than most test files. So the
migrated database is kept in pytest's cache, under a name made of everything that went into it; the
next run loads it and lets `migrate` find that nothing is left to do. Nothing is kept of what tests
write, and a change to any migration, or to a pinned package, makes another name.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from pathlib import Path

import django
import pytest
from django.db import connection
from django.db.backends.signals import connection_created
from django.db.migrations.loader import MigrationLoader

REPO = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def migrated_database(pytestconfig) -> Path | None:
    """Where the migrated database is kept; None where it is not: PostgreSQL, a suite without cache."""
    cache = getattr(pytestconfig, "cache", None)
    if connection.vendor != "sqlite" or cache is None:
        return None
    return cache.mkdir("migrated-database") / f"{_fingerprint()}.sqlite3"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, migrated_database):
    """Fill the empty database of this run from the kept one, the moment it is opened."""

    def fill(connection, **kwargs):
        raw = connection.connection
        if connection.is_in_memory_db() and not raw.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            kept = sqlite3.connect(f"file:{migrated_database}?mode=ro", uri=True)
            kept.backup(raw)
            kept.close()

    if migrated_database is not None and migrated_database.exists():
        connection_created.connect(fill, weak=False, dispatch_uid="migrated_database")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker, migrated_database):
    """Keep the migrated database for the next run."""
    connection_created.disconnect(dispatch_uid="migrated_database")
    if migrated_database is None or migrated_database.exists():
        return
    for outdated in set(migrated_database.parent.glob("*.sqlite3")) - {migrated_database}:
        outdated.unlink(missing_ok=True)
    part = migrated_database.with_suffix(f".{os.getpid()}")
    with django_db_blocker.unblock():
        connection.ensure_connection()
        copy = sqlite3.connect(part)
        connection.connection.backup(copy)
        copy.close()
    part.replace(migrated_database)


def _fingerprint() -> str:
    """Everything that decides what a freshly migrated database looks like."""
    parts = [django.__version__, os.environ.get("HUB_NAME", "")]
    loader = MigrationLoader(None, ignore_no_migrations=True)
    parts += sorted(f"{label}.{name}" for label, name in loader.disk_migrations)
    digest = hashlib.sha256("\n".join(parts).encode())
    for path in sorted(
        [*REPO.glob("*/migrations/*.py"), *REPO.glob("hub/*/migrations/*.py"), *REPO.glob("requirements/*.txt")]
    ):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
