"""The news that seats at sessions make."""

from __future__ import annotations

from hub.notifications.enums import Timing
from hub.notifications.registry import Kind, register

MOVED_UP = register(
    Kind(
        "roundtables.moved_up",
        "I move up from a waiting list",
        "you were on the waiting list of this session",
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
