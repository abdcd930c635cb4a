"""What is kept about roundtables."""

from roundtables.models.feeds import CalendarFeed
from roundtables.models.invitations import Invitation, InvitationRequest
from roundtables.models.loosening import Loosening, LooseningAnswer
from roundtables.models.notes import EarlierNotes, SharedNotes
from roundtables.models.occurrences import Occurrence
from roundtables.models.pages import RoundtablesIndexPage, SeriesPage, SessionPage, SessionPageQuerySet
from roundtables.models.questions import Question, QuestionQuerySet, QuestionVote
from roundtables.models.recordings import RecordingConsent
from roundtables.models.seats import FillNotice, SeriesSeat, SessionSeat, SessionSeatQuerySet
from roundtables.models.sittings import SITTING_FIELDS, Recurring, Sitting
from roundtables.models.takeaways import (
    Commitment,
    FollowUp,
    PracticeOrigin,
    Takeaway,
    TakeawayAnswer,
    TakeawayNudge,
)

__all__ = [
    "SITTING_FIELDS",
    "CalendarFeed",
    "Commitment",
    "EarlierNotes",
    "FillNotice",
    "FollowUp",
    "Invitation",
    "InvitationRequest",
    "Loosening",
    "LooseningAnswer",
    "Occurrence",
    "PracticeOrigin",
    "Question",
    "QuestionQuerySet",
    "QuestionVote",
    "RecordingConsent",
    "Recurring",
    "RoundtablesIndexPage",
    "SeriesPage",
    "SeriesSeat",
    "SessionPage",
    "SessionPageQuerySet",
    "SessionSeat",
    "SessionSeatQuerySet",
    "SharedNotes",
    "Sitting",
    "Takeaway",
    "TakeawayAnswer",
    "TakeawayNudge",
]
