"""How posting lists lie on disk: Whoosh's own format, with blocks that can be read whole and quickly.

Whoosh lets a codec be replaced, and this one changes three things. Blocks are large, because we read
whole lists; numbers are packed into texts instead of pickled one by one (a tenth of the size for
positions, several times faster to read); and terms arrive finished, so that no analyser runs.

Every index names these classes: they must stay importable from here, and a change of what they write
needs a new `mapping.FORMAT`.
"""

from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from secrets import token_hex
from typing import Any

from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter, W3LeafMatcher, W3PostingsWriter, W3Segment
from whoosh.formats import Format

#: Postings per block. Whoosh's 128 suits skipping through lists; we read all of them.
POSTINGS_PER_BLOCK = 1024
#: A word is counted, and placed, at most so often in one field of one document.
MOST_OCCURRENCES = 255
#: Words later in a text than this are found, but not as part of a phrase.
LAST_POSITION = 65_535

Posting = tuple[str, int, float, bytes]


class Terms(Format):
    """Which documents hold a term."""

    posting_size = 0

    def __init__(self, field_boost: float = 1.0, **options: Any) -> None:
        self.field_boost = field_boost
        self.options = options

    def word_values(self, value: Sequence[str], analyzer: Any, **kwargs: Any) -> Iterator[Posting]:
        """The postings of one document."""
        return ((term, 1, 1.0, b"") for term in set(value))


class Counts(Terms):
    """Which documents hold a term, and how often."""

    def word_values(self, value: Sequence[str], analyzer: Any, **kwargs: Any) -> Iterator[Posting]:
        """The postings of one document."""
        return ((term, count, float(count), b"") for term, count in Counter(value).items())


class Places(Terms):
    """Which documents hold a term, and where."""

    posting_size = -1

    def word_values(self, value: Sequence[str], analyzer: Any, **kwargs: Any) -> Iterator[Posting]:
        """The postings of one document."""
        places: dict[str, array[int]] = {}
        for place, term in enumerate(value):
            places.setdefault(term, array("H")).append(min(place, LAST_POSITION))
        for term, found in places.items():
            kept = found[:MOST_OCCURRENCES]
            yield term, len(found), float(len(kept)), kept.tobytes()

    def decode_positions(self, packed: bytes) -> list[int]:
        """The places in one posting."""
        places = array("H")
        places.frombytes(packed)
        return places.tolist()


class PostingsWriter(W3PostingsWriter):
    """Packs the numbers of a block into texts, which pickle as they are."""

    def _mini_weights(self) -> str | None:
        weights = [min(int(weight), MOST_OCCURRENCES) for weight in self._weights]
        return None if set(weights) == {1} else bytes(weights).decode("latin-1")

    def _mini_values(self) -> str | None:
        return b"".join(self._values).decode("latin-1") if isinstance(self._format, Places) else None


class LeafMatcher(W3LeafMatcher):
    """Reads what `PostingsWriter` has written."""

    def _read_ids(self) -> None:
        if self._data is None:
            self._read_data()
        self._ids = list(accumulate(self._data[0]))

    def _read_weights(self) -> None:
        if self._data is None:
            self._read_data()
        packed = self._data[1]
        self._weights = [1] * self._blocklength if packed is None else packed.encode("latin-1")

    def _read_values(self) -> None:
        self._read_weights()
        packed = self._data[2]
        if packed is None:
            self._values = [b""] * self._blocklength
            return
        together = packed.encode("latin-1")
        # Each place takes two bytes, and there are as many as the weight says.
        ends = accumulate((2 * weight for weight in self._weights), initial=0)
        self._values = [together[start:end] for start, end in pairwise(ends)]


class _NoLengths:
    """Stands in for the lengths of documents, which Whoosh would look up for every single posting."""

    def doc_field_length(self, docnum: int, fieldname: str) -> int:
        return 1


class FieldWriter(W3FieldWriter):
    """Leaves out the range of lengths per block, which serves Whoosh's block skipping and nothing of ours."""

    def add_postings(self, schema: Any, lengths: Any, items: Any) -> None:
        """Writes the postings of a segment."""
        super().add_postings(schema, _NoLengths(), items)


class Codec(W3Codec):
    """The format of our segments."""

    def __init__(self) -> None:
        super().__init__(blocklimit=POSTINGS_PER_BLOCK, compression=0)

    def new_segment(self, storage: Any, indexname: str) -> W3Segment:
        """A segment with a name of its own.

        Whoosh draws the name from `random`: whoever seeds that (as test tools do) gets the same name
        again, and with it the files of another segment.
        """
        return W3Segment(self, indexname, segid=token_hex(8))

    def field_writer(self, storage: Any, segment: Any) -> FieldWriter:
        """Writes the terms of a segment."""
        return FieldWriter(self, storage, segment)

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> PostingsWriter:
        """Writes the postings of a term."""
        return PostingsWriter(dbfile, self._blocklimit, byteids=byteids, compression=self._compression)

    def postings_reader(
        self, dbfile: Any, terminfo: Any, format_: Format, term: Any = None, scorer: Any = None
    ) -> LeafMatcher:
        """Reads the postings of a term."""
        offset, length = terminfo.extent()
        return LeafMatcher(dbfile, offset, length, format_, term=term, scorer=scorer)
