"""What is kept about roundtables."""

from roundtables.models.feeds import CalendarFeed
from roundtables.models.pages import RoundtablesIndexPage, SeriesPage, SessionPage, SessionPageQuerySet
from roundtables.models.seats import FillNotice, SessionSeat, SessionSeatQuerySet

__all__ = [
    "CalendarFeed",
    "FillNotice",
    "RoundtablesIndexPage",
    "SeriesPage",
    "SessionPage",
    "SessionPageQuerySet",
    "SessionSeat",
    "SessionSeatQuerySet",
]
