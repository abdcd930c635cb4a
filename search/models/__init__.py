"""The catalogue, what it depends on, what the index owes, how it is steered, what was asked, and what people keep."""

from search.models.asking import Asking, DaySecret
from search.models.catalogue import Dependency, Entry, EntryQuerySet, IndexStatus, Owed
from search.models.saved import Rhythm, SavedSearch, SearchAlert, Told
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
    "Rhythm",
    "SavedSearch",
    "SearchAlert",
    "Synonym",
    "Told",
]
