"""The forms around takeaways: writing one down, checking them, what one will try, and what might be next."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from hub.members.models import MemberProfile
from hub.members.rules import shown
from roundtables.domain.takeaways import there
from roundtables.enums import ABOUT_A_PERSON, Answer, Attribution, CommitmentOutcome
from roundtables.models import Commitment, SessionPage, Takeaway
from roundtables.models.takeaways import LONGEST_STATEMENT

TOO_LONG = "This is longer than the %(limit_value)d characters that fit here (%(show_value)d). Please shorten it."


class TakeawayForm(forms.Form):
    """One statement. Who said it is asked in an open session only, from those who were there."""

    statement = forms.CharField(
        label="One statement worth keeping",
        max_length=LONGEST_STATEMENT,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST_STATEMENT}),
        help_text="A whole sentence that others can use without having been there.",
        error_messages={"required": "Write one sentence that is worth keeping.", "max_length": TOO_LONG},
    )
    detail = forms.CharField(
        label="What explains it",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="How many had seen it, where it does not hold, an example.",
        error_messages={"max_length": TOO_LONG},
    )
    attribution = forms.ChoiceField(
        label="Whose words are these?", choices=Attribution.choices, widget=forms.RadioSelect, initial=Attribution.TABLE
    )
    speaker: Any = forms.ModelChoiceField(
        label="Who said it?",
        queryset=MemberProfile.objects.none(),
        required=False,
        empty_label="Nobody in particular",
        help_text="They are asked first. Until they say yes, it is a member’s.",
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, session: SessionPage, viewer: Any, takeaway: Takeaway | None = None, **kwargs: Any):
        if takeaway is not None:
            kwargs["initial"] = {
                "statement": takeaway.statement,
                "detail": takeaway.detail,
                "attribution": takeaway.attribution,
                "speaker": takeaway.speaker_id,
                "seen": takeaway.version,
                **kwargs.get("initial", {}),
            }
        super().__init__(*args, **kwargs)
        if session.withholds_names:
            self.fields["attribution"].choices = [  # type: ignore[attr-defined]
                (value, label) for value, label in Attribution.choices if value not in ABOUT_A_PERSON
            ]
            del self.fields["speaker"]
            return
        speaker: Any = self.fields["speaker"]
        seats = list(there(session).select_related("profile"))
        names = {seat.profile_id: shown(seat.profile, viewer, brief=True).name for seat in seats}
        speaker.queryset = MemberProfile.objects.filter(pk__in=[pk for pk, name in names.items() if name])
        speaker.label_from_instance = lambda profile: names[profile.pk]

    def words(self) -> dict[str, Any]:
        """What was typed, as the domain takes it."""
        said = dict(self.cleaned_data)
        said.pop("seen")
        return {"speaker": None, **said}


class CheckForm(forms.Form):
    """What somebody who was there says to one takeaway. Left open, nothing is said."""

    said = forms.ChoiceField(
        label="Is this what the table said?", choices=Answer.choices, widget=forms.RadioSelect, required=False
    )
    text = forms.CharField(
        label="Your words, or why not",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Only for the second and third answer. Those who run the session read it, not who wrote it.",
        error_messages={"max_length": TOO_LONG},
    )
    named = forms.BooleanField(label="Say that it was me", required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("said") in (Answer.AMENDS, Answer.OBJECTS) and not cleaned.get("text", "").strip():
            self.add_error("text", "Say in a few words what should be different, so that it can be changed.")
        if cleaned.get("text", "").strip() and not cleaned.get("said"):
            self.add_error("said", "Choose which of the three it is: what you wrote stands below.")
        return cleaned


class WithdrawForm(forms.Form):
    """Why a published takeaway does not stand any more."""

    why = forms.CharField(
        label="Why is it withdrawn?",
        max_length=300,
        help_text="Everybody who opens its page reads this, with the date.",
        error_messages={"required": "Say why, in a sentence: those who relied on it read it.", "max_length": TOO_LONG},
    )


class CommitmentForm(forms.ModelForm):
    """What I will try, and by when."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    class Meta:
        model = Commitment
        fields = ["text", "due_on", "is_shared"]
        widgets = {"due_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
        help_texts = {
            "text": "One thing, small enough that you will know whether you did it.",
            "due_on": "We ask you then what came of it.",
            "is_shared": "Without your name. Otherwise nobody reads it but you.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_on"].initial = timezone.localdate() + timedelta(days=28)
        self.fields["text"].error_messages["required"] = "Say what you will try, in a few words."
        self.fields["due_on"].error_messages["required"] = "Choose a day: we ask you then what came of it."


class OutcomeForm(forms.Form):
    """What came of what I wanted to try."""

    outcome = forms.ChoiceField(
        label="What came of it?",
        choices=[choice for choice in CommitmentOutcome.choices if choice[0]],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how it went; the words are up to you."},
    )
    words = forms.CharField(
        label="In your words",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="What you saw, what got in the way. If you shared it, those who were there read this too.",
        error_messages={"max_length": TOO_LONG},
    )
    due_on = forms.DateField(
        label="Another day",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="If not yet: we ask you again then.",
    )
    is_shared = forms.BooleanField(
        label="Show it to those who were there", required=False, help_text="Without your name."
    )


class FollowUpForm(forms.Form):
    """A topic for a next session."""

    topic = forms.CharField(
        label="What would you go on with?",
        max_length=200,
        error_messages={"required": "Say in a few words what you would go on with.", "max_length": TOO_LONG},
    )
    why = forms.CharField(
        label="What is still open?",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": TOO_LONG},
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
