"""What members find on the page of a session beside what everybody reads: what is asked, and what is theirs to do.

A visitor has none of it, and their request does nothing for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone

from hub.accounts.enums import Role
from hub.accounts.rules import role_of
from hub.members.rules import shown
from roundtables import recording, rules
from roundtables.enums import UNATTRIBUTED, QuestionState, SeatRole, SeatState
from roundtables.models import Question, QuestionVote, SessionPage
from roundtables.tables import Reader, TakenSeat


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as its reader may see it."""

    pk: int
    text: str
    votes: int
    who: str
    url: str = ""
    state: str = QuestionState.OPEN
    is_mine: bool = False
    has_my_vote: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it waits to be talked about."""
        return self.state == QuestionState.OPEN


@dataclass(frozen=True, slots=True)
class Inside:
    """What a member may read and do."""

    questions: list[Asked]
    shows_questions: bool
    takes_questions: bool
    is_at_table: bool
    runs: bool
    checks_in: bool  # may say now that they are here
    is_here: bool  # is noted as having come, while that is still asked
    shares_notes: bool
    consents: bool  # is asked whether they agree to the recording
    answer: bool | None  # what they said


def inside_of(session: SessionPage, seats: Sequence[TakenSeat], reader: Reader) -> Inside | None:
    """What `reader` finds; None for who could not sit down. One query for what is asked."""
    viewer = reader.viewer
    if role_of(viewer) < Role.MEMBER or not session.live:
        return None
    mine = _own_seat(seats, reader)
    at_table = rules.is_at_table(session, viewer, seats)
    runs = mine is not None and mine.role == SeatRole.HOST
    runs = runs or (role_of(viewer) >= Role.LEADER and rules.may_host(session, viewer, seats))
    reads = rules.may_read_questions(session, viewer, seats)
    takes = reads and not session.cancelled and not rules.is_over(session)
    among = at_table or (runs and session.attribution_mode not in UNATTRIBUTED)  # rules.may_know_askers
    questions = asked(session, reader, names=among) if reads else []
    opens = rules.is_open_to_check_in(session)
    begun = session.starts_at is not None and session.starts_at <= timezone.now()
    asks = begun and at_table and recording.is_recorded(session)
    return Inside(
        questions=[one for one in questions if one.state != QuestionState.HIDDEN or one.is_mine],
        shows_questions=reads,
        takes_questions=takes,
        is_at_table=at_table,
        runs=runs,
        checks_in=opens and mine is not None and not mine.attended,
        is_here=opens and mine is not None and bool(mine.attended),
        shares_notes=among,
        consents=asks,
        answer=recording.answers_of(session).get(mine.profile_id) if asks and mine else None,
    )


def asked(session: SessionPage, reader: Reader, *, names: bool) -> list[Asked]:
    """What is asked at `session`, most wanted first; answered ones after the open ones. Askers only with `names`."""
    own = reader.profile.pk if reader.profile else None
    found = (
        Question.objects.ranked()
        .filter(session_id=session.pk)
        .annotate(has_my_vote=Exists(QuestionVote.objects.filter(question=OuterRef("pk"), profile_id=own)))
        .select_related("asker__function", "asker__industry")
    )
    order = [QuestionState.OPEN, QuestionState.ANSWERED, QuestionState.HIDDEN]
    questions = [_asked(question, reader, own, names=names) for question in found]
    return sorted(questions, key=lambda one: order.index(QuestionState(one.state)))


def _asked(question: Any, reader: Reader, own: int | None, *, names: bool) -> Asked:
    mine = own is not None and question.asker_id == own
    tells = names and not question.is_anonymous
    person = shown(question.asker, reader.viewer, brief=True) if tells else None
    return Asked(
        pk=question.pk,
        text=question.text,
        votes=question.number_of_votes,
        who=("you, without your name" if question.is_anonymous else "you")
        if mine
        else (person.name if person and person.name else "a member"),
        url=(person.url or "") if person and not mine else "",
        state=question.state,
        is_mine=mine,
        has_my_vote=question.has_my_vote,
    )


def _own_seat(seats: Sequence[TakenSeat], reader: Reader) -> TakenSeat | None:
    """The seat the reader holds, of those that were read anyway; a place in the queue is none."""
    own = reader.profile.pk if reader.profile else None
    return next((seat for seat in seats if seat.profile_id == own and seat.state == SeatState.GOING), None)
