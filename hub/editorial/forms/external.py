"""What somebody outside may say about a text."""

from __future__ import annotations

from typing import Any

from django import forms

from hub.editorial.domain.external import Standing


class ExternalAnswerForm(forms.Form):
    """What somebody outside says about the text they were shown: a remark, or a decision where one is theirs."""

    REMARK, CHANGES, APPROVE = "remark", "changes", "approve"
    CHOICES = (
        (REMARK, "Only remark"),
        (CHANGES, "Ask for changes"),
        (APPROVE, "Approve it as it stands"),
    )

    passage = forms.CharField(
        label="Which words is it about?",
        max_length=300,
        required=False,
        help_text="Copy them here, or leave it empty if you mean the whole text.",
    )
    text = forms.CharField(
        label="What do you want to say?", max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 6})
    )
    decision = forms.ChoiceField(label="And now?", choices=CHOICES, initial=REMARK, widget=forms.RadioSelect)

    def __init__(self, *args: Any, standing: Standing, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.standing = standing
        offered = [*([self.CHANGES] if standing.may_decide else []), *([self.APPROVE] if standing.may_approve else [])]
        field = self.fields["decision"]
        if offered:
            field.widget.choices = [row for row in self.CHOICES if row[0] in (self.REMARK, *offered)]
        else:
            field.widget = forms.HiddenInput()
        self._offered = offered

    @property
    def decided(self) -> str:
        """The decision that was made; empty for a remark."""
        chosen: str = self.cleaned_data["decision"]
        return "" if chosen == self.REMARK else chosen

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        chosen = values.get("decision", self.REMARK)
        if chosen != self.REMARK and chosen not in self._offered:
            # Said of the whole form: the choice itself may not be on the screen any more.
            reason = self.standing.why_not or "Approving this text was not asked of you."
            self.data = {**{name: self.data.get(name) for name in self.fields}, "decision": self.REMARK}
            raise forms.ValidationError(f"{reason} What you typed is kept below: you can send it as a remark.")
        if chosen != self.APPROVE and not values.get("text"):
            self.add_error("text", "Write what you want to say; one sentence is enough.")
        return values
