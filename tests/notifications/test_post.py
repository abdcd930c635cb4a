"""Mail that breaks down on the way: at least once, at most twice, and what did not arrive is seen."""

from __future__ import annotations

import contextlib
import smtplib
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from hub.notifications import post, registry
from hub.notifications.domain import news
from hub.notifications.domain.deliveries import hand_on
from hub.notifications.models import Delivery

pytestmark = pytest.mark.django_db
KIND = registry.kind_of("editorial.invited")
faults: list[BaseException | None] = []  # what the next mails run into, the first one first


class Killed(BaseException):
    """The process ends here: nothing of ours catches it."""


class FaultyBackend(EmailBackend):
    """A mail server with faults of its own. Those that happen after the mail was taken are `Killed`."""

    def open(self):
        if faults and isinstance(faults[0], ConnectionRefusedError):
            raise faults.pop(0)

    def send_messages(self, messages):
        fault = faults.pop(0) if faults else None
        if isinstance(fault, smtplib.SMTPException):
            raise fault
        sent = super().send_messages(messages)
        if fault is not None:
            raise fault
        return sent


@pytest.fixture(autouse=True)
def faulty(settings):
    settings.EMAIL_BACKEND = f"{__name__}.FaultyBackend"
    faults.clear()
    mail.outbox.clear()


@pytest.fixture
def tell(member, django_capture_on_commit_callbacks):
    """Tell the member one thing; the worker is killed, or works, as `faults` say."""

    def told(*, lost=False):
        with django_capture_on_commit_callbacks() as callbacks:
            news.tell(member, kind=KIND, text="One thing")
        for callback in () if lost else callbacks:
            with contextlib.suppress(Killed):
                callback()
        return Delivery.objects.get()

    return told


def later(**pause):
    """The next run of the timer, after a pause."""
    with time_machine.travel(timezone.now() + timedelta(**pause), tick=False):
        try:
            number = hand_on()
        except Killed:
            number = -1
    return number, Delivery.objects.get()


def test_a_process_that_dies_before_it_hands_on_loses_no_mail(tell):
    assert tell(lost=True).state == "waiting"
    assert later(seconds=30)[0] == 0  # the worker may be about to
    number, delivery = later(minutes=3)
    assert (number, delivery.state, len(mail.outbox)) == (1, "sent", 1)
    assert later(days=1)[0] == 0


def test_a_process_that_dies_after_sending_sends_once_more_under_the_same_name(tell):
    faults.append(Killed())
    assert tell().state == "sending" and len(mail.outbox) == 1
    assert later(minutes=5)[0] == 0
    number, delivery = later(minutes=11)
    assert (number, delivery.state, delivery.cut_off) == (1, "sent", 1)
    first, second = mail.outbox
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]
    assert later(days=30)[0] == 0


def test_it_never_arrives_three_times(tell):
    faults.extend([Killed(), Killed()])
    tell()
    later(minutes=11)
    for days in range(1, 30):
        later(days=days)
    delivery = Delivery.objects.get()
    assert len(mail.outbox) == 2
    assert delivery.state == "failed" and delivery.reason.startswith(post.CUT_OFF)


def test_a_connection_that_breaks_counts_as_cut_off(tell):
    faults.append(smtplib.SMTPServerDisconnected("gone"))
    assert tell().cut_off == 1
    assert later(minutes=3)[1].state == "sent"


def test_an_address_that_does_not_exist_is_not_tried_again(tell):
    faults.append(smtplib.SMTPRecipientsRefused({"m@example.org": (550, b"5.1.1 No such\r\nmailbox")}))
    delivery = tell()
    assert (delivery.state, delivery.reason) == ("failed", "550 5.1.1 No such mailbox")
    assert later(days=3)[0] == 0 and mail.outbox == []


@pytest.mark.parametrize(
    "fault",
    [
        ConnectionRefusedError(111, "refused"),
        smtplib.SMTPRecipientsRefused({"m@example.org": (451, b"greylisted")}),
        smtplib.SMTPDataError(452, b"full"),
        smtplib.SMTPSenderRefused(550, b"who are you", "hub@example.org"),
        smtplib.SMTPAuthenticationError(535, b"no"),
    ],
)
def test_not_now_is_tried_again_with_longer_pauses_and_then_given_up(tell, fault):
    faults.extend([fault] * (len(post.PAUSES) + 1))
    delivery = tell()
    moment, pauses = timezone.now(), []
    while delivery.state == "waiting":
        assert delivery.reason and delivery.cut_off == 0
        pauses.append(delivery.due_at - moment)
        moment = delivery.due_at + timedelta(seconds=1)
        with time_machine.travel(moment, tick=False):
            assert hand_on() == 1
        delivery = Delivery.objects.get()
        assert len(pauses) < 10
    assert delivery.state == "failed" and delivery.tries == len(post.PAUSES) + 1 == len(pauses) + 1
    assert pauses == sorted(pauses) and mail.outbox == []


def test_a_letter_that_cannot_be_written_is_seen_and_tried_again(tell, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(post, "write", lambda delivery: 1 / 0)
        delivery = tell()
    assert delivery.state == "waiting" and "ZeroDivisionError" in delivery.reason
    assert later(hours=1)[1].state == "sent"


def test_two_workers_send_one_mail(tell):
    delivery = tell()
    post.send(delivery.pk)
    Delivery.objects.update(state="sending", claimed_at=timezone.now())  # another one is at it
    post.send(delivery.pk)
    assert len(mail.outbox) == 1
