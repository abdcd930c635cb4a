"""Mail that did not arrive is seen by staff, with the reason and without its words."""

from __future__ import annotations

from email.message import EmailMessage
from io import BytesIO, StringIO, TextIOWrapper

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from hub.home.domain.status import checks
from hub.members.domain.roles import sync_roles
from hub.notifications import registry
from hub.notifications.domain import bounces, deliveries, news
from hub.notifications.models import Delivery
from tests.editorial.world import client_of, fresh

pytestmark = pytest.mark.django_db
DESK = "/admin/notifications/delivery/"


@pytest.fixture
def failed(member):
    news.tell(member, kind=registry.kind_of("editorial.invited"), text="SECRET words", detail="SECRET detail")
    Delivery.objects.update(state="failed", reason="550 No such mailbox", tries=1)
    return Delivery.objects.get()


@pytest.fixture
def desk(staff):
    sync_roles()
    return client_of(fresh(staff))


def status():
    return next(check for check in checks() if check.name == "news by mail")


def test_staff_see_whom_it_did_not_reach_and_why_and_not_what_it_said(desk, failed, member):
    home = desk.get("/admin/").content.decode()
    assert "Mail not delivered (1)" in home and "1 mail of the last 7 days did not reach its reader" in home
    for address in (DESK, f"{DESK}inspect/{failed.pk}/"):
        html = desk.get(address).content.decode()
        assert "550 No such mailbox" in html and "somebody asks me to write or review a page" in html
        assert "SECRET" not in html
    assert desk.get(f"{DESK}edit/{failed.pk}/").status_code in (302, 403, 404)
    assert desk.get(f"{DESK}delete/{failed.pk}/").status_code in (302, 403, 404)


def test_staff_send_it_again(desk, failed, django_capture_on_commit_callbacks):
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(f"{DESK}{failed.pk}/again/")
    failed.refresh_from_db()
    assert failed.state == "sent" and len(mail.outbox) == 1
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(f"{DESK}{failed.pk}/again/")
    assert len(mail.outbox) == 1
    assert "Mail not delivered (" not in desk.get("/admin/").content.decode()


@pytest.mark.parametrize("who", ("member", "leader"))
def test_nobody_else_does(who, failed, request):
    sync_roles()
    client = client_of(fresh(request.getfixturevalue(who)))
    for answer in (client.get(DESK), client.post(f"{DESK}{failed.pk}/again/")):
        assert answer.status_code in (302, 403, 404)
    failed.refresh_from_db()
    assert failed.state == "failed"


def test_the_status_names_what_was_lost_and_what_nobody_sends(failed):
    assert "550 No such mailbox" in status().problem
    Delivery.objects.update(state="sent")
    assert status().ok
    long_ago = timezone.now() - deliveries.A_TIMER_IS_LATE
    Delivery.objects.update(state="waiting", tries=0, due_at=long_ago)
    assert "send_digests" in status().problem


def report(message_id, action="failed", code="smtp; 550 5.1.1\r\n  no such user"):
    """What a mail server writes, in its three parts."""
    status = f"Reporting-MTA: dns; mx.example.org\r\n\r\nFinal-Recipient: rfc822; m@example.org\r\nAction: {action}\r\n"
    status += f"Status: 5.1.1\r\nDiagnostic-Code: {code}\r\n\r\n"
    return (
        "From: MAILER-DAEMON@mx.example.org\r\nTo: hub@example.org\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        f"--b\r\nContent-Type: message/delivery-status\r\n\r\n{status}"
        f"--b\r\nContent-Type: message/rfc822-headers\r\n\r\nMessage-ID: {message_id}\r\nSubject: x\r\n\r\n--b--\r\n"
    ).encode()


@pytest.fixture
def sent(member, django_capture_on_commit_callbacks):
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        news.tell(member, kind=registry.kind_of("editorial.invited"), text="One thing")
    return mail.outbox[0].extra_headers["Message-ID"]


def test_what_comes_back_is_noted(sent, monkeypatch):
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(report(sent))))
    out = StringIO()
    call_command("record_bounce", stdout=out)
    delivery = Delivery.objects.get()
    assert out.getvalue() == f"Mail {delivery.pk} came back.\n"
    assert (delivery.state, delivery.reason) == ("failed", "It came back: smtp; 550 5.1.1 no such user")


def test_what_is_delayed_or_not_ours_or_no_report_changes_nothing(sent):
    assert bounces.record(report(sent, action="delayed")) is None
    assert bounces.record(report(sent.replace("mail.", "mail.0", 1))) is None
    assert bounces.record(b"\xff\x00 Action: failed") is None
    letter = EmailMessage()
    letter["In-Reply-To"] = sent
    letter.set_content(f"I am away. Action: failed {sent}")  # an answer by a person, or a machine
    assert bounces.record(letter.as_bytes()) is None
    assert Delivery.objects.get().state == "sent"
