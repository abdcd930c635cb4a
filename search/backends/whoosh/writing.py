"""Writing to a generation: one batch, one commit, and whatever happens the lock is let go."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from itertools import chain
from typing import Any

from whoosh.index import FileIndex
from whoosh.reading import EmptyReader, SegmentReader
from whoosh.writing import SegmentWriter

from .mapping import Document
from .segments import Segment, codec

#: So many small segments are left alone before they are merged into one.
MOST_SMALL_SEGMENTS = 6
#: A segment is small up to this share of all documents, or this number.
SMALL_SHARE, SMALL_NUMBER = 0.1, 200
#: A segment of which so much has been deleted is written anew.
WORN_SHARE = 0.5


def open_writer(index: FileIndex, memory: int) -> SegmentWriter:
    """A Whoosh writer. The write lock of the folder is held, so nobody can hold Whoosh's own."""
    return SegmentWriter(index, timeout=1.0, limitmb=memory, codec=codec())


def finish(writer: SegmentWriter, merge: Any = None) -> None:
    """Commits; when that fails, takes everything back and releases the lock that Whoosh would keep."""
    try:
        writer.commit(mergetype=merge or merge_policy)
    except BaseException:
        give_up(writer)
        raise


def give_up(writer: SegmentWriter) -> None:
    """Takes back what a writer has written, whatever state it is in."""
    with suppress(Exception):
        writer.cancel()
    if not writer.is_closed and writer.writelock is not None:
        with suppress(Exception):
            writer.writelock.release()


def add(writer: SegmentWriter, document: Document) -> None:
    """Adds a document to the segment being written."""
    fields = {name: value.encode() if name.startswith("r.") else value for name, value in document.items()}
    writer.add_document(**fields)


def delete(writer: SegmentWriter, pks: Iterable[str]) -> int:
    """Marks the committed documents of these objects as deleted, and says how many there were."""
    reader = writer.reader()
    deleted = 0
    try:
        leaves = [] if isinstance(reader, EmptyReader) else reader.leaf_readers()
        segments = [(Segment(leaf, {}), start) for leaf, start in leaves]
        for pk in pks:
            for segment, start in segments:
                for doc in segment.documents("pk", pk):
                    if doc not in segment.deleted:
                        writer.delete_document(start + doc)
                        deleted += 1
    finally:
        reader.close()
    return deleted


def apply(index: FileIndex, changes: Mapping[str, Document | None], memory: int) -> None:
    """Makes these documents the ones of their objects, and objects with none vanish, in one commit."""
    if not changes:
        return
    writer = open_writer(index, memory)
    try:
        delete(writer, changes)
        for document in changes.values():
            if document is not None:
                add(writer, document)
    except BaseException:
        give_up(writer)
        raise
    finish(writer)


def merge_policy(writer: SegmentWriter, segments: list[Any]) -> list[Any]:
    """Keeps the number of segments small without ever rewriting the large one for the sake of one page.

    Whoosh's own policy hardly ever merges a handful of one-document segments.
    """
    total = sum(segment.doc_count_all() for segment in segments)
    limit = max(SMALL_NUMBER, total * SMALL_SHARE)
    small = [segment for segment in segments if segment.doc_count_all() <= limit]
    merged = set(map(id, small)) if len(small) > MOST_SMALL_SEGMENTS else set()
    for segment in segments:
        if segment.deleted_count() > WORN_SHARE * segment.doc_count_all():
            merged.add(id(segment))
    for segment in segments:
        if id(segment) in merged:
            reader = SegmentReader(writer.storage, writer.schema, segment)
            writer.add_reader(reader)
            reader.close()
    return [segment for segment in segments if id(segment) not in merged]


def drop_duplicates(index: FileIndex, pks: Iterable[str], memory: int) -> None:
    """Leaves only the document that was added last for each of these objects."""
    writer = open_writer(index, memory)
    try:
        reader = writer.reader()
        try:
            leaves = [] if isinstance(reader, EmptyReader) else reader.leaf_readers()
            segments = [(Segment(leaf, {}), start) for leaf, start in leaves]
            for pk in pks:
                found = chain.from_iterable(
                    (start + doc for doc in segment.documents("pk", pk) if doc not in segment.deleted)
                    for segment, start in segments
                )
                for doc in sorted(found)[:-1]:
                    writer.delete_document(doc)
        finally:
            reader.close()
    except BaseException:
        give_up(writer)
        raise
    finish(writer)
