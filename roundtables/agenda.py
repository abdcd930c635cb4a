"""The agenda of a session on its reader's own clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from roundtables.models import SessionPage
from roundtables.tables import Reader


@dataclass(frozen=True, slots=True)
class Stretch:
    """One thing that happens, and when; without a date of the session, only how long it takes."""

    title: str
    text: str
    led_by: str
    minutes: int
    begins: datetime | None = None

    @property
    def at(self) -> str:
        """The reader's clock when it begins. Said here: a template would show the clock of the server."""
        return f"{self.begins:%H:%M}" if self.begins else ""


def agenda_of(session: SessionPage, reader: Reader, *, hides_names: bool) -> list[Stretch]:
    """What happens when: each stretch begins where the one before it ends.

    Minutes are counted as they pass, not as the clock shows them: a clock that is put back in between takes
    nothing from anybody.
    """
    zone, passed, found = reader.zone(session), timedelta(), []
    for block in session.agenda:
        item, begins = block.value, session.starts_at
        if begins is not None:
            begins = (begins + passed).astimezone(zone)
        leader = "" if hides_names else item.get("led_by") or ""
        found.append(Stretch(item["title"], item.get("text") or "", leader, item["minutes"], begins))
        passed += timedelta(minutes=item["minutes"])
    return found


def minutes_of(session: SessionPage) -> int:
    """How long the whole agenda takes."""
    return sum(block.value["minutes"] or 0 for block in session.agenda)
