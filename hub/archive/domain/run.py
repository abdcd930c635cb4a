"""One import: from a folder of files to what they are in the hub, and a report of it."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from hub.archive.domain import entries, front_matter, layouts, links, records
from hub.archive.domain.front_matter import SourceFile
from hub.archive.domain.layouts import Layout
from hub.archive.domain.links import Addresses
from hub.archive.domain.pages import PageWriter, Written, index_folder
from hub.archive.domain.problems import Remark, SourceError
from hub.archive.domain.records import Record
from hub.archive.domain.redirects import Redirects
from hub.archive.domain.report import Report
from hub.archive.domain.vocabulary import Vocabulary
from hub.archive.models import ImportedFile
from hub.archive.registry import page_kind, page_kinds
from hub.kernel.errors import HubError
from hub.pages.enums import Audience
from hub.pages.locks import lock_tree
from hub.pages.models import BasePage
from search.domain.queue import deferred_drain

logger = logging.getLogger(__name__)

BATCH = 20  # files a transaction: a second or two during which nobody else can write to SQLite
SUFFIXES = (".md", ".markdown", ".mdown", ".yml", ".yaml")
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Wish:
    """What somebody wants imported, and how."""

    folder: Path
    kind: str
    audience: Audience = Audience.PUBLIC
    archive: str = ""
    map_file: Path | None = None
    under: str = ""
    limit: int | None = None
    dry_run: bool = False

    @property
    def name(self) -> str:
        return self.archive or self.folder.resolve().name


def run(wish: Wish, *, progress: Progress | None = None) -> Report:
    """Import a folder. Raises HubError for what is wrong with the wish; what is wrong with a file is in the report.

    Files go in by batches, each in one transaction, each file in a savepoint of its own. A dry run does all of it
    and takes every batch back. The search index follows once, at the end.
    """
    return _Run(wish).go(progress or (lambda done, total: None))


@dataclass
class _Item:
    record: Record
    checksum: str


@dataclass
class _Run:
    wish: Wish
    report: Report = field(default_factory=Report)
    known: dict[str, ImportedFile] = field(default_factory=dict)
    unfinished: list[tuple[_Item, ImportedFile]] = field(default_factory=list)
    signposts: list[tuple[Record, Any, list[str]]] = field(default_factory=list)

    def go(self, progress: Progress) -> Report:
        items = self._read()
        self.known = {row.path: row for row in ImportedFile.objects.filter(archive=self.wish.name, kind=self.wish.kind)}
        self.vocabulary = Vocabulary(self.wish.audience)
        self.redirects = Redirects()
        self.writer = self._page_writer(items)
        done = 0
        settle: AbstractContextManager[None] = nullcontext() if self.wish.dry_run else deferred_drain()
        with settle:
            for batch in _batches(items):
                with transaction.atomic():
                    lock_tree()  # as the editor does: a page added below one that is being moved would be lost
                    for item in batch:
                        self._import(item)
                        done += 1
                        progress(done, len(items))
                    self.redirects.write()
                    if self.wish.dry_run:
                        transaction.set_rollback(True)
                if self.wish.dry_run:
                    self.vocabulary.forget()
            if self.writer is not None and not self.wish.dry_run:
                self._finish(self.writer)
                self._set_signposts(self.writer)
        return self.report

    # -- reading ---------------------------------------------------------------------------------------

    def _read(self) -> list[_Item]:
        files = sorted(_files(self.wish.folder), key=_order(self.wish.folder))
        if not files:
            raise HubError(f"There is no Markdown file in {self.wish.folder}. Check the folder, then try again.")
        files = files[: self.wish.limit] if self.wish.limit is not None else files
        sources: list[tuple[SourceFile, str]] = []
        for file in files:
            path = file.relative_to(self.wish.folder).as_posix()
            try:
                sources.append(
                    (front_matter.read(file, self.wish.folder), hashlib.sha256(file.read_bytes()).hexdigest())
                )
            except SourceError as error:
                self.report.fail(path, error)
            except OSError as error:
                self.report.fail(path, SourceError(f"The file cannot be read: {error.strerror}."))
        self.layout = self._layout([source for source, _ in sources])
        self.report.layout = self.layout.name
        items = []
        for source, digest in sources:
            if self.wish.kind in ("topics", "people") and records.is_section(source.path):
                self.report.left_aside.append(source.path)
                continue
            try:
                record = records.from_source(source, self.layout, archive=self.wish.name)
            except SourceError as error:
                self.report.fail(source.path, error)
                continue
            except Exception as error:  # a file nobody foresaw must not stop the others
                logger.exception("%s could not be read", source.path)
                self.report.fail(source.path, _unforeseen(error))
                continue
            items.append(_Item(record, self._checksum(digest)))
        return items

    def _layout(self, sources: list[SourceFile]) -> Layout:
        if self.wish.map_file is not None:
            return layouts.load(self.wish.kind, file=self.wish.map_file)
        return layouts.choose(self.wish.kind, sources)

    def _checksum(self, digest: str) -> str:
        """Of everything that decides what a file becomes: itself, a map of the user's own, its audience."""
        parts = [digest, self.layout.fingerprint, str(int(self.wish.audience))]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    # -- one file --------------------------------------------------------------------------------------

    def _import(self, item: _Item) -> None:
        record = item.record
        row = self.known.get(record.path)
        try:
            if row is not None and row.target is None:
                gone = Remark("It was deleted in the hub, so the file stays out. Rename the file to import it again.")
                self.report.remark(record.path, gone)
                self.report.unchanged += 1
                return
            if row is not None and row.checksum == item.checksum:
                self._remember(record, row.target, is_live=row.was_live)
                self.report.unchanged += 1
                return
            with transaction.atomic():
                written = self._write(record, row)
                stored = self._store(item, row, written)
        except SourceError as error:
            self.vocabulary.forget()
            self.report.fail(record.path, error)
            return
        except Exception as error:  # one bad file never stops the rest; the log has the details
            logger.exception("%s could not be imported", record.path)
            self.vocabulary.forget()
            self.report.fail(record.path, _unforeseen(error))
            return
        if row is None:
            self.report.created += 1
        else:
            self.report.updated += 1
        self.known[record.path] = stored
        self.report.remark(record.path, *record.remarks, *written.remarks)
        self.redirects.take(written.redirects)
        self._remember(record, written.target, is_live=written.is_live)
        if self.writer is not None:
            if written.slug is not None:
                self.writer.slugs.setdefault(written.slug[0], set()).add(written.slug[1])
            if written.signposts:
                self.signposts.append((record, written.target, written.signposts))
            if written.unfinished:
                self.unfinished.append((item, stored))

    def _write(self, record: Record, row: ImportedFile | None) -> Written:
        target: Any = row.target if row is not None else None
        if self.writer is not None:
            if row is None:
                return self.writer.create(record)
            return self.writer.update(record, row, target.specific)
        if self.wish.kind == "topics":
            return entries.write_topic(record, target, words=self.vocabulary)
        return entries.write_person(
            record, target, layout=self.layout, audience=self.wish.audience, words=self.vocabulary
        )

    def _store(self, item: _Item, row: ImportedFile | None, written: Written) -> ImportedFile:
        row = row or ImportedFile(archive=self.wish.name, kind=self.wish.kind, path=item.record.path)
        # an unfinished file has no checksum yet: should the run be cut off, the next one takes it up again
        row.checksum = "" if written.unfinished else item.checksum
        row.slug, row.address = item.record.slug, item.record.address[:500]
        row.content_type = ContentType.objects.get_for_model(written.target)
        row.object_id = written.target.pk
        row.revision_id, row.was_live = written.revision_id, written.is_live and not written.unfinished
        row.save()
        return row

    def _remember(self, record: Record, target: Any, *, is_live: bool) -> None:
        """Let the other files link to this one, and lie below it if it is the `_index` of their folder."""
        if self.writer is None:
            return
        if is_live:
            self.writer.addresses.learn(record.keys, target.pk)
        folder = index_folder(record)
        if folder is not None and not self.wish.dry_run:
            self.writer.sections[folder] = target.pk

    # -- pages -----------------------------------------------------------------------------------------

    def _page_writer(self, items: list[_Item]) -> PageWriter | None:
        if self.wish.kind in ("topics", "people"):
            return None
        kind = page_kind(self.wish.kind)
        if kind is None:
            names = ", ".join(one.name for one in page_kinds())
            raise HubError(f"Nothing can be imported as {self.wish.kind}. Choose one of: {names}, topics, people.")
        parent = self._chosen_parent() if self.wish.under else kind.parent()
        if parent is None:
            raise HubError(f"There is no page for {kind.name} to go under. Create it first, or name one with --under.")
        if not kind.model.can_exist_under(parent.specific):
            raise HubError(f"“{parent.title}” takes no {kind.name}. Choose another page with --under.")
        addresses = Addresses(source_url=self.layout.source_url)
        addresses.plan(key for item in items if item.record.live for key in item.record.keys)
        self._learn_earlier(addresses)
        return PageWriter(kind, self.layout, self.wish.audience, parent, self.vocabulary, addresses)

    def _chosen_parent(self) -> BasePage | None:
        place = self.wish.under.strip("/")
        found = BasePage.objects.filter(url_path__endswith=f"/{place}/").order_by("depth", "path")
        return found.first()

    def _learn_earlier(self, addresses: Addresses) -> None:
        """Pages of earlier imports that everybody may see whom this archive is for."""
        kinds = [kind.name for kind in page_kinds()]
        rows = ImportedFile.objects.filter(kind__in=kinds).exclude(archive=self.wish.name, kind=self.wish.kind)
        pairs = list(rows.values_list("object_id", "address", "archive", "path"))
        seen = BasePage.objects.live().filter(effective_audience__lte=self.wish.audience)
        visible = set(seen.filter(pk__in=rows.values("object_id")).values_list("pk", flat=True))
        for pk, address, archive, path in pairs:
            if pk in visible:
                own = [links.plain(path)] if archive == self.wish.name else []
                addresses.learn([links.plain(address), *own], pk)

    def _finish(self, writer: PageWriter) -> None:
        """Publish what waited for its neighbours, with the links to them."""
        for batch in _batches(self.unfinished):
            with transaction.atomic():
                lock_tree()
                for item, row in batch:
                    try:
                        with transaction.atomic():
                            row.revision_id = writer.finish(item.record, row.object_id)
                            row.checksum, row.was_live = item.checksum, True
                            row.save()
                    except Exception:  # the page is there as a draft; the next run takes the file up again
                        logger.exception("%s could not be finished", item.record.path)
                        left = Remark("Its links could not be set, so the page is a draft. Run the import again.")
                        self.report.remark(item.record.path, left)

    def _set_signposts(self, writer: PageWriter) -> None:
        """Files that only say where their text is now: whoever asks for them is led there."""
        for record, page, addresses in self.signposts:
            target = writer.addresses.linker(record.path)(record.redirect)
            for address in addresses:
                if isinstance(target, int) and target != page.pk:
                    if BasePage.objects.visible_to(None).filter(pk=target).exists():
                        self.redirects.to_page(address, target)
                elif isinstance(target, str):
                    self.redirects.elsewhere(address, target)
        with transaction.atomic():
            self.redirects.write()


def _files(folder: Path) -> Iterator[Path]:
    """The files of an archive; hidden ones and links that lead out of it are left alone."""
    root = folder.resolve()
    for file in folder.rglob("*"):
        inside = file.relative_to(folder)
        if file.suffix.lower() not in SUFFIXES or any(part.startswith(".") for part in inside.parts):
            continue
        if file.is_file() and file.resolve().is_relative_to(root):
            yield file


def _order(folder: Path) -> Callable[[Path], tuple[Any, ...]]:
    """By path, the `_index` of a folder before everything else in it."""

    def key(file: Path) -> tuple[Any, ...]:
        path = file.relative_to(folder)
        folders = tuple((1, name) for name in path.parent.parts)
        return (*folders, (0 if path.stem in ("_index", "index") else 1, path.name))

    return key


def _unforeseen(error: Exception) -> SourceError:
    return SourceError(f"The file could not be imported ({type(error).__name__}: {str(error)[:200]}). See the log.")


def _batches(items: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]
