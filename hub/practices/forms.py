"""The plain questions: a practice, an edit of one, and how one went."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms

from hub.pages.enums import Audience
from hub.practices.domain import answers
from hub.practices.domain.attachments import KINDS
from hub.practices.enums import Outcome
from hub.practices.models import UseRecord
from hub.taxonomy.models import Function, Industry, Topic

LONGEST = 20_000  # characters in one answer
QUESTIONS = {
    "title": (
        "What do you do, in a few words?",
        "As you would name it to a colleague: “Office hours in the canteen”.",
    ),
    "problem": (
        "What was the problem?",
        "What went wrong, for whom, and what did it cost? Two or three sentences are enough.",
    ),
    "context": (
        "Where did you stand?",
        "Your organisation, how many people, what you had tried before. What was particular about it?",
    ),
    "what_we_did": (
        "What did you do about it?",
        "Tell it as you would to somebody at the table. What came first, what next? What would you leave out now?",
    ),
    "what_it_needs": (
        "What does it need?",
        "Time, people, money, permission, tools. What does somebody have to have before they begin?",
    ),
    "what_came_of_it": (
        "What came of it?",
        "What changed, how do you know, and what did not work? What failed helps others most.",
    ),
    "gist": (
        "And all of it in one paragraph?",
        "What should a reader take away who stops here? Lists and search results show it. Easiest to write last.",
    ),
}
ROWS = {"gist": 4, "what_we_did": 10}


class TermsField(forms.ModelMultipleChoiceField):
    """Words of a vocabulary to tick, as the numbers that an answer keeps."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value: Any) -> Any:
        return " ".join(str(pk) for pk in sorted(term.pk for term in super().clean(value)))

    def prepare_value(self, value: Any) -> Any:
        return value.split() if isinstance(value, str) else super().prepare_value(value)


class AnswersForm(forms.Form):
    """The seven questions in their order. Empty answers are welcome: a draft may be anything but lost."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (question, hint) in QUESTIONS.items():
            if name == "title":
                self.fields[name] = forms.CharField(label=question, help_text=hint, max_length=200, required=False)
                continue
            longest = 600 if name == "gist" else LONGEST
            area = forms.Textarea(attrs={"rows": ROWS.get(name, 6)})
            self.fields[name] = forms.CharField(
                label=question, help_text=hint, max_length=longest, required=False, widget=area
            )
        for name in self.fields:
            self.fields[name].error_messages["max_length"] = (
                "This is longer than the %(limit_value)d characters that fit here (%(show_value)d). Please shorten it."
            )

    def questions(self) -> list[forms.BoundField]:
        """The fields of the questions."""
        return [self[name] for name in QUESTIONS]

    def typed(self) -> dict[str, str]:
        """What was typed, by the name of the answer."""
        return {name: self.cleaned_data[name] for name in answers.ANSWERS if name in self.cleaned_data}


class ProposalForm(AnswersForm):
    """A practice of one's own."""

    topics = TermsField(queryset=Topic.objects.none(), label="Which topics is it about?", required=False)
    functions = TermsField(queryset=Function.objects.none(), label="Whose work is it?", required=False)
    industries = TermsField(queryset=Industry.objects.none(), label="In which industry?", required=False)
    audience = forms.TypedChoiceField(
        coerce=int,
        choices=[(Audience.MEMBERS, "Members"), (Audience.PUBLIC, "Everybody, also people who search the web")],
        initial=Audience.MEMBERS,
        widget=forms.RadioSelect,
        label="Who may read it once it is published?",
        required=False,
        empty_value=None,
    )
    file = forms.FileField(
        label="Add a file",
        required=False,
        widget=forms.FileInput(attrs={"accept": ",".join(f".{kind}" for kind in KINDS)}),
        help_text="A template, a checklist, a role card: up to 5 files of 10 MB. Only those who read the practice "
        "can open them.",
    )
    answer = forms.CharField(
        label="Your answer to whoever asked for changes",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What you changed, or why not. It goes with the text when you hand it in again.",
    )
    base = forms.CharField(required=False, widget=forms.HiddenInput)
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        vocabularies: dict[str, Any] = {"topics": Topic, "functions": Function, "industries": Industry}
        for name, model in vocabularies.items():
            field: Any = self.fields[name]
            field.queryset = model.objects.order_by("name")

    def terms(self) -> list[forms.BoundField]:
        """The three vocabularies."""
        return [self[name] for name in answers.TERMS]


class SuggestionForm(AnswersForm):
    """Somebody else's practice, with the words one would change."""

    note = forms.CharField(
        label="Why?",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="A sentence for those who wrote it.",
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in answers.LABELS.items():
            if name in self.fields:
                self.fields[name].label, self.fields[name].help_text = label, ""


class UseRecordForm(forms.ModelForm):
    """How a practice went in another place."""

    class Meta:
        model = UseRecord
        fields = ["outcome", "adapted", "function", "industry", "is_signed"]
        widgets = {"outcome": forms.RadioSelect, "adapted": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "adapted": "What you changed to make it fit, and what came of that.",
            "is_signed": "Then others read it with your name, as far as your profile shows it. Otherwise it is only "
            "counted, and only together with at least four others.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        outcome: Any = self.fields["outcome"]
        outcome.label, outcome.choices = "How did it go?", Outcome.choices
        outcome.error_messages["required"] = "Say how it went; the rest is up to you."
        self.fields["function"].label, self.fields["industry"].label = "Your function there", "Your industry"
        for name in ("function", "industry"):
            field: Any = self.fields[name]
            field.empty_label = "I would rather not say"
