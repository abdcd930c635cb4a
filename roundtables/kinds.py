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

TAKEAWAYS_TO_CHECK = register(
    Kind(
        "roundtables.takeaways_to_check",
        "takeaways of a session I was at wait for my check",
        "you were at this session",
        Timing.AT_ONCE,
    )
)
TAKEAWAY_ANSWERED = register(
    Kind(
        "roundtables.takeaway_answered",
        "somebody who was there would change a takeaway",
        "you run this session",
        Timing.AT_ONCE,
    )
)
TAKEAWAYS_READY = register(
    Kind("roundtables.takeaways_ready", "takeaways were checked", "you run this session", Timing.AT_ONCE)
)
TAKEAWAYS_MISSING = register(
    Kind(
        "roundtables.takeaways_missing",
        "a session I run is over and has no takeaways yet",
        "you run this session",
        Timing.AT_ONCE,
    )
)
COMMITMENT_DUE = register(
    Kind(
        "roundtables.commitment_due",
        "the day has come for something I wanted to try",
        "you set yourself this day",
        Timing.AT_ONCE,
    )
)
FOLLOW_UP_PROPOSED = register(
    Kind(
        "roundtables.follow_up_proposed",
        "somebody proposes a topic to go on with",
        "you run this session",
        Timing.AT_ONCE,
    )
)
FOLLOW_UP_ANSWERED = register(
    Kind("roundtables.follow_up_answered", "a topic I proposed is answered", "you proposed this topic")
)
