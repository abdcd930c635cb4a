"""What is kept about roundtables."""

from roundtables.models.pages import RoundtablesIndexPage, SeriesPage, SessionPage, SessionPageQuerySet
from roundtables.models.seats import FillNotice, SessionSeat, SessionSeatQuerySet

__all__ = [
    "FillNotice",
    "RoundtablesIndexPage",
    "SeriesPage",
    "SessionPage",
    "SessionPageQuerySet",
    "SessionSeat",
    "SessionSeatQuerySet",
]
