"""What reviewers type beside their decision."""

from __future__ import annotations

from typing import Any

from django import forms


class RequestChangesForm(forms.Form):
    """What the authors are asked to change."""

    comment = forms.CharField(
        label="What has to change",
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="The authors read exactly this, and answer it when they hand the page in again.",
        error_messages={"required": "Say what has to change, so that the authors know what to do."},
    )


class HandOverForm(forms.Form):
    """Who reviews in one's place."""

    to = forms.ChoiceField(label="Who reviews it in your place", error_messages={"required": "Choose somebody."})
    comment = forms.CharField(label="A word to them", required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = people  # type: ignore[attr-defined]
