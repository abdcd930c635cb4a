"""What each sort of reader finds for a question, for staff who wonder; nothing of it is remembered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, IntegerField, Q, When
from django.db.models.functions import Length

from hub.accounts.enums import Role
from hub.accounts.models import User
from hub.accounts.rules import Viewer
from search.domain import words
from search.domain.query import SearchAnswer, find, visible
from search.domain.rows import Row, rows
from search.models import Entry
from search.rules import scopes_of

SHOWN = 5  # of each reader's results
OFFERED = 8  # things to choose from


@dataclass(frozen=True, slots=True)
class Seen:
    """What one sort of reader finds: the first results and how many there are."""

    reader: str
    answer: SearchAnswer
    rows: list[Row]

    @property
    def is_from_database(self) -> bool:
        """Whether the index did not answer."""
        return self.answer.from_database


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that can be chosen to come first; `key` is its model and number, as in the catalogue."""

    key: str
    title: str
    kind: str
    url: str


def seen_by_all(text: str) -> Iterator[Seen]:
    """What a visitor, a member, a member-leader and somebody of the staff find."""
    for role in Role:
        answer = find(text, viewer=_somebody(role), per_page=SHOWN)
        yield Seen(str(role.label), answer, rows(answer))


def _somebody(role: Role) -> Viewer:
    """Nobody in particular who has this role: what is for one person alone is not found."""
    if role == Role.VISITOR:
        return AnonymousUser()
    somebody = User(pk=0)
    somebody.role = role
    return somebody


def key_of(entry: Entry) -> str:
    """How a form names the thing that an entry stands for."""
    return f"{entry.source_model}:{entry.source_id}"


def thing_of(key: str, viewer: Viewer) -> Thing | None:
    """The thing of this key, if `viewer` may find it."""
    model, _, number = key.partition(":")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    entries = visible(scopes_of(viewer)).filter(source_model=model, source_id=int(number), is_deleted=False)
    entry = entries.first()
    return _thing(entry) if entry else None


def things(typed: str, viewer: Viewer) -> list[Thing]:
    """What `viewer` may choose from for what was typed: titles with these words first, then what a search finds."""
    typed = words.squeeze(typed[:400])[:100]
    if not typed:
        return []
    named = visible(scopes_of(viewer)).filter(is_deleted=False)
    for word in typed.split()[:8]:
        named = named.filter(title__icontains=word)
    begins = Case(When(Q(title__istartswith=typed), then=0), default=1, output_field=IntegerField())
    entries = list(named.order_by(begins, Length("title"), "pk")[:OFFERED])
    if len(entries) < OFFERED:
        entries += [hit.entry for hit in find(typed, viewer=viewer, per_page=OFFERED).hits]
    return list({key_of(entry): _thing(entry) for entry in entries}.values())[:OFFERED]


def _thing(entry: Entry) -> Thing:
    return Thing(key_of(entry), entry.title, cast(str, entry.get_kind_display()), entry.url)
