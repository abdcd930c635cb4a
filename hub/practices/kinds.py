"""The news that members' contributions to practices make."""

from __future__ import annotations

from hub.notifications.enums import Timing
from hub.notifications.registry import Kind, register

WRITES = "you write the practice, or look after those without an author"

EDIT_SUGGESTED = register(
    Kind("practices.edit_suggested", "somebody suggests an edit of a practice I write", WRITES, Timing.AT_ONCE)
)
EDIT_ANSWERED = register(
    Kind("practices.edit_answered", "an edit I suggested is answered", "you suggested the edit", Timing.DAILY)
)
TRIED = register(Kind("practices.tried", "somebody says how a practice I write went with them", WRITES))
