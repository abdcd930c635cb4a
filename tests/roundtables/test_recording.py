"""A recording is shown when those on it agreed, and under a rule that names nobody only to who was there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from hub.media.models import HubDocument
from hub.media.rules import may_see
from roundtables.domain import recordings
from roundtables.domain.recordings import ConsentRefused
from roundtables.enums import AttributionMode, SeatRole, SeatState
from roundtables.models import SessionPage
from roundtables.recording import may_hear
from tests.factories import MemberProfileFactory, SessionPageFactory, SessionSeatFactory

pytestmark = pytest.mark.django_db
HEARD, READ = "https://video.example.org/held", "https://video.example.org/words"


def held(days=-1, **fields):
    start = timezone.now() + timedelta(days=days)
    given = {"recording_url": HEARD, "transcript_url": READ, **fields}
    return SessionPageFactory(starts_at=start, ends_at=start + timedelta(hours=1), **given)


def as_(user):
    client = Client()
    if user is not None:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def hears(session, user):
    html = as_(user).get(session.url).content.decode()
    assert (HEARD in html) == (READ in html)
    return HEARD in html


def answer(session, seat, what):
    return as_(seat.profile.user).post(f"/sessions/{session.pk}/recording/", {"agrees": what}, follow=True)


def test_everybody_who_was_there_is_asked_and_one_no_closes_it(member):
    session = held()
    seats = [SessionSeatFactory(session=session, attended=True), SessionSeatFactory(session=session)]
    SessionSeatFactory(session=session, attended=False)
    SessionSeatFactory(session=session, state=SeatState.WAITLISTED)
    assert "I agree" in as_(seats[0].profile.user).get(session.url).content.decode()
    answer(session, seats[0], "yes")
    assert not hears(session, None) and not hears(session, seats[0].profile.user), "one has not answered"
    answer(session, seats[1], "yes")
    assert hears(session, None) and hears(session, member)
    html = answer(session, seats[1], "no").content.decode()
    assert "nobody gets to hear it" in html and not hears(session, None)
    SessionPage.objects.filter(pk=session.pk).update(recording_agreed=True)
    assert not hears(session, None), "a no weighs more than a tick in the editor"


def test_nobody_is_asked_who_was_not_there(member):
    session, ahead = held(), held(days=2)
    SessionSeatFactory(session=ahead, profile=member.profile)
    away = SessionSeatFactory(session=session, attended=False)
    assert "There is a recording" not in as_(away.profile.user).get(session.url).content.decode()
    for one, profile in ((session, member.profile), (session, away.profile), (ahead, member.profile)):
        with pytest.raises(ConsentRefused):
            recordings.say(one, profile, agrees=True)
    assert not hears(session, None) and not session.consents.exists()


def test_what_came_with_an_archive_is_shown_and_what_is_still_to_come_is_not():
    assert hears(held(source_path="events/2019.md"), None)
    assert not hears(held(days=1, recording_agreed=True), None)


@pytest.mark.parametrize("mode", [AttributionMode.CHATHAM_HOUSE, AttributionMode.PRIVATE])
def test_where_nobody_is_named_only_who_was_there_hears_it(member, staff, mode):
    session = held(attribution_mode=mode, recording_agreed=True)
    there = SessionSeatFactory(session=session, attended=True)
    away = SessionSeatFactory(session=session, attended=False)
    for user in (None, member, staff, away.profile.user):
        assert not hears(session, user)
    assert hears(session, there.profile.user)


def document():
    made = HubDocument(title="Recording")
    made.file.save("recording.txt", ContentFile(b"words"), save=False)
    made.save()
    return made


def test_a_file_opens_and_closes_with_the_answers(member):
    paper = document()
    session = held(recording_url="", transcript_url="", transcript_file=paper)
    seat = SessionSeatFactory(session=session, attended=True)
    assert not may_see(paper, member) and not may_see(paper, None)
    recordings.say(session, seat.profile, agrees=True)
    assert may_see(paper, member) and may_see(paper, None)
    assert paper.url in as_(None).get(session.url).content.decode()
    recordings.say(session, seat.profile, agrees=False)
    assert not may_see(paper, member) and not may_hear(session, None)


def test_a_file_that_staff_could_open_is_no_place_for_what_must_not_leave_the_room():
    session = held(attribution_mode=AttributionMode.CHATHAM_HOUSE)
    session.recording_file = document()
    with pytest.raises(ValidationError, match="Keep it elsewhere"):
        session.full_clean()


def test_the_host_learns_how_many_and_not_who():
    session = held()
    host = SessionSeatFactory(session=session, role=SeatRole.HOST, attended=True)
    no = SessionSeatFactory(session=session, profile=MemberProfileFactory(name="Nora No"), attended=True)
    path = f"/sessions/{session.pk}/run/"
    assert "0 people agreed, 2 have not answered" in as_(host.profile.user).get(path).content.decode()
    recordings.say(session, no.profile, agrees=False)
    html = as_(host.profile.user).get(path).content.decode()
    assert "1 person does not agree" in html and "Nora" not in html[html.index("<h2>Recording") :]
