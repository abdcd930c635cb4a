"""Inviting to a table tells who and why, and nothing about anybody's seat; tables by invitation can be asked for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hub.members.enums import ShownTo
from hub.notifications.models import Notification
from hub.pages.enums import Audience
from roundtables import kinds
from roundtables.domain import invitations, seats
from roundtables.enums import SeatRole, SeatState
from roundtables.models import Invitation, InvitationRequest
from tests.factories import MemberProfileFactory, SessionPageFactory, SessionSeatFactory, TopicFactory
from tests.roundtables.test_session_page import as_, read, session_in

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


@pytest.fixture
def browser(member):
    client = as_(member)
    client.handler.enforce_csrf_checks = False
    return client


def told(kind):
    return [news.user for news in Notification.objects.filter(kind=kind.key).order_by("pk")]


def test_a_seated_member_invites_with_a_reason_and_the_invited_reads_both(browser, member):
    session = session_in(WEEK, title="Reporting up")
    address = f"/seats/{session.pk}/invite/"
    assert browser.get(address).status_code == 404, "without a seat"
    seats.take_seat(session, member.profile)
    friend = MemberProfileFactory(name="Faye Friend")
    assert "Faye Friend" in browser.get(f"{address}?q=faye").content.decode()
    html = browser.post(address, {"person": friend.pk, "why": "You did this in March."}, follow=True).content.decode()
    assert "Invited." in html
    browser.post(address, {"person": friend.pk, "why": "Again."})
    [news] = Notification.objects.filter(kind=kinds.INVITED.key)
    assert news.user == friend.user and member.profile.name in news.text and "You did this in March." in news.detail
    html = read(session, friend.user)
    assert "invites you: “You did this in March.”" in html and "Take a seat" in html
    assert "invites you" not in read(session, MemberProfileFactory().user)


def test_inviting_tells_nothing_about_the_seat_of_the_other(browser, member):
    session = session_in(WEEK)
    seats.take_seat(session, member.profile)
    seated, free = SessionSeatFactory(session=session).profile, MemberProfileFactory()
    address = f"/seats/{session.pk}/invite/"
    answers = []
    for person in (seated, free):
        html = browser.post(address, {"person": person.pk}, follow=True).content.decode()
        answers.append("Unless they have a seat already, they hear from us" in html)
    assert answers == [True, True]
    assert told(kinds.INVITED) == [free.user]


def test_only_people_whom_the_directory_names_can_be_found_or_invited(browser, member):
    topic = TopicFactory()
    session = SessionPageFactory(many={"topics": [topic]})
    seats.take_seat(session, member.profile)
    hidden = MemberProfileFactory(name="Hera Hidden", name_shown_to=ShownTo.ONLY_ME)
    private = MemberProfileFactory(name="Pat Private", topics_shown_to=ShownTo.ONLY_ME)
    caring = MemberProfileFactory(name="Cara Caring")
    for person in (hidden, private, caring):
        person.topics.add(topic)
    address = f"/seats/{session.pk}/invite/"
    html = browser.get(address).content.decode()
    assert "Cara Caring" in html and "Hera" not in html and "Pat Private" not in html
    assert "Hera" not in browser.get(f"{address}?q=hera").content.decode().replace('value="hera"', "")
    assert browser.post(address, {"person": hidden.pk}).status_code == 404
    assert browser.post(address, {"person": "x"}).status_code == 404
    assert not Invitation.objects.exists()


def test_nobody_invites_to_what_the_other_may_not_see_and_not_without_end(member):
    session = session_in(WEEK, audience=Audience.LEADERS)
    host = SessionSeatFactory(session=session, role=SeatRole.MEMBER).profile
    invitations.invite(session, host, member.profile)
    assert told(kinds.INVITED) == []
    others = MemberProfileFactory.create_batch(invitations.MOST)
    with pytest.raises(invitations.InvitationRefused, match="You have invited 10 people"):
        for person in others:
            invitations.invite(session, host, person)


def test_a_table_by_invitation_is_asked_for_and_opened_by_its_host(browser, member):
    session = session_in(WEEK, by_invitation=True)
    host = SessionSeatFactory(session=session, role=SeatRole.HOST).profile
    guest = SessionSeatFactory(session=session).profile
    html = browser.get(session.url).content.decode()
    assert "Ask for an invitation" in html and "/take/" not in html
    assert "by invitation" in browser.post(f"/seats/{session.pk}/take/", follow=True).content.decode()
    assert not session.seats.filter(profile=member.profile).exists()
    assert "Say in a sentence" in browser.post(f"/seats/{session.pk}/ask/", {"why": " "}, follow=True).content.decode()
    for _ in range(2):
        browser.post(f"/seats/{session.pk}/ask/", {"why": "We closed three clinics."})
    assert told(kinds.ASKED) == [host.user]
    assert "You asked for one" in browser.get(session.url).content.decode()
    invitations.invite(session, guest, member.profile)  # a guest recommends, and opens nothing
    assert told(kinds.INVITED) == []
    with pytest.raises(seats.SeatRefused):
        seats.take_seat(session, member.profile)
    hosting = as_(host.user)
    hosting.handler.enforce_csrf_checks = False
    html = hosting.get(f"/seats/{session.pk}/invite/").content.decode()
    assert "We closed three clinics." in html
    assert "We closed" not in as_(guest.user).get(f"/seats/{session.pk}/invite/").content.decode()
    hosting.post(f"/seats/{session.pk}/invite/", {"person": member.profile.pk})
    assert told(kinds.INVITED) == [member]
    assert seats.take_seat(session, member.profile).state == SeatState.GOING


def test_what_is_set_aside_looks_unanswered(browser, member):
    session = session_in(WEEK, by_invitation=True)
    host = SessionSeatFactory(session=session, role=SeatRole.HOST).profile
    browser.post(f"/seats/{session.pk}/ask/", {"why": "Because."})
    before = browser.get(session.url).content.decode()
    hosting = as_(host.user)
    hosting.handler.enforce_csrf_checks = False
    hosting.post(f"/seats/{session.pk}/invite/", {"person": member.profile.pk, "do": "set_aside"})
    assert not InvitationRequest.objects.get().is_open
    after = browser.get(session.url).content.decode()
    assert "You asked for one" in before and "You asked for one" in after
    assert not Notification.objects.filter(user=member).exists()


def test_what_one_may_not_see_can_neither_be_asked_for_nor_invited_to(browser):
    hidden = session_in(WEEK, audience=Audience.LEADERS, by_invitation=True)
    for path in (f"/seats/{hidden.pk}/ask/", f"/seats/{hidden.pk}/invite/", "/seats/999999/ask/"):
        assert browser.post(path, {"why": "Please."}).status_code == 404
    assert not InvitationRequest.objects.exists()
