"""The catalogue, what it depends on, what the index owes, how staff steer what is found, and what was asked."""

from search.models.asking import Asking, DaySecret
from search.models.catalogue import Dependency, Entry, EntryQuerySet, IndexStatus, Owed
from search.models.steering import PromotedResult, Synonym

__all__ = [
    "Asking",
    "DaySecret",
    "Dependency",
    "Entry",
    "EntryQuerySet",
    "IndexStatus",
    "Owed",
    "PromotedResult",
    "Synonym",
]
