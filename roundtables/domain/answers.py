"""Yes and no to an offered seat, as addresses for a mail: one click for whoever is logged in.

An address is signed, holds good for one offer, and does nothing for anybody but the person it was
offered to. So a page elsewhere cannot make somebody's browser answer, and a forwarded mail says nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core import signing
from django.urls import reverse

from hub.accounts.models import User
from hub.notifications.registry import Item
from roundtables.enums import SeatState
from roundtables.models import SessionSeat

SALT = "roundtables.offer"
WORDS = {"yes": "Yes, I take the seat", "no": "No, let somebody else have it"}


def answers_to(notification: Any) -> Sequence[Item]:
    """The two answers to the offer that `notification` tells of; none once it is answered, or over."""
    offered = SessionSeat.objects.filter(
        session_id=notification.page_id, profile__user_id=notification.user_id, state=SeatState.OFFERED
    )
    seat = offered.exclude(pk__in=SessionSeat.objects.lapsed()).first()
    return [Item(words, address_of(seat, answer)) for answer, words in WORDS.items()] if seat else []


def address_of(seat: SessionSeat, answer: str) -> str:
    """Where `answer` is given to the offer of `seat`."""
    token = signing.dumps([seat.pk, _offer(seat), answer], salt=SALT)
    return reverse("roundtables:answer", args=[token])


def read(token: str, user: User) -> tuple[SessionSeat, bool, bool] | None:
    """The seat, whether the answer is yes, and whether that offer still waits; None if it is not for `user`."""
    try:
        pk, offer, answer = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    seat = SessionSeat.objects.filter(pk=pk, profile__user=user).select_related("session", "profile__user").first()
    if seat is None:
        return None
    return seat, answer == "yes", _offer(seat) == offer


def _offer(seat: SessionSeat) -> str:
    """Which offer it is: the next one to the same person ends at another moment."""
    return seat.offered_until.isoformat() if seat.offered_until else ""
