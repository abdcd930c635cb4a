"""What people type about their own calendars."""

from __future__ import annotations

from typing import Any

from django import forms

from roundtables.models import CalendarFeed, Question


class QuestionForm(forms.ModelForm):
    """One question for the table."""

    class Meta:
        model = Question
        fields = ["text", "is_anonymous"]
        widgets = {"text": forms.Textarea(attrs={"rows": 2})}
        help_texts = {"text": "Those at the table see your name, unless you tick the box."}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["text"].error_messages = {
            "required": "Write the question first, in a sentence or two.",
            "max_length": "A question fits into %(limit_value)d characters, not %(show_value)d. Please shorten it.",
        }


class AddedNoteForm(forms.Form):
    """Something to put below what the table wrote."""

    added = forms.CharField(
        label="Add to the notes",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="It goes below what is there, whoever else writes at the same moment.",
        error_messages={
            "required": "Write something first.",
            "max_length": "At most %(limit_value)d characters at a time, not %(show_value)d. Add it in two pieces.",
        },
    )

    def values(self) -> dict[str, Any]:
        """What the notes are added to with."""
        return {"text": self.cleaned_data["added"]}


class NotesForm(forms.Form):
    """The whole text, and the version of it that the form was opened with."""

    text = forms.CharField(
        label="All of the notes",
        required=False,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text="Stars, dashes and numbers make <b>**bold**</b>, lists and steps.",
    )
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def values(self) -> dict[str, Any]:
        """What the notes are changed to, and from which version."""
        return {"text": self.cleaned_data["text"], "version": self.cleaned_data["version"]}

    def against(self, version: int) -> NotesForm:
        """The same text once more, by somebody who has read `version`."""
        return NotesForm({**self.cleaned_data, "version": version})


class CalendarFeedForm(forms.ModelForm):
    """A new address for a calendar: what it is for, and how much it shows."""

    class Meta:
        model = CalendarFeed
        fields = ["name", "has_open_sessions"]
        help_texts = {
            "name": "Such as “my telephone”. If you lose it, you take away this address and no other.",
            "has_open_sessions": "Otherwise it has the sessions you have a seat at, or wait for one, and no others.",
        }
