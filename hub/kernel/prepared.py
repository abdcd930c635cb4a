"""Queries that are built once in a process and then only run.

Django spends most of a query's time in building it. A query whose shape never changes, only the one
number it asks about, need not be built again for every request.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

_PLACE = -5_551_212_001  # stands for the number while the query is built; no key is negative
_built: dict[Hashable, tuple[str, tuple[Any, ...]]] = {}


def rows(name: Hashable, number: int, build: Callable[[int], Any]) -> list[tuple[Any, ...]]:
    """The rows of `build(number)`, a query of plain columns. `name` says which query it is, and never means another."""
    connection = connections[DEFAULT_DB_ALIAS]
    key = (connection.vendor, name)
    if key not in _built:
        _built[key] = build(_PLACE).query.sql_with_params()
    sql, parameters = _built[key]
    with connection.cursor() as cursor:
        cursor.execute(sql, [number if value == _PLACE else value for value in parameters])
        return list(cursor.fetchall())
