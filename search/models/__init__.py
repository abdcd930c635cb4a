"""The catalogue, what it depends on and what the index owes."""

from search.models.catalogue import Dependency, Entry, EntryQuerySet, IndexStatus, Owed

__all__ = ["Dependency", "Entry", "EntryQuerySet", "IndexStatus", "Owed"]
