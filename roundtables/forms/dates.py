"""What people type to move a session, to cancel it, and to ask for a looser rule."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms

from roundtables import recurrence
from roundtables.enums import AttributionMode, is_looser
from roundtables.models import SessionPage


class MoveForm(forms.Form):
    """Another day and time, on the clock of the session's own zone."""

    day = forms.DateField(label="Day", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    at = forms.TimeField(label="Time", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))

    def __init__(self, *args: Any, session: SessionPage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.session = session
        if session.starts_at is not None:
            local = session.starts_at.astimezone(session.zone)
            self.initial = {"day": local.date(), "at": local.time()}
        self.fields["at"].help_text = f"On the clock in {session.time_zone}."

    @property
    def moment(self) -> datetime:
        """The instant that was chosen."""
        return recurrence.moment(self.cleaned_data["day"], self.cleaned_data["at"], self.session.zone)


class CancelForm(forms.Form):
    """Why a session does not take place."""

    reason = forms.CharField(
        label="Why", required=False, max_length=500,
        help_text="A sentence that everybody with a seat reads. It may stay empty.",
    )  # fmt: skip


class LoosenForm(forms.Form):
    """Which looser rule, why, and the word of those whom the hub cannot ask."""

    mode = forms.ChoiceField(label="The rule that would hold")
    reason = forms.CharField(label="Why", max_length=500, help_text="Everybody who is asked reads it.")
    outside_agreed = forms.BooleanField(
        label="Those at the head who have no account here agreed in writing", required=False
    )

    def __init__(self, *args: Any, session: SessionPage, outside: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = session.attribution_mode
        looser = [item for item in AttributionMode.choices if is_looser(item[0], held)]
        self.fields["mode"] = forms.ChoiceField(label=self.fields["mode"].label, choices=looser)
        if not outside:
            del self.fields["outside_agreed"]
