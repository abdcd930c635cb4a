"""Forms of roundtables."""

from roundtables.forms.calendars import CalendarFeedForm
from roundtables.forms.dates import CancelForm, LoosenForm, MoveForm
from roundtables.forms.series import SeriesPageForm

__all__ = ["CalendarFeedForm", "CancelForm", "LoosenForm", "MoveForm", "SeriesPageForm"]
