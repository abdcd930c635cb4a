"""What is kept about roundtables."""

from roundtables.models.feeds import CalendarFeed
from roundtables.models.notes import EarlierNotes, SharedNotes
from roundtables.models.pages import RoundtablesIndexPage, SeriesPage, SessionPage, SessionPageQuerySet
from roundtables.models.questions import Question, QuestionQuerySet, QuestionVote
from roundtables.models.recordings import RecordingConsent
from roundtables.models.seats import FillNotice, SessionSeat, SessionSeatQuerySet

__all__ = [
    "CalendarFeed",
    "EarlierNotes",
    "FillNotice",
    "Question",
    "QuestionQuerySet",
    "QuestionVote",
    "RecordingConsent",
    "RoundtablesIndexPage",
    "SeriesPage",
    "SessionPage",
    "SessionPageQuerySet",
    "SessionSeat",
    "SessionSeatQuerySet",
    "SharedNotes",
]
