"""Filters of a queryset, answered from the index: which documents of a segment may be found at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from . import values
from .segments import Segment

#: So many answers to filters are remembered for each segment.
REMEMBERED = 200


class Filter:
    """A condition that documents meet or do not."""

    def documents(self, segment: Segment) -> set[int]:
        """The documents of a segment that meet it. May include deleted documents."""
        raise NotImplementedError


@dataclass(frozen=True)
class OfType(Filter):
    """Documents of instances of one model."""

    label: str

    def documents(self, segment: Segment) -> set[int]:
        return _remembered(segment, self, lambda: set(segment.documents("type", self.label)))


@dataclass(frozen=True)
class NoDocument(Filter):
    """Meets no document."""

    def documents(self, segment: Segment) -> set[int]:
        return set()


@dataclass(frozen=True)
class HasTerm(Filter):
    """Documents with any of some terms in a field: equality, membership, being empty."""

    column: str
    terms: frozenset[str]

    def documents(self, segment: Segment) -> set[int]:
        if len(self.terms) == 1:
            return _remembered(segment, self, lambda: self._look_up(segment))
        return self._look_up(segment)

    def _look_up(self, segment: Segment) -> set[int]:
        found: set[int] = set()
        for term in self.terms:
            found.update(segment.documents(self.column, term))
        return found

    def accepts(self, terms: list[str]) -> bool:
        """Whether a row with these terms meets it."""
        return not self.terms.isdisjoint(terms)


@dataclass(frozen=True)
class HasValue(Filter):
    """Documents with a value for which a condition holds: ranges and parts of texts."""

    column: str
    #: What tells this condition from others on the same column.
    name: tuple[str, ...]
    condition: Callable[[str], bool] = field(compare=False)

    def documents(self, segment: Segment) -> set[int]:
        return _remembered(segment, self, lambda: self._scan(segment))

    def _scan(self, segment: Segment) -> set[int]:
        condition = self.condition
        accepted = {found for found in segment.different_values(self.column) if any(map(condition, found))}
        if not accepted:
            return set()
        return {document for document, found in enumerate(segment.values(self.column)) if found in accepted}

    def accepts(self, terms: list[str]) -> bool:
        """Whether a row with these terms meets it."""
        return any(self.condition(term[1:]) for term in terms if term.startswith(values.VALUE))


@dataclass(frozen=True)
class Both(Filter):
    """Documents that meet every one of some conditions."""

    filters: tuple[Filter, ...]

    def documents(self, segment: Segment) -> set[int]:
        found = [condition.documents(segment) for condition in self.filters]
        return set.intersection(*sorted(found, key=len)) if found else set(range(segment.size))


@dataclass(frozen=True)
class Either(Filter):
    """Documents that meet at least one of some conditions."""

    filters: tuple[Filter, ...]

    def documents(self, segment: Segment) -> set[int]:
        return set().union(*(condition.documents(segment) for condition in self.filters))


@dataclass(frozen=True)
class Neither(Filter):
    """Documents that do not meet a condition."""

    condition: Filter

    def documents(self, segment: Segment) -> set[int]:
        return set(range(segment.size)) - self.condition.documents(segment)


@dataclass(frozen=True)
class SameRow(Filter):
    """Documents with one related object that meets a condition by itself.

    An author of a book of 1954 and of a book with 300 pages is not the author of a book of 1954 with 300 pages.
    """

    relation: str
    #: The condition on documents that follows from it, looked up first.
    broad: Filter
    #: The same condition on a single row: column inside the relation → terms.
    matches: Callable[[dict[str, list[str]]], bool] = field(compare=False)

    def documents(self, segment: Segment) -> set[int]:
        candidates = self.broad.documents(segment)
        if not candidates:
            return candidates
        rows = segment.column(f"r.{self.relation}")
        return {doc for doc in candidates if rows[doc] and any(map(self.matches, _rows(rows[doc])))}


def _rows(packed: bytes) -> list[dict[str, list[str]]]:
    rows: list[dict[str, list[str]]] = json.loads(packed)
    return rows


def _remembered(segment: Segment, key: Any, work: Callable[[], set[int]]) -> set[int]:
    """The documents worked out once per segment; nobody may change the set."""
    known: dict[Any, set[int]] = segment.known.setdefault("filters", {})
    if key not in known:
        if len(known) >= REMEMBERED:
            known.clear()
        known[key] = work()
    return known[key]
