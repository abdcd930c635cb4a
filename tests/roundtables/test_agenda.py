"""The agenda: on the reader's own clock, without names where nobody may be named, and no longer than the session."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from roundtables.agenda import agenda_of
from roundtables.domain.catalogue import session_documents
from roundtables.domain.checks import session_remarks
from roundtables.enums import AttributionMode
from roundtables.models import SessionPage
from roundtables.tables import Reader
from tests.factories import MemberProfileFactory, SessionPageFactory, SessionSeatFactory

pytestmark = pytest.mark.django_db


def stretch(minutes, title, **more):
    return ("item", {"minutes": minutes, "title": title, "led_by": "", "text": "", **more})


AGENDA = [
    stretch(15, "One sentence each"),
    stretch(45, "Your questions", led_by="Kwame Wexelbury", text="In the order of your votes."),
    stretch(30, "What we keep"),
]


@pytest.mark.parametrize(
    "zone, begins, clocks",
    [
        # London puts its clocks back at 02:00 summer time: the hour from 01:00 passes twice.
        ("Europe/London", datetime(2026, 10, 25, 0, 30, tzinfo=UTC), ["01:30", "01:45", "01:30"]),
        # Auckland puts them forward at 02:00: there is no 02:30 that night.
        ("Pacific/Auckland", datetime(2026, 9, 26, 13, 30, tzinfo=UTC), ["01:30", "01:45", "03:30"]),
        ("Asia/Kolkata", datetime(2026, 10, 25, 0, 30, tzinfo=UTC), ["06:00", "06:15", "07:00"]),
        ("America/Santiago", datetime(2026, 4, 5, 2, 30, tzinfo=UTC), ["23:30", "23:45", "23:30"]),
    ],
)
def test_minutes_pass_as_they_do_on_the_readers_clock(zone, begins, clocks):
    session = SessionPage(
        starts_at=begins, ends_at=begins + timedelta(hours=2), time_zone="Europe/London", agenda=AGENDA
    )
    reader = Reader(None, MemberProfileFactory.build(time_zone=zone, user=None, function=None, industry=None))
    found = agenda_of(session, reader, hides_names=False)
    assert [f"{one.begins:%H:%M}" for one in found] == clocks
    assert [(one.begins - begins) // timedelta(minutes=1) for one in found] == [0, 15, 60], "nobody loses a minute"


def test_the_page_says_when_what_happens(client):
    begins = timezone.now().replace(hour=15, minute=0, second=0, microsecond=0) + timedelta(days=3)
    session = SessionPageFactory(
        starts_at=begins, ends_at=begins + timedelta(hours=2), time_zone="UTC", agenda=AGENDA,
        preparation=[("resource", {"title": "Two pages to read", "url": "https://example.org/read", "note": ""})],
    )  # fmt: skip
    html = client.get(session.url).content.decode()
    places = [
        html.index(word) for word in ("15:00", "One sentence each", "15:15", "Kwame Wexelbury", "16:00", "Two pages")
    ]
    assert places == sorted(places)
    abroad = Client()
    abroad.force_login(MemberProfileFactory(time_zone="Asia/Kolkata").user)
    html = abroad.get(session.url).content.decode()
    agenda = html[html.index('<ol class="agenda">') :].partition("</ol>")[0]
    assert re.findall(r">(\d\d:\d\d)</time>", agenda) == ["20:30", "20:45", "21:30"], "not the clock of the server"
    bare = client.get(SessionPageFactory().url).content.decode()
    assert "Agenda" not in bare and "Prepare" not in bare


@pytest.mark.parametrize("mode", [AttributionMode.CHATHAM_HOUSE, AttributionMode.PRIVATE])
def test_once_nobody_may_be_named_the_agenda_names_nobody(client, mode):
    begins = timezone.now() - timedelta(days=3)
    session = SessionPageFactory(
        starts_at=begins, ends_at=begins + timedelta(hours=2), agenda=AGENDA, attribution_mode=mode
    )
    html = client.get(session.url).content.decode()
    assert "Your questions" in html and "Wexelbury" not in html
    there = Client()
    there.force_login(SessionSeatFactory(session=session, attended=True).profile.user)
    assert "Wexelbury" in there.get(session.url).content.decode()
    [found] = session_documents(session)
    assert "Your questions" in found.text and "Wexelbury" not in found.text
    ahead = SessionPageFactory(agenda=AGENDA, attribution_mode=mode)
    assert "Wexelbury" not in session_documents(ahead)[0].text, "a sitting passes without anybody saving it"


def test_an_agenda_longer_than_its_session_is_remarked_on():
    session = SessionPageFactory(agenda=AGENDA)
    assert [remark.text for remark in session_remarks(session)] == [
        "The agenda takes 90 minutes, the session 60. Shorten a stretch."
    ]
    session.ends_at = session.starts_at + timedelta(minutes=90)
    assert not list(session_remarks(session))
