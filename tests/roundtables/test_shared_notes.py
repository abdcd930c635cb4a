"""What the table writes together: by whom, without losing anything, and how it becomes the notes of the page."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from hub.pages.enums import PageSeatRole
from hub.pages.models import PageSeat
from roundtables.domain import notes
from roundtables.domain.notes import NotesConflict, NotesRefused
from roundtables.enums import AttributionMode, SeatRole, SeatState
from roundtables.models import SessionPage
from tests.factories import SessionPageFactory, SessionSeatFactory
from tests.roundtables.test_seat_race import ROOT, environment, manage  # noqa: F401 (a fixture)

HOUR = timedelta(hours=1)


def running(begins=timedelta(minutes=-10), **fields):
    start = timezone.now() + begins
    return SessionPageFactory(title="Reporting up", starts_at=start, ends_at=start + HOUR, **fields)


def seated(session, **fields):
    return SessionSeatFactory(session=session, **fields).profile.user


def as_(user):
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def path(session):
    return f"/sessions/{session.pk}/notes/"


@pytest.mark.django_db
def test_what_is_added_at_the_same_moment_is_all_there():
    session = running()
    one, two = as_(seated(session)), as_(seated(session))
    for client in (one, two):
        client.get(path(session))
    one.post(path(session), {"added": "Ask *first*."})
    html = two.post(path(session), {"added": "Then wait."}, follow=True).content.decode()
    assert "<i>first</i>" in html or "<em>first</em>" in html
    assert notes.notes_of(session).text == "Ask *first*.\n\nThen wait."


@pytest.mark.django_db
def test_who_changed_an_older_text_sees_both_and_loses_nothing():
    session = running()
    client, other = as_(seated(session)), seated(session)
    notes.add(session, writer=other, text="Ask first.")
    opened = client.get(path(session)).content.decode()
    version = re.search(r'name="version" value="(\d+)"', opened)[1]
    notes.add(session, writer=other, text="Then wait.")
    answer = client.post(path(session), {"text": "Ask first, kindly.", "version": version})
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Ask first, kindly." in html and "Then wait." in html, "mine in the form, theirs beside it"
    assert notes.notes_of(session).text == "Ask first.\n\nThen wait."
    seen = re.search(r'name="version" value="(\d+)"', html)[1]
    client.post(path(session), {"text": "Ask first, kindly.\n\nThen wait.", "version": seen})
    saved = notes.notes_of(session)
    assert saved.text == "Ask first, kindly.\n\nThen wait."
    assert [earlier.text for earlier in saved.earlier.all()] == ["Ask first.\n\nThen wait.", "Ask first.", ""]


@pytest.mark.django_db
def test_what_does_not_fit_comes_back_as_it_was_typed():
    session = running()
    client = as_(seated(session))
    for sent, said in (({"added": " "}, "Write something first"), ({"added": "no " * 2000}, "Add it in two pieces")):
        answer = client.post(path(session), sent)
        assert answer.status_code == 422 and said in answer.content.decode()
        assert sent["added"].strip() in answer.content.decode()
    long = "long " * 9000
    answer = client.post(path(session), {"text": long, "version": "0"})
    assert (
        answer.status_code == 422
        and "Shorten them" in answer.content.decode()
        and long.strip() in answer.content.decode()
    )
    assert client.post(path(session), {"text": "x", "version": "y"}).status_code == 422
    assert notes.notes_of(session).version == 0


@pytest.mark.django_db
def test_markup_of_members_passes_the_one_gate():
    session = running()
    client = as_(seated(session))
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>\n\n[now](javascript:alert(1)) **bold**"
    html = client.post(path(session), {"added": evil}, follow=True).content.decode()
    main = html[html.index("<h2>The notes") : html.index('id="change"')]
    assert "<b>bold</b>" in main
    assert "<script" not in main and "onerror" not in main.replace("&lt;", "") and 'href="javascript' not in main


@pytest.mark.django_db
@pytest.mark.parametrize("mode", AttributionMode)
@pytest.mark.parametrize("begins", [timedelta(minutes=-10), timedelta(days=-1)])
def test_only_the_table_reads_and_writes(member, staff, mode, begins):
    session = running(begins, attribution_mode=mode)
    people = {
        "seated": seated(session), "host": seated(session, role=SeatRole.HOST),
        "absent": seated(session, attended=False),
        "waiting": seated(session, state=SeatState.WAITLISTED),
        "member": member, "staff": staff,
    }  # fmt: skip
    reading = {name for name, user in people.items() if as_(user).get(path(session)).status_code == 200}
    assert reading == {"seated", "host"} | ({"staff"} if mode == AttributionMode.OPEN else set())
    for name in set(people) - reading:
        assert as_(people[name]).post(path(session), {"added": "Me too."}).status_code == 404
        with pytest.raises(NotesRefused):
            notes.add(session, writer=people[name], text="Me too.")
    assert Client().get(path(session)).status_code == 302


@pytest.mark.django_db
def test_the_table_writes_from_an_hour_before_until_a_week_after():
    for begins, opens in ((timedelta(hours=2), False), (timedelta(minutes=30), True), (timedelta(days=-8), False)):
        session = running(begins)
        user = seated(session)
        assert ("Write it down" in as_(user).get(path(session)).content.decode()) is opens
        if not opens:
            with pytest.raises(NotesRefused, match="until a week after"):
                notes.add(session, writer=user, text="Late.")


@pytest.mark.django_db
def test_the_host_takes_them_into_the_draft_once_and_readers_see_nothing_before_it_is_published(leader, client):
    session = running(timedelta(hours=-2), notes=[("text", "<p>Mine already.</p>")])
    PageSeat.objects.create(page_id=session.pk, user=leader, role=PageSeatRole.CO_AUTHOR)
    user = seated(session)
    notes.add(session, writer=user, text="## What we saw\n\nAsk first.")
    assert as_(user).post(f"{path(session)}take-over/", follow=True).status_code == 200
    assert (
        SessionPage.objects.get(pk=session.pk).get_latest_revision_as_object().notes[0].value.source
        == "<p>Mine already.</p>"
    )
    assert len(SessionPage.objects.get(pk=session.pk).get_latest_revision_as_object().notes) == 1, "not a host"
    assert notes.take_over(session, host=leader) == 2
    assert notes.take_over(session, host=leader) == 0
    draft = SessionPage.objects.get(pk=session.pk).get_latest_revision_as_object()
    assert [block.block_type for block in draft.notes] == ["text", "heading", "text"]
    assert "Ask first" not in client.get(session.url).content.decode()
    draft.get_latest_revision().publish()
    assert "Ask first" in client.get(session.url).content.decode()


@pytest.mark.django_db
def test_who_was_not_there_cannot_take_over_what_they_may_not_read(staff):
    session = running(timedelta(hours=-2), attribution_mode=AttributionMode.CHATHAM_HOUSE)
    notes.add(session, writer=seated(session), text="Ask first.")
    with pytest.raises(NotesRefused, match="for those who were there"):
        notes.take_over(session, host=staff)
    assert not SessionPage.objects.get(pk=session.pk).get_latest_revision_as_object().notes


@pytest.mark.django_db
def test_a_conflict_says_what_is_there():
    session = running()
    user = seated(session)
    notes.change(session, writer=user, text="One", version=0)
    with pytest.raises(NotesConflict) as conflict:
        notes.change(session, writer=user, text="Two", version=0)
    assert conflict.value.theirs.text == "One"
    assert notes.change(session, writer=user, text="One", version=0).version == 1, "the same text is no conflict"


SET_UP = """
import json
from datetime import timedelta
from django.contrib.auth.models import Group
from django.utils import timezone
from hub.accounts.models import User
from hub.members.models import MemberProfile
from roundtables.models import RoundtablesIndexPage, SessionPage, SessionSeat
now = timezone.now()
session = SessionPage(title="Notes", slug="notes", starts_at=now, ends_at=now + timedelta(hours=1))
RoundtablesIndexPage.objects.first().add_child(instance=session).save_revision().publish()
users = [User.objects.create(email=f"writer{n}@example.org") for n in range(3)]
Group.objects.get_or_create(name="Members")[0].user_set.add(*users)
for n, user in enumerate(users):
    profile = MemberProfile.objects.create(user=user, name=f"Writer {n}", slug=f"writer-{n}")
    SessionSeat.objects.create(session=session, profile=profile)
print(json.dumps({"session": session.pk, "people": [user.pk for user in users]}))
"""
WRITE = """
import sys
from hub.accounts.models import User
from roundtables.domain import notes
from roundtables.domain.notes import NotesConflict
from roundtables.models import SessionPage
session, user = SessionPage.objects.get(slug="notes"), User.objects.get(pk={user})
for number in range(12):
    line = f"w{user}n{{number}}."
    if number % 2:
        notes.add(session, writer=user, text=line)
        continue
    seen = notes.notes_of(session)
    while True:  # as somebody does who reads both texts and puts their line into the newer one
        try:
            notes.change(session, writer=user, text=f"{{line}}\\n\\n{{seen.text}}", version=seen.version)
            break
        except NotesConflict as conflict:
            seen = conflict.theirs
"""


@pytest.mark.slow
def test_three_processes_write_at_once_and_every_line_is_there(environment):  # noqa: F811
    world = json.loads(manage(environment, SET_UP).splitlines()[-1])
    writers = [
        subprocess.Popen(
            [sys.executable, "manage.py", "shell", "--no-imports", "-c", WRITE.format(user=user)],
            cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True,
        )
        for user in world["people"]
    ]  # fmt: skip
    for writer in writers:
        _, err = writer.communicate(timeout=120)
        assert writer.returncode == 0, err[-2000:]
    text = manage(environment, "from roundtables.models import SharedNotes\nprint(SharedNotes.objects.get().text)")
    written = {f"w{user}n{number}." for user in world["people"] for number in range(12)}
    found = text.split()
    assert sorted(found) == sorted(written), "every line once"
