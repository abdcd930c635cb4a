"""What the page of a session offers: the one thing its reader can do, and to whom it gives the link to join."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hub.members.models import MemberProfile
from hub.notifications.models import Notification
from hub.pages.enums import Audience
from roundtables.domain.dates import hold_after_all
from roundtables.enums import SeatRole, SeatState
from roundtables.models import SessionPage
from tests.factories import MemberProfileFactory, SessionPageFactory, SessionSeatFactory, UserFactory

pytestmark = pytest.mark.django_db
LINK = "https://meet.example.org/secret-room"
HOUR = timedelta(hours=1)


def session_in(delta, **fields):
    """A session that starts in `delta` and takes an hour."""
    start = timezone.now() + delta
    return SessionPageFactory(starts_at=start, ends_at=start + HOUR, join_url=LINK, **fields)


def as_(user):
    client = Client(enforce_csrf_checks=True)
    if user is not None:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def read(session, user):
    return as_(user).get(session.url).content.decode()


def press(client, session, words):
    """Submit the form whose button says `words`, with what the page put into it and no script."""
    html = client.get(session.url).content.decode()
    [form] = [f for f in re.findall(r"<form[^>]*/seats/.*?</form>", html, re.S) if words in f]
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    return client.post(re.search(r'action="([^"]+)"', form)[1], fields, follow=True).content.decode()


def filled_buttons(html):
    main = html[html.index("<main") : html.index("</main>")]
    return re.findall(r'class="button"', main)


# --- what can be done -------------------------------------------------------------------------------


def test_a_member_takes_a_seat_is_shown_hides_and_gives_it_back(member):
    session, client = session_in(timedelta(days=7), capacity=3), as_(member)
    html = press(client, session, "Take a seat")
    assert "You have a seat" in html and "nobody learns that this seat is yours" in html
    assert not session.seats.get().is_shown
    assert "shown at the table by name" in press(client, session, "Show me at the table")
    assert session.seats.get().is_shown
    press(client, session, "Do not show me")
    assert not session.seats.get().is_shown
    html = press(client, session, "Give my seat back")
    assert "Your seat is free for somebody else" in html
    assert "3 of 3 seats left" in html
    assert session.seats.get().state == SeatState.CANCELLED


def test_nobody_is_shown_who_did_not_tick_the_box(member):
    session = session_in(timedelta(days=7))
    html = read(session, member)
    assert '<input type="checkbox" name="show">' in html
    assert len(filled_buttons(html)) == 1


def test_a_full_table_has_a_waiting_list_with_a_place_in_it(member):
    session = session_in(timedelta(days=7), capacity=1)
    SessionSeatFactory(session=session)
    SessionSeatFactory(session=session, state=SeatState.WAITLISTED)
    client = as_(member)
    html = client.get(session.url).content.decode()
    assert "Every seat is taken; 1 waits for one" in html and "Take a seat" not in html
    assert len(filled_buttons(html)) == 1
    html = press(client, session, "Join the waiting list")
    assert "You are number 2 of 2 on the waiting list" in html
    assert not filled_buttons(html)
    assert "You left the waiting list" in press(client, session, "Leave the waiting list")
    assert "Join the waiting list" in client.get(session.url).content.decode()


def test_visitors_are_led_to_the_login_and_back(client):
    session = session_in(timedelta(days=7))
    html = read(session, None)
    assert f'href="/accounts/login/?next={session.url}"' in html and 'href="/apply/"' in html
    assert "/seats/" not in html and len(filled_buttons(html)) == 1
    # A form left open until the login had run out leads to the page, not to an address that only takes a post.
    answer = client.post(f"/seats/{session.pk}/take/")
    assert answer["Location"] == f"/accounts/login/?next={session.url}"
    hidden = session_in(timedelta(days=7), audience=Audience.MEMBERS, title="Not for visitors")
    assert client.post(f"/seats/{hidden.pk}/take/")["Location"] == "/accounts/login/?next=/my-hub/"
    assert client.post("/seats/999999/take/")["Location"] == "/accounts/login/?next=/my-hub/"


def test_somebody_logged_in_who_is_no_member_gets_no_seat():
    session, stranger = session_in(timedelta(days=7)), UserFactory()
    html = read(session, stranger)
    assert "Seats are for members" in html and "/seats/" not in html
    client = Client()
    client.force_login(stranger)
    assert "Seats are for members" in client.post(f"/seats/{session.pk}/take/", follow=True).content.decode()
    assert not session.seats.exists()


def test_a_member_without_a_profile_gets_one_with_the_seat(member):
    MemberProfile.objects.filter(user=member).delete()
    session = session_in(timedelta(days=7))
    assert "You have a seat" in press(as_(member), session, "Take a seat")
    assert session.seats.get().profile.user == member


@pytest.mark.parametrize(
    ("start", "fields", "sentence"),
    [
        (timedelta(days=7), {"cancelled": True}, "This session does not take place"),
        (timedelta(days=-7), {}, "This session is over"),
    ],
)
@pytest.mark.parametrize("going", [True, False])
def test_cancelled_and_over_have_a_sentence_and_no_button(member, start, fields, sentence, going):
    session = session_in(start, **fields)
    if going:
        SessionSeatFactory(session=session, profile=member.profile)
    html = read(session, member)
    assert sentence in html
    assert "/seats/" not in html and "secret-room" not in html


def test_the_head_of_the_table_is_not_asked_whether_to_be_shown(member):
    session = session_in(timedelta(days=7))
    SessionSeatFactory(session=session, profile=member.profile, role=SeatRole.HOST)
    html = read(session, member)
    assert "You sit at the head of the table" in html and "/show/" not in html


def test_to_be_shown_is_no_way_to_get_a_seat(member):
    session = session_in(timedelta(days=7))
    client = Client()
    client.force_login(member)
    answer = client.post(f"/seats/{session.pk}/show/", {"show": "on"}, follow=True).content.decode()
    assert "You have no seat at this session any more" in answer
    assert not session.seats.exists()


@pytest.mark.parametrize("action", ["take", "show", "give-back"])
def test_a_post_without_the_token_does_nothing(member, action):
    session = session_in(timedelta(days=7))
    assert as_(member).post(f"/seats/{session.pk}/{action}/").status_code == 403
    assert not session.seats.exists()


def test_the_page_of_a_draft_offers_nothing(staff):
    session = session_in(timedelta(days=7), live=False)
    html = session.make_preview_request(preview_mode=session.default_preview_mode).render().content.decode()
    assert "Seats can be taken once this page is published" in html and "/seats/" not in html
    unsaved = SessionPage(title="Being written", slug="x", path="000100019999", depth=3)
    assert unsaved.make_preview_request().render().status_code == 200


def test_what_is_offered_costs_no_query(member):
    session = session_in(timedelta(days=7), capacity=1)
    client = as_(member)
    client.get(session.url)

    def queries():
        with CaptureQueriesContext(connection) as caught:
            client.get(session.url)
        return len(caught)

    before = queries()
    for _ in range(5):
        SessionSeatFactory(session=session, state=SeatState.WAITLISTED)
    SessionSeatFactory(session=session, profile=member.profile, state=SeatState.WAITLISTED)
    assert queries() <= before + 1


# --- the link to join -------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [None, SeatState.WAITLISTED, SeatState.CANCELLED])
def test_the_link_is_for_nobody_who_is_not_going(member, staff, state):
    session = session_in(timedelta(minutes=10))
    if state:
        SessionSeatFactory(session=session, profile=member.profile, state=state)
    for reader in (None, member, staff):
        assert "secret-room" not in read(session, reader)


@pytest.mark.parametrize(
    ("start", "shown"),
    [
        (timedelta(days=7), False),
        (timedelta(minutes=61), False),
        (timedelta(minutes=59), True),
        (timedelta(minutes=-30), True),
        (timedelta(minutes=-61), False),
    ],
)
def test_the_link_is_there_from_an_hour_before_until_the_end(member, start, shown):
    session = session_in(start)
    SessionSeatFactory(session=session, profile=member.profile)
    html = read(session, member)
    assert (f'href="{LINK}"' in html) is shown
    assert ("appears here an hour before" in html) is (start > HOUR)
    assert len(filled_buttons(html)) == int(shown)


# --- who moves up so late that nobody can be asked (offers: test_offers.py) -------------------------


def test_who_moves_up_is_told_once_and_after_the_commit(member, django_capture_on_commit_callbacks):
    session = session_in(timedelta(hours=11), capacity=1, title="When the sponsor leaves")
    first = MemberProfileFactory()
    SessionSeatFactory(session=session, profile=first)
    SessionSeatFactory(session=session, profile=member.profile, state=SeatState.WAITLISTED)
    client = Client()
    client.force_login(first.user)
    with django_capture_on_commit_callbacks() as callbacks:
        client.post(f"/seats/{session.pk}/give-back/")
        client.post(f"/seats/{session.pk}/give-back/")
        assert not mail.outbox, "before the commit nobody is mailed"
    for callback in callbacks:
        callback()
    [message] = mail.outbox
    assert message.to == [member.email]
    assert "You have a seat at “When the sponsor leaves”" in message.subject
    assert session.url in message.body and "give the seat back" in message.body
    [news] = Notification.objects.all()
    assert (news.user, news.kind) == (member, "roundtables.moved_up")
    assert "You have a seat" in read(session, member)


def test_more_seats_from_the_editor_let_the_queue_in(member, django_capture_on_commit_callbacks):
    session = session_in(timedelta(hours=11), capacity=0)
    waiting = [SessionSeatFactory(session=session, state=SeatState.WAITLISTED) for _ in range(3)]
    session.capacity = 2
    with django_capture_on_commit_callbacks(execute=True):
        session.save_revision()
        assert not Notification.objects.exists(), "a draft adds no seats"
        session.get_latest_revision().publish()
        session.get_latest_revision().publish()
    assert [seat.profile for seat in session.seats.going()] == [seat.profile for seat in waiting[:2]]
    assert len(mail.outbox) == Notification.objects.count() == 2


def test_who_may_no_longer_come_neither_moves_up_nor_holds_up_others():
    session = session_in(timedelta(hours=11), capacity=1)
    holder, lapsed, next_one = MemberProfileFactory.create_batch(3)
    SessionSeatFactory(session=session, profile=holder)
    for profile in (lapsed, next_one):
        SessionSeatFactory(session=session, profile=profile, state=SeatState.WAITLISTED)
    lapsed.user.groups.clear()
    client = Client()
    client.force_login(holder.user)
    client.post(f"/seats/{session.pk}/give-back/")
    assert session.seats.going().get().profile == next_one
    assert [news.user for news in Notification.objects.all()] == [next_one.user]


def test_a_cancelled_session_moves_nobody_up():
    session = session_in(timedelta(hours=11), capacity=1, cancelled=True)
    SessionSeatFactory(session=session, state=SeatState.WAITLISTED)
    session.save_revision().publish()
    assert not session.seats.going().exists()
    hold_after_all(session, by=None)
    assert session.seats.going().exists()


def test_the_seat_of_a_person_who_leaves_the_hub_goes_to_the_next(django_capture_on_commit_callbacks):
    session = session_in(timedelta(hours=11), capacity=1)
    leaving = SessionSeatFactory(session=session).profile
    waiting = SessionSeatFactory(session=session, state=SeatState.WAITLISTED)
    with django_capture_on_commit_callbacks(execute=True):
        leaving.delete()
    assert session.seats.going().get() == waiting
    with django_capture_on_commit_callbacks(execute=True):
        SessionPage.objects.get(pk=session.pk).delete()
