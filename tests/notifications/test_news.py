"""News: in the inbox at once, by e-mail after commit, and not at all by e-mail if a person says so."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client

from hub.notifications import registry
from hub.notifications.domain import inbox, news
from hub.notifications.enums import Timing
from hub.notifications.models import Mute, Notification
from hub.notifications.registry import Kind
from hub.notifications.tasks import mail_notification
from tests.editorial.world import client_of, person

pytestmark = pytest.mark.django_db
KIND = Kind(
    "editorial.handed_in", "a page is handed in for review", "you are named on the page, write it, or review it"
)


@pytest.fixture
def tell(django_capture_on_commit_callbacks):
    def told(user, **fields):
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            return news.tell(user, kind=KIND, **{"text": "Something <happened> & more", "url": "/my-hub/", **fields})

    return told


def test_text_and_html_are_escaped_where_they_should_be(member, tell):
    tell(member, detail="a < b\nsecond line")
    [message] = mail.outbox
    html = message.alternatives[0][0]
    assert message.subject == "Something <happened> & more"
    assert "Something <happened> & more" in message.body and "a < b\nsecond line" in message.body
    assert "&lt;happened&gt; &amp; more" in html and "<happened>" not in html
    assert "a &lt; b<br>second line" in html
    assert "http://testserver/my-hub/" in message.body


def test_a_title_with_a_line_break_breaks_no_header(member, tell):
    tell(member, text="Title\nBcc: everybody@example.org")
    assert mail.outbox[0].subject == "Title Bcc: everybody@example.org"
    assert mail.outbox[0].recipients() == [member.email]


def test_a_task_that_runs_twice_mails_once(member, tell):
    notification = tell(member)
    mail_notification.enqueue(notification.pk)
    mail_notification.enqueue(notification.pk)
    assert len(mail.outbox) == 1
    mail_notification.enqueue(notification.pk + 1000)  # gone meanwhile


def test_one_click_stops_one_kind_without_logging_in(member, tell):
    tell(member)
    message = mail.outbox[0]
    link = re.search(r"http://testserver(/my-hub/notifications/stop/\S+/)", message.body)[1]
    assert message.extra_headers["List-Unsubscribe"] == f"<http://testserver{link}>"
    client = Client(enforce_csrf_checks=True)
    assert "No more e-mail of this kind?" in client.get(link).content.decode()
    assert not Mute.objects.exists()  # programs that follow links stop nothing
    assert client.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    tell(member)
    assert mail.outbox == []
    assert inbox.waiting_for(member).count() == 2
    assert client.post(link[:-2] + "x/").status_code == 404


def test_the_switches(member, tell):
    client = client_of(member)
    keys = [kind.key for kind in registry.kinds()]
    assert KIND.key in keys
    html = client.get("/my-hub/notifications/").content.decode()
    assert html.count(" checked") == len(keys)
    client.post("/my-hub/notifications/mail/", {"kind": [key for key in keys if key != KIND.key]})
    assert inbox.mailed_kinds(member) == set(keys) - {KIND.key}
    tell(member)
    assert mail.outbox == []
    client.post("/my-hub/notifications/mail/", {"kind": keys})
    assert inbox.mailed_kinds(member) == set(keys)


@pytest.mark.parametrize("news_count", (1, 3))
def test_the_inbox(member, tell, news_count, django_assert_num_queries):
    for number in range(news_count):
        tell(member, text=f"News {number}")
    tell(person("Other Person"), text="Somebody else’s")
    client = client_of(member)
    with django_assert_num_queries(7):
        html = client.get("/my-hub/notifications/").content.decode()
    assert html.count("row__title") == news_count
    assert "Somebody else’s" not in html
    client.post("/my-hub/notifications/read/")
    assert not inbox.waiting_for(member).exists()
    assert client_of(None).get("/my-hub/notifications/").status_code == 302


def test_kinds_are_named_once():
    registry.register(KIND)
    with pytest.raises(ValueError, match="Two kinds"):
        registry.register(Kind(KIND.key, "another label", "another reason"))


def test_a_kind_that_is_never_mailed(member, django_capture_on_commit_callbacks):
    quiet = Kind("test.quiet", "nothing much happens", "of no reason", Timing.NEVER)
    with django_capture_on_commit_callbacks(execute=True):
        news.tell(member, kind=quiet, text="Hush")
    assert mail.outbox == [] and Notification.objects.count() == 1


def test_people_are_told_once(member, leader):
    leader.is_active = False
    assert news.unique_people([member, None, member, leader]) == [member]
    assert news.unique_people([member], without=member) == []
