"""Remembering what was asked: one row, one query, after the page was sent, and never at the cost of the page.

What is not remembered: a question of somebody who asks not to be tracked (DNT, Sec-GPC), of a program,
or of a browser that fetches ahead; a further page of results; suggestions; the preview at the desk.
Somebody who reloads the page, or comes back to it in the same ten minutes of the clock, has asked once. Across
the full ten minutes it is twice, in how often something was asked, never in how many people asked: to look for
the earlier row would cost every question a query.

**Who asked** is needed for one thing: to know whether three different people did. So a member's account
is kept for thirty days, and a visitor gets a token made from their address and browser with a secret of
that day. The secret goes when the day is over: from then on nobody can come back from a token, or from
the key of a row, to anybody. `search_log_prune` does the rest (docs/search.md).
"""

from __future__ import annotations

import datetime
import hashlib
import hmac
import logging
import re
import uuid

from allauth.account.adapter import get_adapter
from django.core import signing
from django.db import DatabaseError
from django.http import HttpRequest
from django.utils import timezone

from hub.accounts.rules import role_of
from search.domain.query import SearchAnswer
from search.models import Asking, DaySecret
from search.models.asking import LONGEST_TEXT

logger = logging.getLogger("search")

SAME_WITHIN = datetime.timedelta(minutes=10)
ANSWERED_WITHIN = datetime.timedelta(days=1)  # how long a page of results may lie open before it is used
LAST_PLACE = 1_000  # of a result; more is a program's number
_PROGRAM = re.compile(r"bot|crawl|spider|slurp|preview|curl|wget|python|java/|go-http|headless|monitor|scan", re.I)
_signer = signing.TimestampSigner(salt="search.asking")


def remember(request: HttpRequest, answer: SearchAnswer) -> str:
    """The signed token with which the page of results tells what came of the question; empty if it is not remembered.

    Nothing is written yet: that is `write_down`, once the page is sent.
    """
    if answer.question.is_empty or not _is_to_be_remembered(request):
        return ""
    try:
        row = _row(request, answer)
    except Exception:  # whatever it is, the search goes on
        logger.warning("A question could not be remembered.", exc_info=True)
        return ""
    if answer.page == 1:
        request.asked = row  # type: ignore[attr-defined]
    return _signer.sign(row.pk.hex)


def write_down(request: HttpRequest) -> None:
    """Write the row that `remember` prepared, if it did; one query. A failure is logged and harms nobody."""
    row: Asking | None = getattr(request, "asked", None)
    if row is None:
        return
    try:
        Asking.objects.bulk_create([row], ignore_conflicts=True)  # the same question, minutes ago: once
    except DatabaseError:
        logger.warning("A question could not be written down.", exc_info=True)


def opened(token: str, place: int) -> bool:
    """The result at this place was opened. False if the token is not one of ours, or too old."""
    key = _key(token)
    if key is not None and 1 <= place <= LAST_PLACE:
        Asking.objects.filter(pk=key, opened__isnull=True).update(opened=place)
        return True
    return False


def answered(token: str, helped: bool) -> bool:
    """Whether it helped; the first answer counts. False if the token is not one of ours, or too old."""
    key = _key(token)
    if key is None:
        return False
    Asking.objects.filter(pk=key, helped__isnull=True).update(helped=helped)
    return True


def _key(token: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(hex=_signer.unsign(token, max_age=ANSWERED_WITHIN))
    except (signing.BadSignature, ValueError):
        return None


def _is_to_be_remembered(request: HttpRequest) -> bool:
    headers = request.headers
    if request.method != "GET" or "1" in (headers.get("DNT", "").strip(), headers.get("Sec-GPC", "").strip()):
        return False
    if "prefetch" in headers.get("Sec-Purpose", headers.get("Purpose", "")):
        return False
    agent = headers.get("User-Agent", "")
    return bool(agent) and not _PROGRAM.search(agent)


def _row(request: HttpRequest, answer: SearchAnswer) -> Asking:
    now = timezone.now()
    user = request.user if request.user.is_authenticated else None
    text = answer.question.plain[:LONGEST_TEXT].strip()
    filters = ", ".join(words for _, _, words in answer.filters.chosen())[:LONGEST_TEXT]
    secret = secret_of(now.date())
    visitor = "" if user else _digest(secret, _address(request), request.headers["User-Agent"])[:32]
    moment = int(now.timestamp() // SAME_WITHIN.total_seconds())
    key = _digest(secret, str(user.pk) if user else visitor, text, filters, str(moment))
    return Asking(
        pk=uuid.UUID(hex=key[:32]), text=text, filters=filters, total=answer.total, role=role_of(user), asked_at=now,
        user=user, visitor=visitor,
    )  # fmt: skip


def _address(request: HttpRequest) -> str:
    return str(get_adapter().get_client_ip(request))  # as the limits on logins know it, behind a proxy as well


def _digest(secret: str, *parts: str) -> str:
    return hmac.new(secret.encode(), "\0".join(parts).encode("utf-8", "replace"), hashlib.sha256).hexdigest()


_today: tuple[datetime.date, str] | None = None


def secret_of(day: datetime.date) -> str:
    """The secret of a day, the same in every process, read once in each; those of days gone by are removed."""
    global _today
    if _today is None or _today[0] != day:
        row, is_new = DaySecret.objects.get_or_create(day=day)
        if is_new:
            DaySecret.objects.filter(day__lt=day).delete()
        _today = (day, row.secret)
    return _today[1]
