"""Writing notes together."""

from __future__ import annotations

from typing import Any

from django import forms


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
