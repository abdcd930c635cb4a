"""One Django lookup on one filter field, as a condition on the index."""

import re
from collections.abc import Callable
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import QuerySet, Subquery, Value
from django.db.models.sql import Query
from django.db.models.sql.constants import MULTI

from . import values
from .filters import HasTerm, HasValue

Condition = HasTerm | HasValue

_COMPARISONS: dict[str, Callable[[str, str], bool]] = {
    "gt": lambda found, bound: found > bound,
    "gte": lambda found, bound: found >= bound,
    "lt": lambda found, bound: found < bound,
    "lte": lambda found, bound: found <= bound,
}

_TEXT_LOOKUPS: dict[str, Callable[[str], Callable[[str], bool]]] = {
    "startswith": lambda wanted: lambda found: found.startswith(wanted),
    "prefix": lambda wanted: lambda found: found.startswith(wanted),
    "istartswith": lambda wanted: lambda found: found.casefold().startswith(wanted.casefold()),
    "endswith": lambda wanted: lambda found: found.endswith(wanted),
    "iendswith": lambda wanted: lambda found: found.casefold().endswith(wanted.casefold()),
    "contains": lambda wanted: lambda found: wanted in found,
    "icontains": lambda wanted: lambda found: wanted.casefold() in found.casefold(),
    "iexact": lambda wanted: lambda found: found.casefold() == wanted.casefold(),
    "regex": lambda wanted: lambda found: re.search(wanted, found) is not None,
    "iregex": lambda wanted: lambda found: re.search(wanted, found, re.IGNORECASE) is not None,
}


def condition(column: str, kind: str, lookup: str, value: Any, using: str | None) -> Condition | None:
    """The condition, or nothing when the lookup (or what it compares with) cannot be answered from the index."""
    field = f"v.{column}"
    if lookup == "isnull":
        return HasTerm(field, frozenset({values.ABSENT if value else values.PRESENT}))
    wanted = _plain_values(value, using)
    if wanted is None:
        return None
    if lookup in ("exact", "in"):
        single = wanted if lookup == "in" else wanted[:1]
        terms = {values.VALUE + values.encode(kind, item) for item in single if item is not None}
        return HasTerm(field, frozenset(terms))
    if lookup == "range":
        if len(wanted) != 2:
            return None
        lowest, highest = (values.encode(kind, item) for item in wanted)
        return HasValue(field, ("range", lowest, highest), lambda found: lowest <= found <= highest)
    if not wanted or wanted[0] is None:
        return HasTerm(field, frozenset())  # a comparison with nothing is never true
    if lookup in _COMPARISONS:
        compare, bound = _COMPARISONS[lookup], values.encode(kind, wanted[0])
        return HasValue(field, (lookup, bound), lambda found: compare(found, bound))
    if lookup in _TEXT_LOOKUPS:
        test = _TEXT_LOOKUPS[lookup](str(wanted[0]))
        return HasValue(field, (lookup, str(wanted[0])), lambda found: test(str(values.decode(kind, found))))
    return None


def _plain_values(value: Any, using: str | None) -> list[Any] | None:
    """The right-hand side of a lookup as a list of values; subqueries are asked. Nothing for other expressions."""
    if isinstance(value, QuerySet | Subquery):
        value = value.query
    if isinstance(value, Query):
        rows = value.get_compiler(using or DEFAULT_DB_ALIAS).execute_sql(result_type=MULTI) or ()
        return [row[0] for chunk in rows for row in chunk]
    if isinstance(value, Value):
        return [value.value]
    if hasattr(value, "resolve_expression"):
        return None
    if isinstance(value, str | bytes) or not hasattr(value, "__iter__"):
        return [value]
    found = []
    for item in value:
        plain = _plain_values(item, using)
        if plain is None:
            return None
        found.extend(plain)
    return found
