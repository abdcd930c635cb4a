"""The news that seats at sessions make."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hub.notifications.enums import Timing
from hub.notifications.registry import Item, Kind, register


def _answers(notification: Any) -> Sequence[Item]:
    """Yes and no to a seat that is offered: two addresses, as long as it is."""
    from roundtables.domain.answers import answers_to  # kinds are registered before there are models

    return answers_to(notification)


OFFERED = register(
    Kind(
        "roundtables.offered",
        "a seat I wait for comes free",
        "you are on the waiting list of this session",
        Timing.AT_ONCE,
        items=_answers,
    )
)
OFFER_LAPSED = register(
    Kind(
        "roundtables.offer_lapsed",
        "a seat that was held for me goes to somebody else",
        "you were on the waiting list of this session",
        Timing.AT_ONCE,
    )
)
MOVED_UP = register(
    Kind(
        "roundtables.moved_up",
        "I move up from a waiting list",
        "you were on the waiting list of this session",
        Timing.AT_ONCE,
    )
)
SERIES_DATE = register(
    Kind(
        "roundtables.series_date",
        "a new date is set in a series I have a seat in",
        "you have a seat in the whole series",
        Timing.DAILY,
    )
)
INVITED = register(
    Kind(
        "roundtables.invited",
        "somebody invites me to a session",
        "a member invited you",
        Timing.AT_ONCE,
    )
)
ASKED = register(
    Kind(
        "roundtables.asked",
        "somebody asks me for an invitation to a session I run",
        "you run this session, and its seats are by invitation",
        Timing.AT_ONCE,
    )
)
CALLED_OFF = register(
    Kind(
        "roundtables.called_off",
        "a session I have a seat at is cancelled, or takes place after all",
        "you have a seat at this session, or wait for one",
        Timing.AT_ONCE,
    )
)
MOVED = register(
    Kind(
        "roundtables.moved",
        "a session I have a seat at moves to another time",
        "you have a seat at this session, or wait for one",
        Timing.AT_ONCE,
    )
)
LOOSENING = register(
    Kind(
        "roundtables.loosening",
        "I am asked whether what was said at a session may be told",
        "you were at this session",
        Timing.AT_ONCE,
    )
)
REMINDER = register(
    Kind(
        "roundtables.reminder",
        "a session I go to is a day or an hour away",
        "you have a seat at this session",
        Timing.AT_ONCE,
    )
)
TABLE_FILLS = register(
    Kind(
        "roundtables.table_fills",
        "a table of mine is half, nearly or quite full",
        "you run this session",
        Timing.DAILY,
    )
)
