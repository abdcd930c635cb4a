"""Forms of roundtables in the editor."""

from roundtables.forms.dates import CancelForm, LoosenForm, MoveForm
from roundtables.forms.series import SeriesPageForm

__all__ = ["CancelForm", "LoosenForm", "MoveForm", "SeriesPageForm"]
