"""Reading an index: the only module that knows how Whoosh 2.7.4 lays its files out.

Whoosh evaluates a query document by document, through a tree of Python objects, which costs
microseconds for every posting. Here postings, lengths and columns are read in whole blocks, and what
is known about a segment, which never changes once written, is kept until the segment goes away.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain, pairwise
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA
from whoosh.codec.whoosh3 import _lenfield
from whoosh.index import FileIndex
from whoosh.reading import SegmentReader, TermNotFound

from . import values
from .codec import Postings, postings_of
from .storage import OPENING_ATTEMPTS


class Segment:
    """One immutable part of an index, read in bulk. Only which of its documents are deleted changes."""

    def __init__(self, reader: SegmentReader, deleted: Iterable[int], known: dict[Any, Any] | None = None) -> None:
        self.reader = reader
        self.name: str = reader.segment().segment_id()
        self._schema = reader.schema
        self._terms = reader._terms
        self._perdoc = reader._perdoc
        #: What has been worked out about this segment; it stays true as long as the segment exists.
        self.known: dict[Any, Any] = {} if known is None else known
        self.size: int = reader.doc_count_all()
        self.deleted = frozenset(deleted)

    @property
    def live(self) -> set[int]:
        """The documents that have not been deleted."""
        return set(range(self.size)) - self.deleted

    def _term_info(self, field: str, term: str) -> Any:
        if field not in self._schema:
            return None
        try:
            return self._terms.term_info(field, term.encode())
        except TermNotFound:
            return None

    def document_frequency(self, field: str, term: str) -> int:
        """How many documents hold the term, deleted ones included."""
        info = self._term_info(field, term)
        return 0 if info is None else int(info.doc_frequency())

    def _postings(self, field: str, term: str) -> Postings | None:
        return postings_of(self._terms, field, term.encode())

    def postings(self, field: str, term: str) -> tuple[Sequence[int], Sequence[int]]:
        """The documents that hold a term, in order, and how often each does. Deleted documents are included."""
        found = self._postings(field, term)
        return ((), ()) if found is None else (found.documents, found.counts)

    def documents(self, field: str, term: str) -> Sequence[int]:
        """The documents that hold a term, deleted ones included."""
        found = self._postings(field, term)
        return () if found is None else found.documents

    def positions(self, field: str, term: str, wanted: set[int]) -> dict[int, Sequence[int]]:
        """Where a term stands in each of the wanted documents."""
        found = self._postings(field, term)
        if found is None:
            return {}
        ends = pairwise(found.starts())
        return {
            document: found.places[start:end]
            for document, (start, end) in zip(found.documents, ends, strict=True)
            if document in wanted
        }

    def lengths(self, field: str) -> bytes:
        """The length of the field in every document, each as one of Whoosh's 256 length classes."""
        key = ("lengths", field)
        if key not in self.known:
            name = _lenfield(field)
            found = b""
            if self._perdoc.has_column(name):
                file, start, size = self._perdoc._get_column_file(name)
                found = bytes(file.get(start, size))
            self.known[key] = found.ljust(self.size, b"\0")
        return self.known[key]  # type: ignore[no-any-return]

    def total_length(self, field: str) -> int:
        """The number of terms in this field of all documents together."""
        return int(self._perdoc.field_length(field))

    def column(self, field: str) -> list[bytes]:
        """The column of a field: one byte string per document, empty where there is no value."""
        if field not in self._schema or not self._perdoc.has_column(field):
            return [b""] * self.size
        reader = self._perdoc.column_reader(field, self._schema[field].column_type)
        found = [bytes(value) for value in reader]
        return found + [b""] * (self.size - len(found))

    def values(self, field: str) -> list[tuple[str, ...]]:
        """The encoded filter values of every document."""
        key = ("values", field)
        if key not in self.known:
            unpacked: dict[bytes, tuple[str, ...]] = {b"": ()}
            rows = []
            for packed in self.column(field):
                if packed not in unpacked:
                    unpacked[packed] = tuple(packed.decode().split(values.SEPARATOR))
                rows.append(unpacked[packed])
            # The different values stand apart: a range is decided once for each, not for each document.
            self.known[key] = (rows, list(unpacked.values()))
        return self.known[key][0]  # type: ignore[no-any-return]

    def different_values(self, field: str) -> list[tuple[str, ...]]:
        """Every combination of values that occurs in a filter field."""
        self.values(field)
        return self.known["values", field][1]  # type: ignore[no-any-return]

    def vocabulary(self, field: str, prefix: str = "") -> Iterator[tuple[str, int]]:
        """The terms of a field that begin so, each with its document frequency."""
        if field not in self._schema:
            return
        for (name, term), info in self._terms.items_from(field, prefix.encode()):
            text = term.decode()
            if name != field or not text.startswith(prefix):
                return
            yield text, info.doc_frequency()

    def terms_within(self, field: str, word: str, distance: int, prefix: int) -> Iterator[str]:
        """The terms of a field at most so many slips away, the first `prefix` letters being the same.

        Whoosh walks an automaton through its terms, in 100 ms; comparing with each of them takes one.
        """
        key = ("terms", field, word[:prefix])
        if key not in self.known:
            self.known[key] = [term for term, _ in self.vocabulary(field, word[:prefix])]
        yield from within(self.known[key], word, distance)


def within(terms: Iterable[str], word: str, distance: int, prefix: int = 0) -> set[str]:
    """Those of `terms` that are at most so many slips away, the first `prefix` letters being the same."""
    known: Any = [term for term in terms if term.startswith(word[:prefix])] if prefix else terms
    near = process.extract(word, known, scorer=OSA.distance, score_cutoff=distance, limit=None)
    return {term for term, _, _ in near}


class Snapshot:
    """The index as it was at one commit. One thread's own; closed when that thread next sees a newer one."""

    def __init__(self, index: FileIndex, earlier: Snapshot | None = None) -> None:
        """Opens the newest commit, taking over from an earlier snapshot what has not changed."""
        self._index = index
        kept = {segment.name: segment for segment in earlier.segments} if earlier else {}
        for attempt in range(OPENING_ATTEMPTS):
            try:
                self._open(kept)
                break
            except FileNotFoundError:
                # A commit has just replaced the files that were about to be opened.
                if attempt + 1 == OPENING_ATTEMPTS:
                    raise
        names = {segment.name for segment in self.segments}
        for name, segment in kept.items():
            if name not in names:
                segment.reader.close()
        self._frequencies: dict[tuple[str, str], int] = {}
        self._averages: dict[str, float] = {}
        self._neighbours: dict[tuple[str, str, int, int], set[str]] = {}

    def _open(self, kept: dict[str, Segment]) -> None:
        commit = self._index._read_toc()
        opened: list[SegmentReader] = []
        segments = []
        try:
            for described in commit.segments:
                old = kept.get(described.segment_id())
                if old is None:
                    opened.append(SegmentReader(self._index.storage, commit.schema, described))
                    segments.append(Segment(opened[-1], described.deleted_docs()))
                else:
                    segments.append(Segment(old.reader, described.deleted_docs(), old.known))
        except BaseException:
            for reader in opened:
                reader.close()
            raise
        self.segments = segments
        self.generation: int = commit.generation

    @property
    def size(self) -> int:
        """How many documents there are, deleted ones included: the basis of every frequency."""
        return sum(segment.size for segment in self.segments)

    @property
    def live_count(self) -> int:
        """How many documents there are."""
        return sum(segment.size - len(segment.deleted) for segment in self.segments)

    def is_current(self) -> bool:
        """Whether nothing has been committed since."""
        return bool(self._index.latest_generation() == self.generation)

    def document_frequency(self, field: str, term: str) -> int:
        """How many documents hold the term."""
        key = (field, term)
        if key not in self._frequencies:
            self._frequencies[key] = sum(segment.document_frequency(field, term) for segment in self.segments)
        return self._frequencies[key]

    def average_length(self, field: str) -> float:
        """The average length of a field, over all documents."""
        if field not in self._averages:
            total = sum(segment.total_length(field) for segment in self.segments)
            self._averages[field] = total / (self.size or 1)
        return self._averages[field]

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages that documents say they are in, the most frequent first."""
        counted: Counter[str] = Counter()
        for segment in self.segments:
            counted.update(dict(segment.vocabulary("language")))
        return tuple(code for code, _ in counted.most_common())

    def terms_within(self, field: str, word: str, distance: int, prefix: int) -> set[str]:
        """The terms of a field at most so many letters away from a word."""
        key = (field, word, distance, prefix)
        if key not in self._neighbours:
            self._neighbours[key] = set(
                chain.from_iterable(s.terms_within(field, word, distance, prefix) for s in self.segments)
            )
        return self._neighbours[key]

    def close(self) -> None:
        """Gives the files back."""
        for segment in self.segments:
            segment.reader.close()
