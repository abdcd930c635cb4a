"""What people type about their own calendars."""

from __future__ import annotations

from django import forms

from roundtables.models import CalendarFeed


class CalendarFeedForm(forms.ModelForm):
    """A new address for a calendar: what it is for, and how much it shows."""

    class Meta:
        model = CalendarFeed
        fields = ["name", "has_open_sessions"]
        help_texts = {
            "name": "Such as “my telephone”. If you lose it, you take away this address and no other.",
            "has_open_sessions": "Otherwise it has the sessions you have a seat at, or wait for one, and no others.",
        }
