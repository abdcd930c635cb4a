"""What is kept about roundtables."""

from roundtables.models.feeds import CalendarFeed
from roundtables.models.pages import RoundtablesIndexPage, SeriesPage, SessionPage, SessionPageQuerySet
from roundtables.models.seats import FillNotice, SessionSeat, SessionSeatQuerySet
from roundtables.models.takeaways import (
    Commitment,
    FollowUp,
    PracticeOrigin,
    Takeaway,
    TakeawayAnswer,
    TakeawayNudge,
)

__all__ = [
    "CalendarFeed",
    "Commitment",
    "FillNotice",
    "FollowUp",
    "PracticeOrigin",
    "RoundtablesIndexPage",
    "SeriesPage",
    "SessionPage",
    "SessionPageQuerySet",
    "SessionSeat",
    "SessionSeatQuerySet",
    "Takeaway",
    "TakeawayAnswer",
    "TakeawayNudge",
]
