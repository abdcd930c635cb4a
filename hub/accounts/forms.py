"""The forms for applying and for logging in."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm as AllauthLoginForm
from django import forms

from hub.accounts.models import Application


class ApplicationForm(forms.ModelForm):
    """Six questions. A seventh, which people do not see, catches machines that fill in everything."""

    nickname = forms.CharField(
        required=False,
        label="Leave this empty",
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    class Meta:
        model = Application
        fields = ("name", "email", "organisation", "function", "industry", "reason")
        labels = {
            "name": "Your name",
            "email": "Your e-mail address",
            "organisation": "Your organisation",
            "function": "What you do there",
            "industry": "Your industry",
            "reason": "What you would bring, and what you are looking for",
        }
        help_texts = {
            "email": "We answer to this address. Nobody else sees it.",
            "function": "For example community, research, service or technology.",
            "industry": "For example health, housing, education or energy.",
            "reason": "A few plain sentences are enough.",
        }
        error_messages = {
            "name": {"required": "Please tell us your name."},
            "email": {
                "required": "Please give an e-mail address, so that we can answer.",
                "invalid": "This does not look like an e-mail address. It should read like name@example.org.",
            },
            "organisation": {"required": "Please name the organisation you work with, or write “independent”."},
            "function": {"required": "Please say in a word or two what you do."},
            "industry": {"required": "Please name the industry you work in."},
            "reason": {"required": "Please write a sentence or two, so that we know whom we would welcome."},
        }
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
            "organisation": forms.TextInput(attrs={"autocomplete": "organization"}),
            "reason": forms.Textarea(attrs={"rows": 6}),
        }

    @property
    def is_from_a_machine(self) -> bool:
        """Whether the hidden question was answered."""
        return bool(self.data.get(self.add_prefix("nickname")))

    def questions(self) -> list[Any]:
        """The fields people see."""
        return [self[name] for name in self.Meta.fields]


class LoginForm(AllauthLoginForm):
    """allauth's login in the hub's words. The session ends with the browser unless a person asks otherwise."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "E-mail address"
        self.fields["remember"].label = "Keep me logged in on this machine"
        self.fields["remember"].help_text = "Leave this off where other people use the machine."
        self.fields["password"].help_text = ""  # the way to a new password stands below the form
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)  # a placeholder is no label
