"""Files that become pages: made, changed and published the way an editor would."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from django.core.exceptions import ValidationError

from hub.archive.domain.content import Content, compose
from hub.archive.domain.layouts import Layout
from hub.archive.domain.links import Addresses
from hub.archive.domain.problems import Remark, SourceError
from hub.archive.domain.records import Record
from hub.archive.domain.redirects import Redirects
from hub.archive.domain.vocabulary import Vocabulary
from hub.archive.models import ImportedFile
from hub.archive.registry import PageKind
from hub.editorial.enums import BylineRole
from hub.pages.enums import Audience
from hub.pages.models import BasePage


@dataclass
class Written:
    """What one file has become, and what else is to be done about it once it is certain."""

    target: Any
    revision_id: int | None = None
    is_live: bool = False
    unfinished: bool = False  # it links to files still to come; `finish` publishes it when they are there
    remarks: list[Remark] = field(default_factory=list)
    redirects: Redirects = field(default_factory=Redirects)
    signposts: list[str] = field(default_factory=list)  # addresses that lead to where the file says it is now
    slug: tuple[int, str] | None = None  # parent, slug taken below it


@dataclass
class PageWriter:
    """Writes the pages of one run."""

    kind: PageKind
    layout: Layout
    audience: Audience
    parent: BasePage
    vocabulary: Vocabulary
    addresses: Addresses
    sections: dict[str, int] = field(default_factory=dict)  # folder → the page its `_index` became
    slugs: dict[int, set[str]] = field(default_factory=dict)

    def create(self, record: Record) -> Written:
        """A new page under its parent; live if the record is.

        Side effects, in this order: unknown topics and people made, page added, revision saved, published.
        """
        content, waits = self._composed(record)
        # read again and locked: two imports, or an import and an editor, must not add at the same place
        parent = BasePage.objects.select_for_update().get(pk=self._parent_of(record))
        page = self.kind.model(live=False, slug=self._free_slug(record.slug, parent.pk))
        page.audience = self.audience
        self._fill(page, record, content)
        if not record.live:  # publishing writes them; a draft has them from the start
            self._relate(page, record, content)
        if self.layout.kind != "sessions" and record.published is not None and record.live:
            page.first_published_at = record.published.at
        written = Written(page, unfinished=waits and record.live, remarks=content.remarks, slug=(parent.pk, page.slug))
        if page.slug != record.slug:
            written.remarks.append(Remark(f"“{record.slug}” is taken; the page is “{page.slug}”."))
        with _in_words():
            parent.add_child(instance=page)
        if record.live:
            self._relate(page, record, content)
        self._save(written, record, publish=record.live)
        self._redirect(written, record)
        return written

    def update(self, record: Record, imported: ImportedFile, page: Any) -> Written:
        """A new revision of a page whose file has changed.

        It is published if the page is as the last import left it. If somebody has worked on it since, or taken it
        down, or it is locked or in review, the revision stays a draft for them to compare, and the report says so.
        """
        content, waits = self._composed(record)
        by_hand = page.latest_revision_id != imported.revision_id or page.locked or page.workflow_in_progress
        latest = page.get_latest_revision_as_object()
        written = Written(latest, unfinished=waits and record.live, remarks=content.remarks)
        if not by_hand:
            latest.audience = self.audience
        if record.slug != imported.slug and not by_hand:
            old = _path_of(page)
            latest.slug = self._free_slug(record.slug, page.get_parent().pk)
            written.slug = (page.get_parent().pk, latest.slug)
            if _is_public(page):
                written.redirects.to_page(old, page.pk)
        self._fill(latest, record, content)
        self._relate(latest, record, content)
        if by_hand:
            written.remarks.append(
                Remark("Somebody has worked on this page; the changed file waits as a draft. Compare and publish it.")
            )
        elif imported.was_live and not page.live:
            written.remarks.append(Remark("The page was taken down here; the changed file waits as a draft."))
        untouched = not by_hand and (page.live or not imported.was_live)
        written.unfinished = written.unfinished and untouched
        self._save(written, record, publish=untouched and record.live)
        if untouched and page.live and not record.live:
            self.kind.model.objects.get(pk=page.pk).unpublish()
            written.is_live = False
        if untouched:
            self._redirect(written, record)
        return written

    def finish(self, record: Record, pk: int) -> int:
        """Set the links that waited for pages of the same run, and publish. Returns the revision that is live now."""
        page = self.kind.model.objects.get(pk=pk)
        latest = page.get_latest_revision_as_object()
        content, _ = self._composed(record)
        self.kind.fill(latest, record, content)
        revision = latest.save_revision(overwrite_revision=page.latest_revision)
        revision.publish(skip_permission_checks=True)
        return int(revision.pk)

    def _composed(self, record: Record) -> tuple[Content, bool]:
        linker = self.addresses.linker(record.path)
        content = compose(record, self.layout, linker)
        return content, linker.waiting

    def _parent_of(self, record: Record) -> int:
        """The page a file goes under: in a nested kind, that of the nearest `_index` above it."""
        if self.kind.nested:
            place = PurePosixPath(record.path)
            folder = place.parent
            if place.stem in ("_index", "index"):
                folder = folder.parent if folder.name else PurePosixPath("..")
            for above in (folder, *folder.parents):
                if str(above) in self.sections:
                    return self.sections[str(above)]
        return self.parent.pk

    def _free_slug(self, slug: str, parent: int) -> str:
        if parent not in self.slugs:
            below = BasePage.objects.get(pk=parent).get_children()
            self.slugs[parent] = set(below.values_list("slug", flat=True))
        number, candidate = 1, slug
        while candidate in self.slugs[parent] or candidate in self.kind.reserved:
            number += 1
            candidate = f"{slug}-{number}"
        return candidate

    def _fill(self, page: Any, record: Record, content: Content) -> None:
        page.title, page.gist, page.source_path = content.title, content.gist, record.path[:500]
        page.draft_title = content.title
        if record.expires is not None:
            page.expire_at = record.expires.at
            page.expired = record.expired
        self.kind.fill(page, record, content)

    def _relate(self, page: Any, record: Record, content: Content) -> None:
        found = (self.vocabulary.topic(word) for word in record.topics)
        page.topics = list(dict.fromkeys(topic for topic in found if topic is not None))
        page.bylines = self.vocabulary.bylines(
            [
                *((name, BylineRole.HOST) for name in record.hosts),
                *((name, BylineRole.GUEST) for name in record.guests),
                *((name, BylineRole.AUTHOR) for name in (*record.authors, *content.names)),
            ]
        )

    def _save(self, written: Written, record: Record, *, publish: bool) -> None:
        page = written.target
        now = publish and not written.unfinished
        with _in_words():
            revision = page.save_revision(log_action=True, clean=not now)
            if now:  # publishing checks everything once more
                revision.publish(skip_permission_checks=True)
        written.revision_id = revision.pk
        written.is_live = publish or bool(page.live)
        if not publish and record.published and not record.draft and not record.live and not record.expired:
            reason = "it only leads elsewhere" if record.redirect else "its date is in the future"
            written.remarks.append(Remark(f"The page is a draft: {reason}."))

    def _redirect(self, written: Written, record: Record) -> None:
        """Old addresses lead to the page if everybody may read it: a redirect tells its target's name to anyone."""
        page = written.target
        old = [address for address in (record.address, *record.aliases) if address]
        if record.redirect:
            written.signposts = [*old, _path_of(page)] if self.audience == Audience.PUBLIC else []
            return
        if not written.is_live or not _is_public(page):
            return
        for path in old:
            if path.strip("/") != _path_of(page).strip("/"):
                written.redirects.to_page(path, page.pk)


def _is_public(page: Any) -> bool:
    return BasePage.objects.filter(pk=page.pk, effective_audience=Audience.PUBLIC).exists()


def _path_of(page: Any) -> str:
    parts = page.get_url_parts()
    return str(parts[2]) if parts else ""


@contextmanager
def _in_words() -> Iterator[None]:
    """What the editor's form would refuse is refused here too, in words."""
    try:
        yield
    except ValidationError as error:
        words = [
            f"{name}: {' '.join(messages)}" if name != "__all__" else " ".join(messages)
            for name, messages in error.message_dict.items()
        ]
        raise SourceError(" ".join(words)) from None


def index_folder(record: Record) -> str | None:
    """The folder whose page a record is, if it is an `_index`."""
    place = PurePosixPath(record.path)
    return str(place.parent) if place.stem in ("_index", "index") else None
