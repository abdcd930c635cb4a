"""The forms of the editor, of seats, and of the page for people outside."""

from hub.editorial.forms.external import ExternalAnswerForm
from hub.editorial.forms.pages import SeatPageForm, UnknownReference
from hub.editorial.forms.seats import AskForm, LeaderForm, UntilForm

__all__ = ["AskForm", "ExternalAnswerForm", "LeaderForm", "SeatPageForm", "UnknownReference", "UntilForm"]
