"""Queries that are built once in a process and then only run.

Django spends most of a query's time in building its SQL: a page's own row costs 0.2 ms to fetch and
0.8 ms to ask for. A query whose shape never changes need not be built again for every request; only
the values in it change.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet
from django.db.models.query import ValuesListIterable
from django.db.models.sql.compiler import SQLCompiler

_PLACE = -2_147_000_000  # stands for a number while the query is built: no key is negative, and 32 bits hold it
_built: dict[Hashable, _Prepared] = {}


def rows(name: Hashable, build: Callable[..., QuerySet[Any, Any]], *values: int | str) -> list[Any]:
    """What `build(*values)` gives, with its SQL built on the first call only.

    `name` says which query it is and never means another; whatever changes the shape of the SQL (how
    many values there are, an audience, a model) belongs into it, or the wrong query is run. `values`
    are keys and texts that the SQL compares with, each used by the query as it is.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    key = (connection.vendor, name, len(values))
    if key not in _built:
        places = [f"\0{place}" if isinstance(value, str) else _PLACE - place for place, value in enumerate(values)]
        _built[key] = _Prepared(build(*places), places)
    return _built[key].run(values, connection)


def padded(keys: Iterable[int]) -> list[int]:
    """The keys with the last one repeated until there are 1, 2, 4, 8, …: so few queries serve lists of any length."""
    keys = list(keys)
    return keys + keys[-1:] * ((1 << (len(keys) - 1).bit_length()) - len(keys)) if keys else keys


class _Prepared:
    """One query with places for its values."""

    def __init__(self, queryset: QuerySet[Any, Any], places: Sequence[int | str]) -> None:
        self.queryset = queryset
        self.compiler: SQLCompiler = queryset.query.get_compiler(using=DEFAULT_DB_ALIAS)
        self.sql, parameters = self.compiler.as_sql()
        at = {place: number for number, place in enumerate(places)}
        if set(at) - set(parameters):
            raise ValueError("A value of a prepared query has to be in its SQL as it is.")
        self.parameters = [(at.get(value), value) for value in parameters]
        self.converters = self.compiler.get_converters([column[0] for column in self.compiler.select])

    def run(self, values: Sequence[int | str], connection: Any) -> list[Any]:
        """The rows for these values."""
        compiler = copy.copy(self.compiler)  # it remembers its connection, and a connection belongs to one thread
        compiler.connection = connection
        parameters = tuple(fixed if place is None else values[place] for place, fixed in self.parameters)
        compiler.as_sql = lambda *args, **kwargs: (self.sql, parameters)  # type: ignore[method-assign]
        compiler.get_converters = lambda expressions: self.converters  # type: ignore[method-assign]
        if self.queryset._iterable_class is ValuesListIterable:  # type: ignore[attr-defined]
            return list(compiler.results_iter(tuple_expected=True))  # what the queryset would do, without making one
        queryset = self.queryset.all()
        queryset._query = _Compiled(queryset._query, compiler)  # type: ignore[attr-defined]
        return list(queryset)


class _Compiled:
    """A query whose compiler has done its work."""

    def __init__(self, query: Any, compiler: SQLCompiler) -> None:
        self._query, self._compiler = query, compiler

    def get_compiler(self, *args: Any, **kwargs: Any) -> SQLCompiler:
        return self._compiler

    def __getattr__(self, name: str) -> Any:
        return getattr(self._query, name)
