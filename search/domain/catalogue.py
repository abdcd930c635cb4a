"""Keeps the catalogue true: writes, refreshes and removes entries in the transaction of the change.

Everything here is database work. The index follows after the commit (`search.domain.queue`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models import F
from django.utils import timezone

from hub.pages.models import BasePage
from search.domain import queue
from search.domain.words import squeeze
from search.enums import Scope
from search.models import Dependency, Entry
from search.registry import Document, Findable, findable, registered, source_of
from search.rules import breadth_of, scope_of_page

PAGES = source_of(BasePage)
BATCH = 500  # rows per statement: well below every database's limit of parameters
LONGEST_TEXT = 400_000  # characters of one entry that are searched: some hundred printed pages
RELATIONS = ("topics", "functions", "industries")
_COLUMNS = (
    "kind", "title", "summary", "text", "people", "language", "date", "verified_by", "verify_by",
    "owner_id", "source", "facts",
)  # fmt: skip


@transaction.atomic
def refresh(thing: models.Model) -> None:
    """Make the entries of `thing` say what is stored now. Side effects: entries written, index queued.

    The object is read again: what is at hand may hold an editor's draft that was never published. It stays locked
    until the commit: else somebody could hide it after it was read, and what is written here would show it again.
    """
    stored = _stored(thing)
    if stored is None:
        remove(source_of(type(thing)), [thing.pk])
    else:
        _write(stored, documents_of(stored))


@transaction.atomic
def write_all(things: models.QuerySet[Any]) -> None:
    """The same for `things` of one findable model, read in this transaction."""
    for thing in things.select_for_update(no_key=True):
        _write(thing, documents_of(thing))


@transaction.atomic
def refresh_all(things: Iterable[tuple[str, int]]) -> None:
    """Refresh the entries of several things, given as `(source, primary key)`; remove those of apps that are gone."""
    models_of = {source_of(found.model): found.model for found in registered()}
    for source, pk in sorted(things):  # everybody in the same order, so that no two wait for each other
        model = BasePage if source == PAGES else models_of.get(source)
        if model is not None:
            refresh(model(pk=pk))
        else:
            remove(source, [pk])


@transaction.atomic
def refresh_dependents(thing: models.Model) -> None:
    """Refresh what says something about `thing`: the pages that name a person, for one."""
    refresh_all(dependents_of(thing))


def dependents_of(thing: models.Model) -> list[tuple[str, int]]:
    """The things whose entries depend on `thing`, as `(source, primary key)`."""
    found = Dependency.objects.filter(on_model=source_of(type(thing)), on_id=thing.pk)
    return list(found.values_list("entry__source_model", "entry__source_id").distinct())


def remove(source: str, pks: Iterable[int]) -> None:
    """Take the entries of things that are gone out of the catalogue, at once, and out of the index."""
    _bury(Entry.objects.of(source, pks).findable())


@transaction.atomic
def resettle(path: str) -> None:
    """Bring scope and address of every page at and below `path` in line: a section moved or changed its audience.

    Nothing else of an entry follows from the pages above it, so the texts of the pages are not read:
    the same few statements for every batch, whatever the size of the section.
    """
    pages = BasePage.objects.filter(path__startswith=path).only(
        "pk", "path", "depth", "numchild", "url_path", "slug", "effective_audience", "live", "locale_id"
    )
    for batch in _batches(pages.order_by("path").iterator(chunk_size=BATCH)):
        by_pk = {page.pk: page for page in batch}
        changed = []
        entries = Entry.objects.of(PAGES, by_pk).findable()
        for entry in entries.only("source_id", "variant", "scope", "url", "findable_since"):
            page = by_pk[entry.source_id]
            scope = scope_of_page(page.effective_audience, entry.variant) if page.live else Scope.NOBODY
            url = page.get_url() or ""
            if (scope, url) != (entry.scope, entry.url):
                if breadth_of(scope) > breadth_of(entry.scope):
                    entry.findable_since = timezone.now()
                entry.scope, entry.url = scope, url
                changed.append(entry)
        if changed:
            Entry.objects.bulk_update(changed, ["scope", "url", "findable_since"])
            _owe(Entry.objects.filter(pk__in=[entry.pk for entry in changed]))
        queue.owe(BasePage, by_pk)  # the editor's search filters by path and audience as well


@transaction.atomic
def reword(entries: models.QuerySet[Entry]) -> None:
    """Write the keywords of `entries` afresh: a topic, function or industry got other names, or stands for another.

    The index is owed all of them, changed or not: a merge moves the relations themselves from one topic
    to the other, and nothing else tells of that.
    """
    for pks in _batches(entries.values_list("pk", flat=True).order_by("pk").iterator(chunk_size=BATCH)):
        changed = []
        for entry in (
            Entry.objects.filter(pk__in=pks)
            .prefetch_related("topics__synonyms", "functions", "industries")
            .only("pk", "keywords")
        ):
            keywords = keywords_of(entry.topics.all(), entry.functions.all(), entry.industries.all())
            if keywords != entry.keywords:
                entry.keywords = keywords
                changed.append(entry)
        if changed:
            Entry.objects.bulk_update(changed, ["keywords"])
        _owe(Entry.objects.filter(pk__in=pks))


def documents_of(thing: models.Model) -> list[Document]:
    """What the adapter of `thing` says of it; a page that is not live says nothing."""
    found = findable(type(thing))
    if found is None or (isinstance(thing, BasePage) and not thing.live):
        return []
    return found.adapter(thing)


def sources() -> Iterator[tuple[Findable, models.QuerySet[Any]]]:
    """Every findable model with its objects, for a rebuild."""
    for found in registered():
        objects = found.model._default_manager.all()
        if issubclass(found.model, BasePage):
            objects = objects.filter(live=True)
        yield found, objects.order_by("pk")


def keywords_of(topics: Iterable[Any], functions: Iterable[Any], industries: Iterable[Any]) -> str:
    """The words under which a thing is found because of its vocabularies. Reads `topic.synonyms` (prefetch them)."""
    names = [name for topic in topics for name in (topic.name, *(other.name for other in topic.synonyms.all()))]
    names += [term.name for term in (*functions, *industries)]
    return "\n".join(names)


def _stored(thing: models.Model) -> models.Model | None:
    """The object as the database has it, in its most specific type; None if it is gone."""
    stored = type(thing)._default_manager.select_for_update(no_key=True).filter(pk=thing.pk).first()
    if isinstance(stored, BasePage):
        return stored.specific  # type: ignore[no-any-return]
    return stored


def _write(thing: models.Model, documents: list[Document]) -> None:
    """Make the entries of one thing equal `documents`; what does not change is not touched."""
    source, pk = source_of(type(thing)), thing.pk
    existing = {entry.variant: entry for entry in Entry.objects.of(source, [pk])}
    page = thing if isinstance(thing, BasePage) and documents else None
    page_url = page.get_url() or "" if page else ""
    known = [(breadth_of(entry.scope), entry.findable_since) for entry in existing.values() if not entry.is_deleted]
    for document in documents:
        entry = existing.pop(document.variant, None) or Entry(
            source_model=source, source_id=pk, variant=document.variant
        )
        scope = scope_of_page(page.effective_audience, document.variant) if page else document.scope
        entry.findable_since = _since(entry, breadth_of(scope), known)
        _write_one(entry, document, scope=scope, url=document.url or page_url)
    stale = [entry.pk for entry in existing.values() if not entry.is_deleted]
    if stale:
        _bury(Entry.objects.filter(pk__in=stale))


def _since(entry: Entry, breadth: int, known: list[tuple[int, datetime]]) -> datetime:
    """Since when people may find this. A thing that falls into two entries, or back into one, is not new for that."""
    if breadth > max((was for was, _ in known), default=0):
        return timezone.now()
    if entry._state.adding or entry.is_deleted:
        return min((since for _, since in known), default=timezone.now())
    return entry.findable_since


def _write_one(entry: Entry, document: Document, *, scope: str, url: str) -> None:
    topics = list(document.topics)
    functions, industries = list(document.functions), list(document.industries)
    values: dict[str, Any] = {name: getattr(document, name) for name in _COLUMNS}
    values["title"] = squeeze(document.title)[:255]
    values["summary"] = squeeze(document.summary)
    values["text"] = squeeze(document.text)[:LONGEST_TEXT]
    related = {"topics": topics, "functions": functions, "industries": industries}
    depends_on = sorted({(source_of(type(other)), other.pk) for other in document.depends_on})
    digest = _digest(values, {name: sorted(term.pk for term in terms) for name, terms in related.items()}, depends_on)
    models.prefetch_related_objects(topics, "synonyms")
    keywords = keywords_of(topics, functions, industries)
    is_same = digest == entry.digest
    if (
        not entry._state.adding
        and is_same
        and (entry.scope, entry.url, entry.keywords, entry.is_deleted) == (scope, url, keywords, False)
    ):
        return
    for name, value in values.items():
        setattr(entry, name, value)
    entry.scope, entry.url, entry.keywords, entry.digest, entry.is_deleted = scope, url, keywords, digest, False
    entry.year = document.date.year if document.date else None
    entry.people_text = "\n".join(document.people)
    if not entry._state.adding:
        # Counted by the database: two changes at the same moment must not share a number, or the
        # index would take the first for the second.
        entry.version = F("version") + 1  # type: ignore[assignment]
    entry.save()
    if not is_same:
        for name, terms in related.items():
            getattr(entry, name).set(terms)
        entry.dependencies.all().delete()
        Dependency.objects.bulk_create(Dependency(entry=entry, on_model=model, on_id=pk) for model, pk in depends_on)
    queue.drain_after_commit()


def _digest(*values: Any) -> str:
    text = json.dumps(values, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _bury(entries: models.QuerySet[Entry]) -> None:
    """Turn entries into tombstones: not found from this moment, kept until the index has let go of them."""
    if entries.update(
        is_deleted=True, scope=Scope.NOBODY, version=F("version") + 1, changed_at=timezone.now(), digest=""
    ):
        queue.drain_after_commit()


def _owe(entries: models.QuerySet[Entry]) -> None:
    entries.update(version=F("version") + 1, changed_at=timezone.now())
    queue.drain_after_commit()


def _batches(items: Iterable[Any]) -> Iterator[list[Any]]:
    batch: list[Any] = []
    for item in items:
        batch.append(item)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
