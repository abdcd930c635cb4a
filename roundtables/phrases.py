"""A series’ rule and a sitting’s place, as readers are told of them."""

from __future__ import annotations

from functools import cache

from django.conf import settings

from roundtables import recurrence
from roundtables.enums import SessionPlace, languages
from roundtables.models import SeriesPage, SessionPage
from roundtables.tables import city


def rhythm(series: SeriesPage) -> str:
    """“On the first Thursday of every month, 16:00 in Rome”; empty without a rule, or for one that words do not say."""
    rule = series.parsed_rule
    if rule is None or series.start_time is None or recurrence.rhythm_of(rule) is None:
        return ""
    return f"{recurrence.in_words(rule)}, {series.start_time:%H:%M} in {city(series.zone)}"


def place_words(session: SessionPage) -> str:
    """Where people meet, and in which language if it is not the one the hub is in."""
    place = str(SessionPlace(session.place).label)
    if session.language == settings.LANGUAGE_CODE.partition("-")[0]:
        return place
    return f"{place}, in {_named().get(session.language, session.language)}"


@cache
def _named() -> dict[str, str]:
    return dict(languages())
