"""Asking a question."""

from __future__ import annotations

from django import forms

from roundtables.models import Question


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
