"""Sessions that a member may want to go to, each with the reason: what it is about, and whom they would meet there.

Of others it uses what the reader may see of a table anyway: a person who does not show themselves is neither
counted as somebody to meet nor as somebody they have met.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.http import HttpRequest

from hub.accounts.enums import Role
from hub.accounts.rules import role_of
from hub.editorial.showing import Row
from hub.members.models import MemberProfile
from hub.members.rules import shown
from roundtables import tables
from roundtables.enums import HEADS, UNATTRIBUTED, SeatState
from roundtables.models import SessionPage, SessionSeat
from roundtables.tables import Reader, TakenSeat

MOST = 3
WORTH_MEETING = 3  # so many new people are a reason on their own
LOOKED_AT = 12


def for_desk(reader: Reader, request: HttpRequest) -> list[Row]:
    """What to recommend where no sessions were read yet: four queries."""
    coming = list(SessionPage.objects.visible_to(reader.viewer).upcoming().defer_streamfields()[:LOOKED_AT])
    return recommended(coming, tables.seats_of(coming), reader, request)


def recommended(
    sessions: Sequence[SessionPage], seats: Mapping[int, list[TakenSeat]], reader: Reader, request: HttpRequest
) -> list[Row]:
    """Up to three of `sessions`, those with the most reasons first; two queries for members, none for others."""
    if reader.profile is None or role_of(reader.viewer) < Role.MEMBER:
        return []
    own = reader.profile.pk
    open_ = [
        session
        for session in sessions
        if not session.cancelled and not session.by_invitation and own not in {s.profile_id for s in seats[session.pk]}
    ]
    if not open_:
        return []
    topics, met = _shared_topics(open_, own), _met(own)
    found = []
    for session in open_:
        there = _shown_at(seats[session.pk], reader)
        new = there - met
        if topics[session.pk] or len(new) >= WORTH_MEETING:
            found.append((len(topics[session.pk]), len(new), session, reason(topics[session.pk], len(new), len(there))))
    found.sort(key=lambda one: (-one[0], -one[1]))  # the next one first where the reasons are as good
    return [
        Row(session.title, session.get_url(request) or "", gist=why, facts=[tables.short_time(session, reader)])
        for _, _, session, why in found[:MOST]
    ]


def reason(topics: Sequence[str], new: int, there: int) -> str:
    """Why somebody may want to go, in a sentence or two."""
    sentences = []
    if topics:
        words = " and ".join(f"“{name}”" for name in sorted(topics)[:2])
        sentences.append(f"It is about {words}, as you say in your profile.")
    if new:
        whom = (
            "the one person" if there == 1 else f"{new} of the {there} people" if new < there else f"the {new} people"
        )
        sentences.append(f"You have not sat at a table with {whom} shown there.")
    return " ".join(sentences)


def _shared_topics(sessions: Sequence[SessionPage], own: int) -> Mapping[int, list[str]]:
    """The topics of each session that are in the reader's profile."""
    of_session: Any = SessionPage.topics.through
    mine = MemberProfile.topics.through.objects.filter(memberprofile_id=own).values("topic_id")
    found: dict[int, list[str]] = defaultdict(list)
    rows = of_session.objects.filter(sessionpage__in=[session.pk for session in sessions], topic_id__in=mine)
    for session_id, name in rows.values_list("sessionpage_id", "topic__name"):
        found[session_id].append(name)
    return found


def _met(own: int) -> set[int]:
    """With whom somebody sat at a table, of those who showed themselves there."""
    there = SessionSeat.objects.going().exclude(attended=False)
    held = SessionPage.objects.past().filter(cancelled=False).exclude(attribution_mode__in=UNATTRIBUTED)
    with_me = held.filter(pk__in=there.filter(profile=own).values("session_id")).order_by()
    people = there.filter(session_id__in=with_me.values("pk")).filter(Q(is_shown=True) | Q(role__in=HEADS))
    return set(people.order_by().values_list("profile_id", flat=True))


def _shown_at(seats: Sequence[TakenSeat], reader: Reader) -> set[int]:
    """Who is going and shows themselves to the reader."""
    return {
        seat.profile_id
        for seat in seats
        if seat.state == SeatState.GOING
        and (seat.is_shown or seat.role in HEADS)
        and shown(seat.profile, reader.viewer, brief=True).name
    }
