"""How posting lists lie on disk: in a layout of ours inside Whoosh's files.

Whoosh lets a codec be replaced, and this one changes three things. A posting list is one piece, for we
read whole lists: its documents, then how often each has the term, then the places, each packed into
bytes that are taken over as they are, without pickle or blocks. Terms arrive finished, so that no
analyser runs. And writing and merging go over whole lists: Whoosh calls six methods for a posting and
twenty for a term, and most terms of a page that was just saved have one posting.

Every index names these classes: they must stay importable from here, and a change of what they write
needs a new `mapping.FORMAT`.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from hashlib import md5
from itertools import accumulate, groupby, pairwise
from operator import itemgetter
from secrets import token_hex
from struct import Struct, pack
from typing import Any, NamedTuple
from zlib import crc32

from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter, W3Segment, W3TermsReader
from whoosh.filedb.filetables import OrderedHashWriter
from whoosh.formats import Format

#: A word is counted, and placed, at most so often in one field of one document.
MOST_OCCURRENCES = 255
#: Words later in a text than this are found, but not as part of a phrase.
LAST_POSITION = 65_535

Posting = tuple[str, int, float, bytes]
#: A posting on its way into a segment: field, term, document, weight, value.
Item = tuple[str, bytes, int, float, bytes]

_FIELD, _TERM = itemgetter(0), itemgetter(1)
# As Whoosh's readers unpack them: the length of key and value; the number of a field; and of a term:
# whether its postings are inside, their weight, number, lengths, greatest weight, first and last
# document (here: a checksum, and nothing), and where they are.
_ROW, _NUMBER, _SUMMARY = Struct("!ii"), Struct("!H"), Struct("!BfIBBfIIqi")
_DOCUMENT = array("I").itemsize


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


class Postings(NamedTuple):
    """A posting list: the documents in order, how often each holds the term, and where, all together."""

    documents: Sequence[int]
    counts: bytes
    places: array[int]

    def starts(self) -> list[int]:
        """Where in `places` those of each document begin, and where the last end."""
        return list(accumulate(self.counts, initial=0))


def pack_postings(documents: Sequence[int], weights: Sequence[float], values: Sequence[bytes]) -> bytes:
    """The bytes of a posting list. Counts that are all 1, without places, are left out."""
    packed = array("I", documents).tobytes()
    places = b"".join(values)
    if not places and max(weights) == 1:
        return packed
    return packed + bytes(min(int(weight), MOST_OCCURRENCES) for weight in weights) + places


def unpack_postings(packed: bytes, number: int) -> Postings:
    """The posting list of so many documents."""
    documents, places = array("I"), array("H")
    end = number * _DOCUMENT
    documents.frombytes(packed[:end])
    if len(packed) == end:
        return Postings(documents, b"\1" * number, places)
    places.frombytes(packed[end + number :])
    return Postings(documents, packed[end : end + number], places)


def postings_of(terms: W3TermsReader, field: str, term: bytes) -> Postings | None:
    """The posting list of a term in a segment, or nothing where no document ever had it."""
    number = terms._fieldmap.get(field)
    if number is None:
        return None
    try:
        summary = terms._tindex[_NUMBER.pack(number) + term]
    except KeyError:
        return None
    return _read(terms, summary)


def every_posting(terms: W3TermsReader) -> Iterator[tuple[str, bytes, Postings]]:
    """All posting lists of a segment with their fields and terms, in order."""
    names = {number: name for name, number in terms._fieldmap.items()}
    for key, summary in terms._tindex.items():
        (number,) = _NUMBER.unpack(key[: _NUMBER.size])
        yield names[number], key[_NUMBER.size :], _read(terms, summary)


def _read(terms: W3TermsReader, summary: bytes) -> Postings:
    _, _, number, _, _, _, checksum, _, place, size = _SUMMARY.unpack(summary)
    packed = terms._postfile.get(place, size)
    if crc32(packed) != checksum:
        raise OSError("a posting list does not match its checksum")
    return unpack_postings(packed, number)


def as_items(terms: W3TermsReader, number_of: dict[int, int] | range) -> Iterator[Item]:
    """Every posting of a segment for another one, where the documents have other numbers, or none if they are gone."""
    for field, term, postings in every_posting(terms):
        together = postings.places.tobytes()
        ends = pairwise(2 * start for start in postings.starts()) if together else None
        for document, count in zip(postings.documents, postings.counts, strict=True):
            begin, end = next(ends) if ends else (0, 0)
            number = number_of.get(document) if isinstance(number_of, dict) else number_of[document]
            if number is not None:
                yield field, term, number, float(count), together[begin:end]


class _TermsWriter(OrderedHashWriter):
    """Whoosh's table of terms, with one write for each term and one for each bucket of hashes."""

    def __init__(self, dbfile: Any) -> None:
        super().__init__(dbfile)
        self.lastkey = b""
        self._place: int = dbfile.tell()

    def add(self, key: bytes, value: bytes) -> None:
        """Adds a term. Terms come in order."""
        if key <= self.lastkey:
            raise ValueError(f"Terms must come in order: {self.lastkey!r}, {key!r}")
        row = _ROW.pack(len(key), len(value)) + key + value
        self.dbfile.write(row)
        self.index.append(self._place)
        hashed = int.from_bytes(md5(key, usedforsecurity=False).digest()[-4:])
        self.buckets[hashed & 255].append((hashed, self._place))
        self._place += len(row)
        self.lastkey = key

    def _write_hashes(self) -> None:
        for entries in self.buckets:
            slots = 2 * len(entries)
            self.directory.append((self._place, slots))
            table = [0] * (2 * slots)
            for hashed, place in entries:
                slot = (hashed >> 8) % slots
                while table[2 * slot + 1]:
                    slot = (slot + 1) % slots
                table[2 * slot : 2 * slot + 2] = hashed, place
            packed = pack(f"!{'Iq' * slots}", *table)
            self.dbfile.write(packed)
            self._place += len(packed)


class FieldWriter(W3FieldWriter):
    """Writes terms and their posting lists."""

    def __init__(self, codec: W3Codec, storage: Any, segment: W3Segment) -> None:
        self._tindex = _TermsWriter(segment.create_file(storage, W3Codec.TERMS_EXT))
        self._fieldmap: dict[str, int] = self._tindex.extras.setdefault("fieldmap", {})
        self._postfile = segment.create_file(storage, W3Codec.POSTS_EXT)
        self.is_closed = False

    def add_postings(self, schema: Any, lengths: Any, items: Iterable[Item]) -> None:
        """Writes postings, which come in the order of fields, terms and documents."""
        place: int = self._postfile.tell()
        write, add = self._postfile.write, self._tindex.add
        for field, of_field in groupby(items, _FIELD):
            number = _NUMBER.pack(self._fieldmap.setdefault(field, len(self._fieldmap)))
            for term, of_term in groupby(of_field, _TERM):
                _, _, documents, weights, values = zip(*of_term, strict=True)
                packed = pack_postings(documents, weights, values)
                write(packed)
                summary = _SUMMARY.pack(
                    0, sum(weights), len(documents), 1, 1, max(weights), crc32(packed), 0, place, len(packed)
                )
                add(number + term, summary)
                place += len(packed)


class Codec(W3Codec):
    """The format of our segments."""

    #: The shortest and longest text of a term's documents serve Whoosh's own search, and nothing of ours.
    length_stats = False

    def new_segment(self, storage: Any, indexname: str) -> W3Segment:
        """A segment with a name of its own.

        Whoosh draws the name from `random`: whoever seeds that (as test tools do) gets the same name
        again, and with it the files of another segment.
        """
        return W3Segment(self, indexname, segid=token_hex(8))

    def field_writer(self, storage: Any, segment: Any) -> FieldWriter:
        """Writes the terms of a segment."""
        return FieldWriter(self, storage, segment)
