"""The SQLite settings that were measured are in force on a real connection to a real file."""

from __future__ import annotations

import pytest
from django.db import OperationalError
from django.db.utils import ConnectionHandler

from hub.settings import databases


@pytest.fixture
def connection(tmp_path, django_db_blocker):
    """A connection as production makes it, to a file of its own."""
    handler = ConnectionHandler({"default": databases.from_url("", tmp_path)})
    with django_db_blocker.unblock():
        yield handler["default"]
        handler["default"].close()


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 1),  # NORMAL: safe with WAL, and without a sync for each commit
        ("temp_store", 2),  # memory
        ("mmap_size", 134_217_728),
        ("cache_size", -20_000),  # kibibytes
        ("foreign_keys", 1),
        ("busy_timeout", 20_000),  # milliseconds
    ],
)
def test_pragma(connection, pragma, value):
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {pragma}")
        assert cursor.fetchone()[0] == value


def test_writers_queue_from_the_first_statement_on(connection, tmp_path):
    """IMMEDIATE: who begins a transaction has the right to write, so that nobody fails half way through."""
    impatient = databases.from_url("", tmp_path)
    impatient["OPTIONS"]["timeout"] = 0
    other = ConnectionHandler({"default": impatient})["default"]
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE seat (person text)")
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    with pytest.raises(OperationalError, match="locked"):
        other.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    with other.cursor() as cursor:  # readers do not wait
        cursor.execute("SELECT count(*) FROM seat")
    connection.rollback()
    other.close()


def test_requests_are_not_transactions(settings):
    """With IMMEDIATE every visitor would queue behind every writer."""
    assert not settings.DATABASES["default"].get("ATOMIC_REQUESTS")
