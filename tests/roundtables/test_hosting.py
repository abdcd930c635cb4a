"""People at this table: for those who run the session, with the names they may know, and who came."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from hub.members.domain.roles import sync_roles
from hub.members.enums import ShownTo
from hub.pages.enums import PageSeatRole
from hub.pages.models import PageSeat
from roundtables.enums import AttributionMode, SeatRole, SeatState
from tests.factories import MemberProfileFactory, PracticePageFactory, SessionPageFactory, SessionSeatFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def roles(db):
    sync_roles()


@pytest.fixture
def session():
    """A session that began ten minutes ago: a host, a member, somebody waiting, and somebody who gave it back."""
    start = timezone.now() - timedelta(minutes=10)
    session = SessionPageFactory(title="Reporting up", starts_at=start, ends_at=start + timedelta(hours=1), capacity=2)
    for name, state, role in (
        ("Gus Going", SeatState.GOING, SeatRole.MEMBER),
        ("Hope Host", SeatState.GOING, SeatRole.HOST),
        ("Walt Waiting", SeatState.WAITLISTED, SeatRole.MEMBER),
        ("Cleo Cancelled", SeatState.CANCELLED, SeatRole.MEMBER),
    ):
        SessionSeatFactory(session=session, profile=MemberProfileFactory(name=name), state=state, role=role)
    return session


def address(page):
    return reverse("session_people", args=[page.pk])


def browse(client, user):
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def seated(session, user, role=PageSeatRole.CO_AUTHOR):
    PageSeat.objects.create(page_id=session.pk, user=user, role=role)
    return user


def test_staff_see_who_is_going_waits_and_left(client, staff, session):
    html = browse(client, staff).get(address(session)).content.decode()
    places = [html.index(name) for name in ("Hope Host", "Gus Going", "Walt Waiting", "Cleo Cancelled")]
    assert places == sorted(places), "the host first, then in groups"
    assert html.count('name="came"') == 2
    edit = client.get(reverse("wagtailadmin_pages:edit", args=[session.pk])).content.decode()
    assert address(session) in edit


def test_a_host_with_a_seat_on_the_page_opens_it_and_nobody_else_does(client, leader, member, session):
    other = SessionPageFactory()
    assert browse(client, seated(session, leader)).get(address(session)).status_code == 200
    for closed in (other, PracticePageFactory()):
        assert client.get(address(closed)).status_code in (302, 403, 404)
    assert client.post(address(other), {"seat": "1", "came": "1"}).status_code in (302, 403)
    assert browse(client, member).get(address(session)).status_code in (302, 403)


def test_a_reviewer_of_the_page_does_not_see_its_people(client, leader, session):
    response = browse(client, seated(session, leader, PageSeatRole.REVIEWER)).get(address(session))
    assert response.status_code in (302, 403)
    edit = client.get(reverse("wagtailadmin_pages:edit", args=[session.pk])).content.decode()
    assert address(session) not in edit


def test_who_came_is_noted_for_the_list_that_was_ticked(client, staff, session):
    gus, host = session.seats.get(profile__name="Gus Going"), session.seats.get(profile__name="Hope Host")
    elsewhere = SessionSeatFactory(session=SessionPageFactory())
    waiting = session.seats.get(state=SeatState.WAITLISTED)
    late = SessionSeatFactory(session=session)  # sat down after the list was opened
    ticked = {"seat": [gus.pk, host.pk, elsewhere.pk, waiting.pk, "²"], "came": [host.pk, elsewhere.pk, waiting.pk]}
    browse(client, staff).post(address(session), ticked)
    for seat, attended in ((gus, False), (host, True), (elsewhere, None), (waiting, None), (late, None)):
        seat.refresh_from_db()
        assert seat.attended is attended


def test_nobody_came_to_a_session_that_has_not_begun(client, staff):
    session = SessionPageFactory()
    seat = SessionSeatFactory(session=session)
    assert 'name="came"' not in browse(client, staff).get(address(session)).content.decode()
    html = client.post(address(session), {"seat": seat.pk, "came": seat.pk}, follow=True).content.decode()
    assert "The session has not begun" in html
    seat.refresh_from_db()
    assert seat.attended is None


def test_a_name_that_is_hidden_stays_hidden(client, staff, session):
    hidden = MemberProfileFactory(name="Hera Hidden", slug="x1", name_shown_to=ShownTo.ONLY_ME)
    SessionSeatFactory(session=session, profile=hidden)
    html = browse(client, staff).get(address(session)).content.decode()
    assert "Hera" not in html and "does not show their name" in html


@pytest.mark.parametrize("mode", [AttributionMode.CHATHAM_HOUSE, AttributionMode.PRIVATE])
def test_once_it_is_over_only_those_who_were_there_know_who_was(client, staff, session, mode):
    session.attribution_mode = mode
    session.starts_at -= timedelta(days=1)
    session.ends_at -= timedelta(days=1)
    session.save()
    html = browse(client, staff).get(address(session)).content.decode()
    for name in ("Hope", "Gus", "Walt", "Cleo"):
        assert name not in html
    assert "2 had a seat" in html
    seat = session.seats.get(profile__name="Gus Going")
    assert client.post(address(session), {"seat": seat.pk, "came": seat.pk}).status_code in (302, 403)
    seat.refresh_from_db()
    assert seat.attended is None
    SessionSeatFactory(session=session, profile=staff.profile, role=SeatRole.HOST)
    assert "Gus Going" in client.get(address(session)).content.decode()


def test_the_list_costs_the_same_for_two_and_for_twenty(client, staff, session, django_assert_max_num_queries):
    browse(client, staff).get(address(session))
    for _ in range(20):
        SessionSeatFactory(session=session)
    with django_assert_max_num_queries(25):
        client.get(address(session))
