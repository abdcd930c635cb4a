"""What is recommended, why, and what the reason must not tell."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from hub.members.enums import ShownTo
from hub.pages.enums import Audience
from roundtables.enums import AttributionMode, SeatState
from tests.factories import MemberProfileFactory, SessionPageFactory, SessionSeatFactory, TopicFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic(member):
    topic = TopicFactory(name="Volunteers who stop")
    member.profile.topics.add(topic)
    return topic


@pytest.fixture
def html(client, member):
    client.force_login(member, backend="django.contrib.auth.backends.ModelBackend")

    def read(path="/roundtables/"):
        page = client.get(path).content.decode()
        start = page.find("<h2>For you</h2>")
        return page[start : page.index("</section>", start)] if start >= 0 else ""

    return read


def held(**fields):
    start = timezone.now() - timedelta(days=30)
    return SessionPageFactory(starts_at=start, ends_at=start + timedelta(hours=1), **fields)


@pytest.mark.parametrize("path", ["/roundtables/", "/my-hub/"])
def test_a_session_about_my_topic_says_so(html, topic, path):
    SessionPageFactory(title="Mine", many={"topics": [topic]})
    SessionPageFactory(title="Another", many={"topics": [TopicFactory()]})
    found = html(path)
    assert "Mine" in found and "It is about “Volunteers who stop”, as you say in your profile." in found
    assert "Another" not in found


def test_what_i_go_to_what_is_off_and_what_is_not_for_me_is_not_recommended(html, topic, member):
    mine = {"many": {"topics": [topic]}}
    for state in (SeatState.GOING, SeatState.WAITLISTED):
        SessionSeatFactory(session=SessionPageFactory(**mine), profile=member.profile, state=state)
    SessionPageFactory(cancelled=True, **mine)
    SessionPageFactory(by_invitation=True, **mine)
    SessionPageFactory(audience=Audience.LEADERS, **mine)
    assert html() == ""


def test_people_i_have_not_met_are_a_reason_and_hidden_ones_are_nobody(html, member):
    session, before = SessionPageFactory(title="Strangers"), held()
    strangers = [SessionSeatFactory(session=session, is_shown=True).profile for _ in range(4)]
    SessionSeatFactory(session=session)
    nameless = MemberProfileFactory(name_shown_to=ShownTo.ONLY_ME)
    SessionSeatFactory(session=session, profile=nameless, is_shown=True)
    assert "You have not sat at a table with the 4 people shown there." in html()
    SessionSeatFactory(session=before, profile=member.profile, attended=True)
    SessionSeatFactory(session=before, profile=strangers[0], is_shown=True, attended=True)
    assert "with 3 of the 4 people shown there" in html()
    # Who was there and did not show it, who did not come, and a table that names nobody tell nothing.
    SessionSeatFactory(session=before, profile=strangers[1], is_shown=False, attended=True)
    SessionSeatFactory(session=before, profile=strangers[2], is_shown=True, attended=False)
    unnamed = held(attribution_mode=AttributionMode.CHATHAM_HOUSE)
    for profile in (member.profile, strangers[3]):
        SessionSeatFactory(session=unnamed, profile=profile, is_shown=True, attended=True)
    assert "with 3 of the 4 people shown there" in html()


def test_visitors_are_recommended_nothing(topic):
    SessionPageFactory(many={"topics": [topic]})
    assert "For you" not in Client().get("/roundtables/").content.decode()
