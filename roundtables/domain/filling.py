"""Tells those who run a session how full its table is: at half, at four fifths, and when it is full."""

from __future__ import annotations

from roundtables.domain import news
from roundtables.models import FillNotice, SessionPage, SessionSeat

MARKS = (50, 80, 100)


def notice(session: SessionPage) -> None:
    """Tell the hosts of a mark that the table has passed, once for each; of several at once only of the highest.

    It counts who is going, never who has yet to answer. The row of the session is locked.
    """
    if not session.capacity:
        return
    going = SessionSeat.objects.going().filter(session=session).count()
    passed = [mark for mark in MARKS if going * 100 >= mark * session.capacity]
    told = set(FillNotice.objects.filter(session=session).values_list("percent", flat=True)) if passed else set()
    new = [mark for mark in passed if mark not in told]
    if not new:
        return
    FillNotice.objects.bulk_create([FillNotice(session=session, percent=mark) for mark in new])
    if new[-1] == passed[-1]:
        news.table_fills(session, new[-1], going)
