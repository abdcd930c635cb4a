"""What the pages about takeaways hand to their templates: each line as one reader may see it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.http import HttpRequest
from django.utils import timezone

from hub.accounts.enums import Role
from hub.accounts.rules import Viewer, role_of
from hub.editorial import showing
from hub.kernel import prepared
from hub.kernel.dates import in_words
from hub.members.rules import ShownProfile, shown
from hub.practices.rules import SMALLEST_CELL
from roundtables.enums import Attribution, TakeawayState
from roundtables.models import Commitment, SessionPage, Takeaway
from roundtables.rules import may_check, may_keep, may_read_notes, told_speaker

TICKS = 12  # drawn beside “7 of the 8”; a bigger table says it in words alone


@dataclass(frozen=True, slots=True)
class Line:
    """A takeaway in a list or on its page. `person` is whoever said it, `who` how they are told of in words."""

    pk: int
    statement: str
    detail: str
    url: str
    who: str
    person: ShownProfile | None
    checked: str
    ticks: list[tuple[int, bool]]
    published_on: date | None
    withdrawn_on: date | None
    withdrawn_why: str
    session: Any = None


def line(takeaway: Takeaway, viewer: Viewer, people: dict[int, Any], *, session: Any = None) -> Line:
    """One takeaway. `people` are the speakers (`speakers_of`), `session` title and address of where it comes from."""
    who, person = said_by(takeaway, viewer, people)
    present, confirmed = takeaway.present or 0, takeaway.confirmed or 0
    told = present >= SMALLEST_CELL and confirmed >= SMALLEST_CELL
    return Line(
        pk=takeaway.pk,
        statement=takeaway.statement,
        detail=takeaway.detail,
        url=takeaway.get_absolute_url(),
        who=who,
        person=person,
        checked=checked_in_words(present, confirmed),
        ticks=[(6 + 12 * place, place < confirmed) for place in range(present)] if told and present <= TICKS else [],
        published_on=_day(takeaway.published_at),
        withdrawn_on=_day(takeaway.withdrawn_at),
        withdrawn_why=takeaway.withdrawn_why,
        session=session,
    )


def speakers_of(found: Iterable[Takeaway], viewer: Viewer) -> dict[int, Any]:
    """Those who may be told of with these takeaways, in one query; none where nobody is."""
    return showing.people([one.speaker_id for one in found if one.speaker_agreed], viewer)


def checked_in_words(present: int, confirmed: int) -> str:
    """How many confirmed it of how many were there; a number below five would point at somebody."""
    if present < SMALLEST_CELL:
        return "Laid before those who were there, fewer than five"
    if confirmed < SMALLEST_CELL:
        return f"Laid before the {present} who were there; fewer than five confirmed it"
    if confirmed == present:
        return f"Checked by all {present} who were there"
    return f"Checked by {confirmed} of the {present} who were there"


def said_by(takeaway: Takeaway, viewer: Viewer, people: dict[int, Any]) -> tuple[str, ShownProfile | None]:
    """Whose words they are, as far as this reader may know it."""
    if takeaway.attribution == Attribution.TABLE:
        return "", None
    speaker = people.get(takeaway.speaker_id) if takeaway.speaker_id else None
    if speaker is not None:
        named, placed = told_speaker(takeaway, Attribution.NAMED), told_speaker(takeaway, Attribution.PLACE)
        person = shown(speaker, viewer, brief=True)
        if named and person.name:
            return person.name, person
        if placed and person.function and person.industry:
            return f"{person.function.name}, {person.industry.name}", None
    return "A member", None


def of_session(page: SessionPage, request: HttpRequest, seats: Iterable[Any]) -> dict[str, Any]:
    """What the page of a session that is over shows of it. `seats` are those that the page has read."""
    viewer = request.user
    # Somebody outside who reads the page by a link reads its text, and not what is kept beside it.
    if page.cancelled or not page.is_visible_to(viewer) or not may_read_notes(page, viewer, seats):
        return {}
    rows = _takeaways_of(page)
    told = [row for row in rows if row.state == TakeawayState.PUBLISHED]
    people = speakers_of(told, viewer)
    context: dict[str, Any] = {"takeaways": [line(row, viewer, people) for row in told]}
    if not viewer.is_authenticated:
        return context
    states = [row.state for row in rows]
    was_there = may_check(page, viewer, seats)
    # To ask who runs it costs two queries, which a member who was not there need not pay; the editor leads there too.
    keeps = (was_there or role_of(viewer) >= Role.LEADER) and may_keep(page, viewer, seats)
    if not was_there and not keeps:
        return context
    return {
        **context,
        "kept": {
            "was_there": was_there,
            "keeps": keeps,
            "checking": states.count(TakeawayState.CHECKING),
            "drafts": states.count(TakeawayState.DRAFT),
            "commitments": commitment_rows(_commitments_of(page, viewer, was_there=was_there), viewer),
        },
    }


def _commitments_of(page: SessionPage, viewer: Any, *, was_there: bool) -> Any:
    found = Commitment.objects.filter(session=page).shown_to(viewer, was_there=was_there)
    return found.select_related("profile")


_COLUMNS = [column.attname for column in Takeaway._meta.concrete_fields]


def _takeaways_of(page: SessionPage) -> list[Takeaway]:
    found = [
        Takeaway.from_db(DEFAULT_DB_ALIAS, _COLUMNS, row)
        for row in prepared.rows("takeaways of a session", _in_order, page.pk)
    ]
    for takeaway in found:
        takeaway.session = page
    return found


def _in_order(session_id: int) -> Any:
    return Takeaway.objects.filter(session_id=session_id).order_by("pk").values_list(*_COLUMNS)


@dataclass(frozen=True, slots=True)
class CommitmentRow:
    """What somebody means to try, without who."""

    text: str
    due: str
    how: str
    words: str
    is_mine: bool
    is_shared: bool
    is_late: bool
    url: str


def commitment_rows(found: Iterable[Commitment], viewer: Any) -> list[CommitmentRow]:
    """Commitments as a table shows them."""
    today = timezone.localdate()
    rows = []
    for one in found:
        mine = one.profile.user_id == viewer.pk
        late = not one.outcome and one.due_on < today
        rows.append(
            CommitmentRow(
                text=one.text,
                due=in_words(one.due_on, today),
                how=one.get_outcome_display(),
                words=one.words,
                is_mine=mine,
                is_shared=one.is_shared,
                is_late=late,
                url=one.get_absolute_url() if mine else "",
            )
        )
    return rows


def listed(found: Iterable[Takeaway], viewer: Viewer, request: HttpRequest) -> list[Line]:
    """Takeaways with the sessions they come from (select_related); one query for all of the people."""
    rows = list(found)
    people = speakers_of(rows, viewer)
    return [
        line(row, viewer, people, session={"title": row.session.title, "url": row.session.get_url(request) or ""})
        for row in rows
    ]


def _day(moment: datetime | None) -> date | None:
    return timezone.localtime(moment).date() if moment else None
