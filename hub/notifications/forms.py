"""The form in which a person says when they want to be mailed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from hub.notifications import registry
from hub.notifications.enums import Timing


class PreferencesForm(forms.Form):
    """One choice for each kind of news. What waits on the person stands first."""

    def __init__(self, *args: Any, timings: Mapping[str, Timing], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.urgent: list[str] = []
        self.calm: list[str] = []
        for kind in registry.kinds():
            self.fields[kind.key] = forms.ChoiceField(
                label=f"When {kind.label}",
                choices=Timing.choices,
                initial=timings[kind.key],
                error_messages={"invalid_choice": "Choose one of the four."},
            )
            (self.urgent if kind.timing == Timing.AT_ONCE else self.calm).append(kind.key)

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields with a heading for each group."""
        return [
            ("What waits for you", [self[key] for key in self.urgent]),
            ("What is good to know", [self[key] for key in self.calm]),
        ]
