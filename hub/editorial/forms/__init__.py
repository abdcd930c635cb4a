"""The forms of the editor, of seats and reviews, and of the page for people outside."""

from hub.editorial.forms.external import ExternalAnswerForm
from hub.editorial.forms.pages import SeatPageForm, UnknownReference
from hub.editorial.forms.reviews import HandOverForm, RequestChangesForm
from hub.editorial.forms.seats import AskForm, LeaderForm, UntilForm

__all__ = [
    "AskForm",
    "ExternalAnswerForm",
    "HandOverForm",
    "LeaderForm",
    "RequestChangesForm",
    "SeatPageForm",
    "UnknownReference",
    "UntilForm",
]
