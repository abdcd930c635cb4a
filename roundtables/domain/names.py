"""Whether a text names somebody, where nobody may be linked with what was said."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hub.accounts.models import User
from hub.members.models import MemberProfile
from roundtables.models import SessionPage
from roundtables.rules import was_there

_WORD = re.compile(r"[^\W_]+")


def says_a_name(session: SessionPage, text: str, *, by: User | None) -> bool:
    """Whether `text` has the name of a member or of somebody on the page of `session`, or where these work.

    The answer must not tell who sat at the table: it knows all members by name, and of those who were there only to
    `by` who was there too, also where they work. A single word that is somebody's whole name may be any word.
    """
    said = _folded(text)
    return any(f" {name} " in said for name in map(str.strip, map(_folded, _names(session, by))) if len(name) > 3)


def _names(session: SessionPage, by: User | None) -> Iterator[str]:
    yield session.organiser
    for byline in session.bylines.select_related("person"):
        yield from (byline.external_name, byline.external_organisation)
        if byline.person is not None:
            yield from (byline.person.name, byline.person.organisation)
    if was_there(session, by):
        for seat in session.seats.going().select_related("profile"):
            yield from (seat.profile.name, seat.profile.organisation)
    for name in MemberProfile.objects.order_by().values_list("name", flat=True):
        if " " in name:
            yield name


def _folded(text: str) -> str:
    return f" {' '.join(_WORD.findall(text.casefold()))} "
