"""Writing to a generation: one batch, one commit, and whatever happens the lock is let go."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from math import log
from typing import Any

from whoosh.index import FileIndex
from whoosh.reading import SegmentReader
from whoosh.writing import SegmentWriter

from .codec import Codec, as_items
from .mapping import Document
from .segments import Snapshot
from .storage import Desk

#: So many segments of about the same size are merged into one.
SEGMENTS_PER_SIZE = 24
#: A segment with so many documents that are not deleted is left alone: rewriting it would make whoever saves
#: a page wait. `compact` does it, in a quiet hour.
LARGE_SEGMENT = 500

#: A batch of so many documents is put together in memory.
SMALL_BATCH = 50


def open_writer(index: FileIndex, memory: int, *, documents: int | None = None) -> SegmentWriter:
    """A Whoosh writer. The write lock of the folder is held, so nobody can hold Whoosh's own."""
    if documents is not None and documents <= SMALL_BATCH:
        index = FileIndex(Desk(index.storage.folder), index.schema)
    return SegmentWriter(index, timeout=1.0, limitmb=memory, codec=Codec())


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


def delete(writer: SegmentWriter, snapshot: Snapshot, pks: Iterable[str], *, keep_last: bool = False) -> None:
    """Marks the committed documents of these objects as deleted; all of them, or all but the one added last.

    The snapshot must be of the commit that the writer began from.
    """
    described = {segment.segment_id(): segment for segment in writer.segments}
    for pk in pks:
        found = [
            (segment, document)
            for segment in snapshot.segments
            for document in segment.documents("pk", pk)
            if document not in segment.deleted
        ]
        for segment, document in found[:-1] if keep_last else found:
            described[segment.name].delete_document(document)


def apply(index: FileIndex, snapshot: Snapshot, changes: Mapping[str, Document | None], memory: int) -> None:
    """Makes these documents the ones of their objects, and objects with none vanish, in one commit."""
    if not changes:
        return
    writer = open_writer(index, memory, documents=len(changes))
    try:
        delete(writer, snapshot, changes)
        for document in changes.values():
            if document is not None:
                add(writer, document)
    except BaseException:
        give_up(writer)
        raise
    finish(writer)


def drop_duplicates(index: FileIndex, pks: Iterable[str], memory: int) -> None:
    """Leaves only the document that was added last for each of these objects."""
    snapshot = Snapshot(index)
    try:
        writer = open_writer(index, memory)
        try:
            delete(writer, snapshot, pks, keep_last=True)
        except BaseException:
            give_up(writer)
            raise
        finish(writer)
    finally:
        snapshot.close()


def merge_policy(writer: SegmentWriter, segments: list[Any]) -> list[Any]:
    """Keeps the segments few, without ever rewriting the large one for the sake of one page.

    Segments are merged with others of about their size, once there are enough of those; so each
    document is rewritten once per size, not once per commit. Whoosh's own policy hardly ever merges.
    Deleted documents count for nothing: a large segment of which little is left is a small one.
    """
    alive = [segment for segment in segments if segment.doc_count()]
    by_size: dict[int, list[Any]] = {}
    for segment in alive:
        if segment.doc_count() < LARGE_SEGMENT:
            by_size.setdefault(int(log(segment.doc_count(), SEGMENTS_PER_SIZE)), []).append(segment)
    merged = [segment for group in by_size.values() if len(group) >= SEGMENTS_PER_SIZE for segment in group]
    _merge(writer, merged)
    return [segment for segment in alive if segment not in merged]


def merge_everything(writer: SegmentWriter, segments: list[Any]) -> list[Any]:
    """Makes one segment of all and leaves out what has been deleted."""
    _merge(writer, [segment for segment in segments if segment.deleted_count() < segment.doc_count_all()])
    return []


def _merge(writer: SegmentWriter, segments: list[Any]) -> None:
    """Takes over what is alive in some segments. Whoosh's `add_reader` would look up every term one by one."""
    names = set(writer.schema.names())
    for segment in segments:
        reader = SegmentReader(writer.storage, writer.schema, segment)
        first = writer.docnum
        numbers = writer.write_per_doc(names, reader)
        for item in as_items(reader._terms, range(first, writer.docnum) if numbers is None else numbers):
            writer.pool.add(item)
        writer._added = True
        reader.close()


def compact(index: FileIndex, memory: int) -> None:
    """Rewrites a generation as one segment."""
    finish(open_writer(index, memory), merge_everything)
