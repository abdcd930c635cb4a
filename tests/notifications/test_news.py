"""News: in the inbox at once, by e-mail after commit, and not at all by e-mail if a person says so."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client

from hub.notifications import registry
from hub.notifications.domain import inbox, news, preferences
from hub.notifications.enums import Needs, Timing
from hub.notifications.models import Delivery, Notification, Preference
from hub.notifications.registry import Kind
from hub.notifications.tasks import deliver
from hub.pages.enums import Audience
from tests.editorial.world import client_of, person
from tests.factories import PracticePageFactory

pytestmark = pytest.mark.django_db
KIND = registry.kind_of("editorial.invited")  # waits on its reader: mailed at once


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
    deliver.enqueue(notification.delivery_id)
    deliver.enqueue(notification.delivery_id)
    assert len(mail.outbox) == 1
    deliver.enqueue(notification.delivery_id + 1000)  # gone meanwhile


def test_one_click_stops_one_kind_without_logging_in(member, tell):
    tell(member)
    message = mail.outbox[0]
    link = re.search(r"http://testserver(/my-hub/notifications/stop/\S+/)", message.body)[1]
    assert message.extra_headers["List-Unsubscribe"] == f"<http://testserver{link}>"
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    client = Client(enforce_csrf_checks=True)
    assert "No more e-mail of this kind?" in client.get(link).content.decode()
    assert not Preference.objects.exists()  # programs that follow links stop nothing
    assert client.put(link).status_code == 405
    assert client.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    tell(member)
    assert mail.outbox == []
    assert inbox.waiting_for(member).count() == 2
    assert client.post(link[:-2] + "x/").status_code == 404
    assert preferences.timings_of(member.pk)["editorial.review_asked"] == Timing.AT_ONCE  # other kinds go on


def test_what_is_stopped_before_it_was_sent_is_not_sent(member, django_capture_on_commit_callbacks):
    mail.outbox.clear()
    with django_capture_on_commit_callbacks() as callbacks:
        news.tell(member, kind=KIND, text="Too late")
    preferences.stop(member.pk, KIND.key)
    for callback in callbacks:
        callback()
    assert mail.outbox == [] and Delivery.objects.get().state == "empty"


def test_headers_by_which_programs_sort(member, tell):
    page = PracticePageFactory(title="A practice")
    names = set()
    for text in ("First", "Second"):
        tell(member, text=text, page=page)
        headers = mail.outbox[0].extra_headers
        names.add(headers["Message-ID"])
        assert headers["In-Reply-To"] == headers["References"] == f"<thread.page-{page.pk}@testserver>"
        assert headers["List-Id"].endswith("<editorial-invited.news.testserver>")
        assert mail.outbox[0].message()["Message-ID"] == headers["Message-ID"]
    assert len(names) == 2
    tell(member, text="About nothing")
    assert "References" not in mail.outbox[0].extra_headers


def test_kinds_that_wait_on_somebody_are_mailed_at_once_and_all_others_weekly():
    at_once = {kind.key for kind in registry.kinds() if kind.timing == Timing.AT_ONCE}
    assert {"editorial.invited", "editorial.review_asked", "editorial.changes_requested"} <= at_once
    assert not at_once & {"editorial.published", "editorial.handed_in", "notifications.search_alert"}
    assert Kind("test.new", "something happens", "of no reason").timing == Timing.WEEKLY


def test_the_preferences(member, tell):
    client = client_of(member)
    html = client.get("/my-hub/notifications/mail/").content.decode()
    assert html.count("<select") == len(registry.kinds())
    chosen = {kind.key: kind.timing for kind in registry.kinds()} | {KIND.key: "weekly", "editorial.published": "never"}
    assert client.post("/my-hub/notifications/mail/", chosen).status_code == 302
    assert dict(Preference.objects.values_list("kind", "timing")) == {
        KIND.key: "weekly",
        "editorial.published": "never",
    }
    tell(member)
    assert mail.outbox == []
    assert client.post("/my-hub/notifications/mail/", chosen | {KIND.key: "hourly"}).status_code == 200
    assert preferences.timing_for(member.pk, KIND) == Timing.WEEKLY
    client.post("/my-hub/notifications/mail/", chosen | {KIND.key: "at_once"})
    tell(member)
    assert len(mail.outbox) == 1
    assert client_of(None).get("/my-hub/notifications/mail/").status_code == 302


def test_what_is_hidden_after_the_telling_is_neither_mailed_nor_in_the_inbox(
    member, django_capture_on_commit_callbacks
):
    mail.outbox.clear()
    page = PracticePageFactory(title="SECRET title", slug="secret-slug")
    with django_capture_on_commit_callbacks() as callbacks:
        told = news.tell(member, kind=KIND, text="About SECRET title", url="/practices/secret-slug/", page=page)
    client = client_of(member)
    assert "SECRET" in client.get("/my-hub/notifications/").content.decode()
    page.audience = Audience.STAFF
    page.save_revision().publish()
    for callback in callbacks:
        callback()
    assert mail.outbox == []
    for address in ("/my-hub/notifications/", "/my-hub/"):
        html = client.get(address).content.decode()
        assert "SECRET" not in html and inbox.HIDDEN in html
    assert client.get(told.get_absolute_url())["Location"] == "/my-hub/notifications/"


def test_what_was_told_to_an_author_goes_with_the_seat(member, tell):
    page = PracticePageFactory(title="SECRET draft", live=True)  # published, so that reading it is not enough
    tell(member, text="SECRET remark", page=page, needs=Needs.OPEN)
    assert mail.outbox == []
    assert "SECRET" not in client_of(member).get("/my-hub/notifications/").content.decode()
    page.delete()
    assert not Notification.objects.exists()


@pytest.mark.parametrize("news_count", (1, 3))
def test_the_inbox(member, tell, news_count, django_assert_num_queries):
    for number in range(news_count):
        tell(member, text=f"News {number}")
    tell(person("Other Person"), text="Somebody else’s")
    client = client_of(member)
    with django_assert_num_queries(6):
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
