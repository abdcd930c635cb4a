"""Sends mails, and notes what became of each.

How often a mail arrives: **at least once and at most twice**, unless its process dies in the middle of sending it
twice in a row, and then it is not sent a third time but listed as not delivered.

- It is written into the database with the change it tells of. A process that dies before it sends leaves it
  there, and the next run of `send_digests` hands it on.
- Before it is sent it is claimed, in a transaction of its own: of two workers one sends it.
- A process that dies after that leaves a claim that nobody answers. Whether the mail server has taken the
  mail then is not known, so after `CLAIM` it is sent once more, under the same Message-ID, by which mail
  programs know it as the same. That is the one way in which a mail arrives twice.
- An answer of the mail server is knowledge: "no for ever" is not tried again, "not now" and a server that
  cannot be reached are, after each of `PAUSES`. Neither counts as cut off.
"""

from __future__ import annotations

import logging
import smtplib
from datetime import timedelta

from django.core.mail import EmailMessage, get_connection
from django.db.models import F
from django.utils import timezone

from hub.notifications.enums import DeliveryState
from hub.notifications.letters import write
from hub.notifications.models import Delivery

logger = logging.getLogger(__name__)
CLAIM = timedelta(minutes=10)  # longer than the mail server may take to answer
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (5, 30, 120, 480, 1440))
MOST_CUT_OFF = 2
CUT_OFF = "The connection or the process ended twice while it was being sent. It may have arrived, or not."


class _Refused(Exception):
    """The mail server said no. `for_ever`: it will say so again."""

    def __init__(self, reason: str, *, for_ever: bool) -> None:
        super().__init__(reason)
        self.for_ever = for_ever


class _CutOff(Exception):
    """The connection broke while the mail was handed over: nobody knows whether it was taken."""


def send(delivery_id: int) -> None:
    """Send one mail that is due, if nobody else does. Errors of the mail server end in the database, not here."""
    now = timezone.now()
    due = Delivery.objects.filter(pk=delivery_id, state=DeliveryState.WAITING, due_at__lte=now)
    if not due.update(state=DeliveryState.SENDING, claimed_at=now, tries=F("tries") + 1):
        return
    delivery = Delivery.objects.select_related("user").get(pk=delivery_id)
    try:
        message = write(delivery) if delivery.user.is_active else None
    except Exception as error:  # whatever it is, it is no reason to lose the mail, and staff have to see it
        logger.exception("Mail %s could not be written", delivery.pk)
        try_again(delivery, reason=f"It could not be written: {type(error).__name__}: {error}")
        return
    if message is None:
        _note(delivery, DeliveryState.EMPTY)
        return
    try:
        _hand_over(message)
    except _Refused as refusal:
        if refusal.for_ever:
            _note(delivery, DeliveryState.FAILED, reason=str(refusal))
        else:
            try_again(delivery, reason=str(refusal))
    except _CutOff as error:
        cut_off(delivery, reason=str(error))
    else:
        _note(delivery, DeliveryState.SENT, sent_at=timezone.now())


def try_again(delivery: Delivery, *, reason: str) -> None:
    """It was certainly not sent: wait a little longer each time, and give up after the last of `PAUSES`."""
    if delivery.tries > len(PAUSES):
        _note(delivery, DeliveryState.FAILED, reason=reason)
    else:
        pause = PAUSES[delivery.tries - 1]
        _note(delivery, DeliveryState.WAITING, reason=reason, due_at=timezone.now() + pause)


def cut_off(delivery: Delivery, *, reason: str = "") -> None:
    """It may have been sent: once more, and no third time."""
    if delivery.cut_off + 1 >= MOST_CUT_OFF:
        _note(delivery, DeliveryState.FAILED, reason=f"{CUT_OFF} {reason}".strip(), cut_off=delivery.cut_off + 1)
    else:
        _note(delivery, DeliveryState.WAITING, reason=reason, cut_off=delivery.cut_off + 1, due_at=timezone.now())


def _note(delivery: Delivery, state: DeliveryState, *, reason: str = "", **fields: object) -> None:
    """What became of it, unless somebody else has noted that in the meantime."""
    claim = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.SENDING, claimed_at=delivery.claimed_at)
    claim.update(state=state, reason=" ".join(reason.split())[:500], **fields)


def _hand_over(message: EmailMessage) -> None:
    connection = get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:  # nothing was said yet
        raise _Refused(f"The mail server could not be used: {error}", for_ever=False) from error
    try:
        connection.send_messages([message])
    except smtplib.SMTPRecipientsRefused as error:
        [(code, words), *_] = error.recipients.values()
        raise _Refused(f"{code} {_text(words)}", for_ever=code >= 500) from error
    except smtplib.SMTPDataError as error:
        raise _Refused(f"{error.smtp_code} {_text(error.smtp_error)}", for_ever=error.smtp_code >= 500) from error
    except smtplib.SMTPResponseException as error:  # the sender is refused, the login: for staff to put right
        raise _Refused(f"{error.smtp_code} {_text(error.smtp_error)}", for_ever=False) from error
    except (OSError, smtplib.SMTPException) as error:
        raise _CutOff(f"{type(error).__name__}: {error}") from error
    finally:
        _close(connection)


def _close(connection: object) -> None:
    try:
        connection.close()  # type: ignore[attr-defined]
    except (OSError, smtplib.SMTPException):
        return  # what was said before holds


def _text(words: bytes | str) -> str:
    return words.decode(errors="replace") if isinstance(words, bytes) else words
