"""What is kept about roundtables."""

from roundtables.models.feeds import CalendarFeed
from roundtables.models.invitations import Invitation, InvitationRequest
from roundtables.models.pages import RoundtablesIndexPage, SeriesPage, SessionPage, SessionPageQuerySet
from roundtables.models.seats import FillNotice, SeriesSeat, SessionSeat, SessionSeatQuerySet

__all__ = [
    "CalendarFeed",
    "FillNotice",
    "Invitation",
    "InvitationRequest",
    "RoundtablesIndexPage",
    "SeriesPage",
    "SeriesSeat",
    "SessionPage",
    "SessionPageQuerySet",
    "SessionSeat",
    "SessionSeatQuerySet",
]
