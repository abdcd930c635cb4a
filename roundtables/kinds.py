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
