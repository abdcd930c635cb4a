"""Digests: one mail in the morning of its reader, of what they have not opened and may still read; never two."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from hub.notifications import registry
from hub.notifications.domain import inbox, news, preferences
from hub.notifications.domain.digests import mornings, send_digests
from hub.notifications.enums import Timing
from hub.notifications.models import Delivery, Notification
from hub.pages.enums import Audience
from tests.editorial.world import person
from tests.factories import PracticePageFactory

pytestmark = pytest.mark.django_db
WEEKLY = registry.kind_of("editorial.published")
THURSDAY = datetime(2026, 11, 26, 12, tzinfo=UTC)
MONDAY = datetime(2026, 11, 30, 7, 5, tzinfo=UTC)  # in London, where it is winter


@pytest.fixture
def run(django_capture_on_commit_callbacks):
    """`send_digests` at a moment; gives the mails it sent."""

    def at(moment):
        mail.outbox.clear()
        with time_machine.travel(moment, tick=False), django_capture_on_commit_callbacks(execute=True):
            send_digests()
        return list(mail.outbox)

    return at


def told(user, text, *, at=THURSDAY, kind=WEEKLY, **fields):
    with time_machine.travel(at, tick=False):
        return news.tell(user, kind=kind, text=text, url="/my-hub/", **fields)


def test_a_week_comes_in_one_mail_on_monday_morning(member, run):
    told(member, "First thing")
    told(member, "Second <thing>", at=THURSDAY + timedelta(days=1))
    daily = registry.kind_of("notifications.search_alert")
    assert daily.timing == Timing.DAILY
    told(member, "A seat taken", kind=registry.kind_of("editorial.seat_taken"))
    assert mail.outbox == []
    for moment in (THURSDAY + timedelta(hours=1), MONDAY - timedelta(minutes=6)):
        assert run(moment) == []
    [message] = run(MONDAY)
    html = message.alternatives[0][0]
    assert message.subject.startswith("3 pieces of news for you at")
    assert message.to == [member.email]
    for body in (message.body, html):
        assert body.count("A page is approved and published") == 1  # grouped
        assert "First thing" in body and "A seat taken" in body
    assert "Second <thing>" in message.body and "Second &lt;thing&gt;" in html
    assert html.index("Second") < html.index("First")
    assert message.extra_headers["List-Id"].endswith("<digests.news.testserver>")
    assert run(MONDAY) == [] and run(MONDAY + timedelta(hours=3)) == [] and run(MONDAY + timedelta(days=7)) == []
    assert Delivery.objects.count() == 1


def test_a_monday_that_was_missed_is_made_up_for(member, run):
    told(member, "Late, but not lost")
    assert len(run(MONDAY + timedelta(days=2))) == 1


def test_morning_is_where_the_reader_lives(member, run):
    member.profile.time_zone = "Pacific/Auckland"  # thirteen hours ahead in November
    member.profile.save()
    told(member, "Told on Thursday")
    there = datetime(2026, 11, 30, 7, 1, tzinfo=ZoneInfo("Pacific/Auckland"))
    assert run(there - timedelta(minutes=2)) == []
    assert len(run(there)) == 1


def test_daily_and_weekly_news_share_one_mail_and_a_day_has_one(member, run):
    preferences.choose(member.pk, {"editorial.seat_taken": Timing.DAILY})
    told(member, "Weekly")
    told(member, "Daily", kind=registry.kind_of("editorial.seat_taken"))
    [friday] = run(THURSDAY + timedelta(hours=20))
    assert "Daily" in friday.body and "Weekly" not in friday.body
    told(member, "Again", kind=registry.kind_of("editorial.seat_taken"), at=MONDAY - timedelta(hours=2))
    [monday] = run(MONDAY)
    assert "Again" in monday.body and "Weekly" in monday.body
    told(member, "Backdated", kind=registry.kind_of("editorial.seat_taken"), at=MONDAY - timedelta(hours=1))
    assert run(MONDAY + timedelta(hours=1)) == []
    [tuesday] = run(MONDAY + timedelta(days=1))
    assert "Backdated" in tuesday.body


def test_only_what_its_reader_may_still_see_and_has_not_seen(member, run):
    hidden, gone = PracticePageFactory(title="SECRET hidden"), PracticePageFactory(title="SECRET gone")
    told(member, "About SECRET hidden", page=hidden)
    told(member, "About SECRET gone", page=gone)
    inbox.read(told(member, "SECRET to nobody, but opened"))
    told(member, "Plain")
    hidden.audience = Audience.STAFF
    hidden.save_revision().publish()
    gone.delete()
    [message] = run(MONDAY)
    assert "Plain" in message.body and message.subject.startswith("One piece of news")
    assert "SECRET" not in message.body + message.alternatives[0][0]


def test_nothing_left_is_no_mail(member, run):
    page = PracticePageFactory(title="SECRET")
    told(member, "About SECRET", page=page)
    page.unpublish()
    assert run(MONDAY) == []
    assert Delivery.objects.get().state == "empty"
    assert run(MONDAY + timedelta(days=7)) == []


def test_who_stops_or_leaves_gets_nothing(member, run):
    told(member, "Once")
    preferences.stop(member.pk, WEEKLY.key)
    assert run(MONDAY) == []
    other = person("Olga Other")
    told(other, "Once")
    other.is_active = False
    other.save()
    assert run(MONDAY) == []
    assert not Delivery.objects.exists()


def test_one_click_stops_all_digests_and_leaves_the_rest(member, run):
    told(member, "Once")
    [message] = run(MONDAY)
    link = message.extra_headers["List-Unsubscribe"].strip("<>").removeprefix("http://testserver")
    client = Client(enforce_csrf_checks=True)
    assert "No more digests?" in client.get(link).content.decode()
    assert client.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    timings = preferences.timings_of(member.pk)
    assert set(timings.values()) == {Timing.AT_ONCE, Timing.NEVER}
    assert timings["editorial.review_asked"] == Timing.AT_ONCE


def test_one_digest_that_cannot_be_written_holds_up_nobody(member, run, monkeypatch):
    from hub.notifications.domain import digests

    told(member, "For Mona")
    told(person("Olga Other"), "For Olga")
    broken = digests.zone_of
    monkeypatch.setattr(digests, "zone_of", lambda user: 1 / 0 if user == member else broken(user))
    [message] = run(MONDAY)
    assert message.to == ["olga@example.org"]
    monkeypatch.undo()
    assert [message.to for message in run(MONDAY)] == [[member.email]]


def test_the_command_says_what_it_did(member, capsys):
    told(member, "Once")
    with time_machine.travel(MONDAY, tick=False):
        call_command("send_digests")
    assert capsys.readouterr().out == "1 digests; 0 other mails handed to the worker.\n"
    assert Notification.objects.get().delivery is not None


ZONES = st.sampled_from(["Europe/London", "Pacific/Auckland", "America/Los_Angeles", "Asia/Kathmandu", "Africa/Cairo"])


@given(moment=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)), zone=ZONES)
def test_the_last_morning_is_at_most_a_day_ago_and_a_monday_at_most_a_week(moment, zone):
    cuts = mornings(moment, ZoneInfo(zone))
    assert timedelta(0) <= moment - cuts[Timing.DAILY] <= timedelta(hours=25)
    assert timedelta(0) <= moment - cuts[Timing.WEEKLY] <= timedelta(days=7, hours=1)
    assert cuts[Timing.WEEKLY].weekday() == 0 and cuts[Timing.WEEKLY].hour == cuts[Timing.DAILY].hour == 7
