"""The catalogue, what it depends on, what the index owes, and how staff steer what is found."""

from search.models.catalogue import Dependency, Entry, EntryQuerySet, IndexStatus, Owed
from search.models.steering import PromotedResult, Synonym

__all__ = ["Dependency", "Entry", "EntryQuerySet", "IndexStatus", "Owed", "PromotedResult", "Synonym"]
