"""The index as if it held some of its documents and no others.

Frequencies and lengths of a snapshot count every document. Where it matters that documents which somebody may not
see change nothing of the answer, not even an order, they have to be counted afresh: a plan scores on this instead.
"""

from __future__ import annotations

from functools import cached_property

from whoosh.util.numeric import byte_to_length

from .filters import Filter
from .segments import Snapshot


class Seen(Snapshot):
    """A snapshot with nothing but the documents that meet a condition."""

    def __init__(self, snapshot: Snapshot, condition: Filter | None) -> None:
        self.all = snapshot
        self.segments = snapshot.segments
        self.documents = [
            segment.live if condition is None else condition.documents(segment) - segment.deleted
            for segment in snapshot.segments
        ]
        self._frequencies: dict[tuple[str, str], int] = {}
        self._averages: dict[str, float] = {}

    @property
    def size(self) -> int:
        """How many documents there are."""
        return sum(map(len, self.documents))

    @property
    def live_count(self) -> int:
        """The same: none of them is deleted."""
        return self.size

    def document_frequency(self, field: str, term: str) -> int:
        """How many of the documents hold the term."""
        key = (field, term)
        if key not in self._frequencies:
            self._frequencies[key] = sum(
                len(documents.intersection(segment.documents(field, term)))
                for segment, documents in zip(self.segments, self.documents, strict=True)
            )
        return self._frequencies[key]

    def average_length(self, field: str) -> float:
        """The average length of a field, over the documents."""
        if field not in self._averages:
            total = 0
            for segment, documents in zip(self.segments, self.documents, strict=True):
                lengths = segment.lengths(field)
                total += sum(byte_to_length(lengths[document]) for document in documents)
            self._averages[field] = total / (self.size or 1)
        return self._averages[field]

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages that the documents say they are in, the most frequent first."""
        counts = {code: self.document_frequency("language", code) for code in self.all.languages}
        return tuple(sorted((code for code, count in counts.items() if count), key=lambda code: (-counts[code], code)))

    def terms_within(self, field: str, word: str, distance: int, prefix: int) -> set[str]:
        """The terms of a field at most so many letters away from a word."""
        near = self.all.terms_within(field, word, distance, prefix)
        return {term for term in near if self.document_frequency(field, term)}
