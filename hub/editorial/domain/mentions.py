"""Mentions in remarks: “@Name” calls somebody who holds a seat on the page, and nobody else.

Names are those by which the writer knows the seat holders already. Any other name after an “@” is a word
like others: nobody is told, and nothing tells the writer whether such a person exists.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from hub.accounts.models import User
from hub.editorial.domain.people import UNNAMED, name_for
from hub.pages.models import BasePage

_AT = re.compile(r"(?<![\w@])@(?=\w)")


def can_be_mentioned(page: BasePage, by: User) -> list[tuple[str, User]]:
    """The others with a seat on `page`, by the names that `by` knows them by, in the order they took it."""
    seats = page.page_seats.filter(user__is_active=True).exclude(user_id=by.pk).select_related("user")
    named = [(name_for(seat.user, by), seat.user) for seat in seats]
    return [(name, user) for name, user in named if name != UNNAMED]


def mentioned(text: str, people: Sequence[tuple[str, User]]) -> list[User]:
    """Those of `people` whom `text` calls: by their whole name, or by their first name alone."""
    found: dict[int, User] = {}
    for at in _AT.finditer(text):
        rest = text[at.end() :]
        whole = [(name, user) for name, user in people if _begins_with(rest, name)]
        if whole:
            longest = max(len(name) for name, _ in whole)
            called: Iterable[User] = (user for name, user in whole if len(name) == longest)
        else:
            called = (user for name, user in people if _begins_with(rest, name.split()[0]))
        found |= {user.pk: user for user in called}
    return list(found.values())


def _begins_with(text: str, name: str) -> bool:
    words = r"\s+".join(map(re.escape, name.split()))
    return re.match(rf"{words}(?!\w)", text, re.IGNORECASE) is not None
