"""Everything afresh: the catalogue from the things themselves, then every index from the database."""

from __future__ import annotations

from collections.abc import Callable

from django.db import models
from modelsearch.index import get_indexed_models

from search.domain import catalogue, engine, queue
from search.models import Entry, IndexStatus
from search.registry import source_of

CHUNK = 100  # things whose entries are written in one transaction, so that nobody waits for the rebuild
Progress = Callable[[str, int], None]


def rebuild(progress: Progress | None = None) -> None:
    """Write every entry and every index afresh, beside the ones in use. `progress(stage, number done)`.

    Side effects: entries written, stale ones buried, indexes swapped, queue settled, last error cleared.
    Raises `queue.Busy` if somebody else settles the queue for longer than a minute.
    """
    tell = progress or (lambda stage, number: None)
    with queue.holding_the_pen():
        rebuild_entries(tell)
        backend = engine.backend()
        for models_of_index in engine.roots(backend).values():

            def step(model: type[models.Model], number: int) -> None:
                tell(f"Index of {model._meta.verbose_name_plural}", number)

            queue.rebuild_index(backend, models_of_index, step)
        status = IndexStatus.current()
        IndexStatus.objects.filter(pk=status.pk).update(
            engine=engine.identity(), needs_rebuild=False, last_error="", last_error_at=None
        )
    queue.drain()


def rebuild_entries(tell: Progress) -> None:
    """Make the catalogue equal what its adapters say of everything there is. Anybody may save meanwhile."""
    seen: set[tuple[str, int]] = set()
    for found, things in catalogue.sources():
        source = source_of(found.model)
        for pks in engine.chunks(things, CHUNK):
            catalogue.write_all(things.filter(pk__in=pks))
            seen.update((source, pk) for pk in pks)
            tell(str(found.model._meta.verbose_name_plural), len(pks))
    # What is left is gone, or came meanwhile: each is looked at, none is simply buried.
    entries = Entry.objects.findable().values_list("source_model", "source_id")
    left = sorted(set(entries) - seen)
    for start in range(0, len(left), CHUNK):
        catalogue.refresh_all(left[start : start + CHUNK])


def number_of_things() -> int:
    """How many steps a rebuild takes: every thing once for the catalogue, every indexed object once more."""
    things = sum(queryset.count() for _, queryset in catalogue.sources())
    return things + sum(model.get_indexed_objects().count() for model in get_indexed_models())
