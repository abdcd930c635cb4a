"""When a series meets, in plain words; a rule of one's own for what plain words do not say."""

from __future__ import annotations

from typing import Any

from django import forms
from wagtail.admin.widgets import AdminDateInput

from hub.editorial.forms import SeatPageForm
from roundtables import recurrence
from roundtables.recurrence import DAY_NAMES, DAYS, MONTH_DAY, MONTH_WEEKDAY, POSITIONS, WEEK, Rhythm, RuleError

OWN_RULE = "rule"
EVERY = [
    ("", "No rule: sessions are added by hand"),
    (WEEK, "Weeks, on certain weekdays"),
    (MONTH_WEEKDAY, "Months, on a weekday such as the first Thursday"),
    (MONTH_DAY, "Months, on a day such as the 15th"),
    (OWN_RULE, "By a rule of your own"),
]
MONTH_DAYS = [*((number, str(number)) for number in range(1, 29)), (-1, "Last day of the month")]


class SeriesPageForm(SeatPageForm):
    """The form of a series. What is chosen in plain words becomes the rule; a rule that says as much is read back."""

    every = forms.ChoiceField(label="Meets every so many", choices=EVERY, required=False)
    interval = forms.IntegerField(
        label="How many", min_value=1, max_value=99, required=False, initial=1, help_text="2 is every second one."
    )
    weekdays = forms.MultipleChoiceField(
        label="Weekday", choices=list(zip(DAYS, DAY_NAMES, strict=True)), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    position = forms.TypedChoiceField(
        label="Which one of the month", coerce=int, empty_value=None, required=False,
        choices=[(number, word.capitalize()) for number, word in POSITIONS.items()],
    )  # fmt: skip
    month_day = forms.TypedChoiceField(
        label="Day of the month", coerce=int, empty_value=None, required=False, choices=MONTH_DAYS
    )
    until = forms.DateField(
        label="Until", required=False, widget=AdminDateInput, help_text="The last day. Empty: with no end."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.update(self._read_back(self.instance.rule))

    @staticmethod
    def _read_back(written: str) -> dict[str, Any]:
        """What the fields show for a rule that is written down."""
        if not written:
            return {"every": ""}
        try:
            rhythm = recurrence.rhythm_of(recurrence.parse(written))
        except RuleError:
            rhythm = None
        if rhythm is None:
            return {"every": OWN_RULE, "rule": written}
        return {
            "every": rhythm.every,
            "interval": rhythm.interval,
            "weekdays": list(rhythm.weekdays),
            "position": rhythm.position,
            "month_day": rhythm.month_day,
            "until": rhythm.until,
            "rule": "",
        }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if "rule" not in cleaned or self.fields["rule"].disabled:
            return cleaned
        every, own = cleaned.get("every", ""), cleaned["rule"].strip()
        if every == OWN_RULE:
            if not own:
                self.add_error("rule", "Write the rule, or choose above how often the series meets.")
        elif own:
            self.add_error(
                "rule",
                "You wrote a rule and chose something else above. Choose “By a rule of your own”, or empty this.",
            )
        elif not every:
            cleaned["rule"] = ""
        elif every != MONTH_DAY and not cleaned.get("weekdays"):
            self.add_error("weekdays", "Tick the weekday on which the series meets.")
        else:
            cleaned["rule"] = str(self._rhythm(every, cleaned).rule())
        return cleaned

    @staticmethod
    def _rhythm(every: str, chosen: dict[str, Any]) -> Rhythm:
        return Rhythm(
            every,
            chosen.get("interval") or 1,
            tuple(chosen.get("weekdays") or ()) if every in (WEEK, MONTH_WEEKDAY) else (),
            (chosen.get("position") or 1) if every == MONTH_WEEKDAY else 1,
            (chosen.get("month_day") or 1) if every == MONTH_DAY else 1,
            chosen.get("until"),
        )
