"""Reading an index: the only module that knows how Whoosh 2.7.4 lays its files out.

Whoosh evaluates a query document by document, through a tree of Python objects, which costs
microseconds for every posting. Here postings, lengths and columns are read in whole blocks, and what
is known about a segment, which never changes once written, is kept until the segment goes away.
"""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from whoosh.codec.whoosh3 import W3Codec, _lenfield
from whoosh.index import FileIndex
from whoosh.reading import EmptyReader, SegmentReader, TermNotFound

from . import values

#: Postings per block on disk. Whoosh's 128 suits reading a few documents at a time; we read all of them.
POSTINGS_PER_BLOCK = 1024

_NOTHING: tuple[Sequence[int], Sequence[float]] = ((), ())


def codec() -> W3Codec:
    """The on-disk format that the index is written in."""
    return W3Codec(blocklimit=POSTINGS_PER_BLOCK)


class Segment:
    """One immutable part of an index, read in bulk."""

    def __init__(self, reader: SegmentReader, known: dict[Any, Any]) -> None:
        self._reader = reader
        self._schema = reader.schema
        self._terms = reader._terms
        self._perdoc = reader._perdoc
        #: What has been worked out about this segment; shared with later snapshots that still contain it.
        self.known = known
        self.size: int = reader.doc_count_all()
        self.deleted: frozenset[int] = frozenset(self._perdoc.deleted_docs())

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

    def _blocks(self, field: str, term: str) -> Iterator[Any]:
        info = self._term_info(field, term)
        if info is None or info.is_inlined():
            return
        format_ = self._schema[field].format
        matcher = self._reader._codec.postings_reader(self._terms._postfile, info, format_, term=(field, term))
        while True:
            yield matcher
            if matcher._lastblock:
                return
            matcher._next_block()

    def postings(self, field: str, term: str) -> tuple[Sequence[int], Sequence[float]]:
        """The documents that hold a term, in order, and how often each does. Deleted documents are included."""
        info = self._term_info(field, term)
        if info is None:
            return _NOTHING
        if info.is_inlined():
            ids, weights, _ = info.inlined_postings()
            return ids, weights
        all_ids: list[int] = []
        all_weights: list[float] = []
        for block in self._blocks(field, term):
            block._read_ids()
            block._read_weights()
            all_ids.extend(block._ids)
            all_weights.extend(block._weights)
        return all_ids, all_weights

    def documents(self, field: str, term: str) -> Sequence[int]:
        """The documents that hold a term, deleted ones included."""
        info = self._term_info(field, term)
        if info is None:
            return ()
        if info.is_inlined():
            return info.inlined_postings()[0]  # type: ignore[no-any-return]
        found: list[int] = []
        for block in self._blocks(field, term):
            block._read_ids()
            found.extend(block._ids)
        return found

    def positions(self, field: str, term: str, wanted: set[int]) -> dict[int, list[int]]:
        """Where a term stands in each of the wanted documents."""
        info = self._term_info(field, term)
        if info is None:
            return {}
        decode = self._schema[field].format.decode_positions
        if info.is_inlined():
            ids, _, encoded = info.inlined_postings()
            return {doc: decode(value) for doc, value in zip(ids, encoded, strict=True) if doc in wanted}
        found: dict[int, list[int]] = {}
        for block in self._blocks(field, term):
            block._read_ids()
            block._read_values()
            for doc, value in zip(block._ids, block._values, strict=True):
                if doc in wanted:
                    found[doc] = decode(value)
        return found

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
        """The terms of a field at most so many letters away, the first `prefix` letters being the same."""
        if field in self._schema:
            yield from self._reader.terms_within(field, word, distance, prefix=prefix)


class Snapshot:
    """The index as it was at one commit. One thread's own; closed when that thread next sees a newer one."""

    def __init__(self, index: FileIndex, known: dict[str, dict[Any, Any]]) -> None:
        self._index = index
        # Read first: were it read after opening, a commit in between would never be noticed.
        self.generation: int = index.latest_generation()
        self._reader = index.reader()
        leaves = [] if isinstance(self._reader, EmptyReader) else [leaf for leaf, _ in self._reader.leaf_readers()]
        names = [leaf.segment().segment_id() for leaf in leaves]
        #: What is known of each segment, to hand to the next snapshot.
        self.known = {name: known.get(name, {}) for name in names}
        self.segments = [Segment(leaf, self.known[name]) for leaf, name in zip(leaves, names, strict=True)]
        self._frequencies: dict[tuple[str, str], int] = {}
        self._averages: dict[str, float] = {}

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

    def terms_within(self, field: str, word: str, distance: int, prefix: int) -> set[str]:
        """The terms of a field at most so many letters away from a word."""
        return set(chain.from_iterable(s.terms_within(field, word, distance, prefix) for s in self.segments))

    def close(self) -> None:
        """Gives the files back."""
        self._reader.close()
