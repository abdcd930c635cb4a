"""Dates as the hub says them: without a year while it is this year's."""

from __future__ import annotations

from datetime import date


def in_words(day: date, today: date) -> str:
    """“12 November”, or “12 November 2024” when the year is not this one."""
    words = f"{day.day} {day:%B}"
    return words if day.year == today.year else f"{words} {day.year}"


def month_in_words(day: date, today: date) -> str:
    """“March”, or “March 2024” when the year is not this one."""
    return f"{day:%B}" if day.year == today.year else f"{day:%B} {day.year}"
