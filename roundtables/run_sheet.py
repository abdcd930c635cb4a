"""The sheet a host runs a session by, on paper or on a phone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from hub.members.rules import shown
from roundtables import inside, tables
from roundtables.agenda import agenda_of
from roundtables.domain import checkin
from roundtables.enums import HEADS, SeatRole, SeatState, SessionPlace
from roundtables.models import SessionPage
from roundtables.recording import answers_of, consent_of, is_recorded
from roundtables.rules import (
    is_host,
    is_open_to_check_in,
    is_open_to_join,
    may_know_askers,
    may_read_questions,
    may_read_shared_notes,
)

UNNAMED = "A member who does not show their name"


def sheet_of(session: SessionPage, request: HttpRequest, *, knows: bool) -> dict[str, Any]:
    """Agenda, questions, people and code. `knows`: the host may know who sits at the table.

    Names are those the reader may see of each person. Those who do not want to be shown at the table are named to its
    hosts only, and the sheet says so; to staff who look at it they are not.
    """
    reader = tables.reader_of(request.user)
    seats = tables.seats_of([session])[session.pk]
    going = sorted(
        (seat for seat in seats if seat.state == SeatState.GOING),
        key=lambda seat: (seat.role not in HEADS, seat.taken_at),
    )
    tells_all = is_host(session, request.user)
    people = [_person(seat, request.user, tells_all=tells_all) for seat in going] if knows else []
    opens = is_open_to_check_in(session)
    started = session.starts_at is not None and session.starts_at <= timezone.now()
    reads = may_read_questions(session, request.user, seats)
    asked = inside.asked(session, reader, names=may_know_askers(session, request.user, seats)) if reads else []
    return {
        "session": session,
        "session_url": session.get_url(request),
        "when": tables.long_time(session, reader),
        "zone_words": tables.zone_words(session, reader),
        "place": SessionPlace(session.place).label,
        "join_url": session.join_url if is_open_to_join(session) else "",
        "code": checkin.code_of(session) if opens else "",
        "code_changes_at": f"{checkin.changes_at().astimezone(reader.zone(session)):%H:%M}" if opens else "",
        "agenda": agenda_of(session, reader, hides_names=not knows),
        "questions": asked,
        "knows": knows,
        "people": people,
        "number": len(going),
        "waiting": len(seats) - len(going),
        "mix": mix_of(people),
        "started": started,
        "reads_notes": may_read_shared_notes(session, request.user, seats),
        "consent": consent_of(session, answers_of(session), seats) if is_recorded(session) else None,
        "in_editor": request.user.has_perm("wagtailadmin.access_admin"),
    }


def _person(seat: tables.TakenSeat, viewer: Any, *, tells_all: bool) -> dict[str, Any]:
    is_quiet = not seat.is_shown and seat.role not in HEADS
    person = shown(seat.profile, viewer, brief=True)
    if is_quiet and not tells_all:
        return {"seat": seat.pk, "name": UNNAMED, "is_quiet": True, "attended": seat.attended}
    return {
        "seat": seat.pk,
        "name": person.name or UNNAMED,
        "function": person.function.name if person.function else "",
        "industry": person.industry.name if person.industry else "",
        "role": SeatRole(seat.role).label if seat.role in HEADS else "",
        "is_quiet": is_quiet,
        "attended": seat.attended,
    }


def mix_of(people: Iterable[dict[str, Any]]) -> str:
    """How mixed the table is, by what people show of themselves."""
    functions = {person["function"] for person in people if person.get("function")}
    industries = {person["industry"] for person in people if person.get("industry")}
    if not functions and not industries:
        return ""
    words = [
        f"{len(found)} {one if len(found) == 1 else many}"
        for found, one, many in ((functions, "function", "functions"), (industries, "industry", "industries"))
    ]
    return f"{words[0]} and {words[1]}, as far as people show theirs"


def numbers(values: Iterable[str]) -> set[int]:
    """The primary keys among what a form sent."""
    return {int(value) for value in values if value.isascii() and value.isdecimal() and len(value) < 19}
