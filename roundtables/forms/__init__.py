"""Forms of roundtables."""

from roundtables.forms.calendars import CalendarFeedForm
from roundtables.forms.dates import CancelForm, LoosenForm, MoveForm
from roundtables.forms.notes import AddedNoteForm, NotesForm
from roundtables.forms.questions import QuestionForm
from roundtables.forms.series import SeriesPageForm

__all__ = [
    "AddedNoteForm",
    "CalendarFeedForm",
    "CancelForm",
    "LoosenForm",
    "MoveForm",
    "NotesForm",
    "QuestionForm",
    "SeriesPageForm",
]
