"""A session moves or is cancelled: whoever relies on it is told, once, and nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from hub.members.domain.roles import sync_roles
from hub.notifications.models import Notification
from hub.pages.enums import PageSeatRole
from hub.pages.models import PageSeat
from roundtables.domain import dates
from roundtables.domain.dates import DateRefused
from roundtables.enums import AttributionMode, SeatRole, SeatState
from roundtables.models import SessionPage
from tests.factories import MemberProfileFactory, SessionPageFactory, SessionSeatFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    """A session in a week: a host, one who goes, one who waits, one who gave their seat back."""
    start = (timezone.now() + timedelta(days=7)).replace(second=0, microsecond=0)
    session = SessionPageFactory(title="Reporting up", capacity=2, starts_at=start)
    for name, state, role in (
        ("Hope Host", SeatState.GOING, SeatRole.HOST),
        ("Gus Going", SeatState.GOING, SeatRole.MEMBER),
        ("Walt Waiting", SeatState.WAITLISTED, SeatRole.MEMBER),
        ("Cleo Cancelled", SeatState.CANCELLED, SeatRole.MEMBER),
    ):
        SessionSeatFactory(session=session, profile=MemberProfileFactory(name=name), state=state, role=role)
    return session


def told():
    return sorted(Notification.objects.values_list("user__profile__name", flat=True))


def fresh(session):
    return SessionPage.objects.get(pk=session.pk)


def browse(client, user):
    sync_roles()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_who_relies_on_a_cancelled_session_is_told_once(session, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        assert dates.call_off(session, by=None, reason="The guest is ill.")
        assert not mail.outbox, "nothing leaves before the commit"
    assert told() == ["Gus Going", "Hope Host", "Walt Waiting"]
    assert len(mail.outbox) == 3
    assert all("The guest is ill." in message.body for message in mail.outbox)
    with django_capture_on_commit_callbacks(execute=True):
        assert not dates.call_off(fresh(session), by=None), "cancelled already"
        fresh(session).save_revision().publish()
    assert len(told()) == len(mail.outbox) == 3
    assert fresh(session).cancelled


def test_who_cancels_it_knows(session):
    host = session.seats.get(role=SeatRole.HOST).profile.user
    dates.call_off(session, by=host)
    assert told() == ["Gus Going", "Walt Waiting"]


def test_a_draft_written_before_does_not_bring_a_cancelled_session_back(session):
    session.title = "Reporting up again"
    revision = session.save_revision()
    dates.call_off(session, by=None)
    revision.publish()
    assert fresh(session).cancelled and fresh(session).title == "Reporting up again"


def test_after_all_the_queue_moves_up(session):
    dates.call_off(session, by=None)
    session.seats.filter(state=SeatState.GOING, role=SeatRole.MEMBER).update(state=SeatState.CANCELLED)
    Notification.objects.all().delete()
    dates.hold_after_all(session, by=None)
    assert not dates.hold_after_all(session, by=None)
    assert session.seats.get(profile__name="Walt Waiting").state == SeatState.OFFERED
    of_seats = Notification.objects.exclude(kind="roundtables.table_fills")
    kinds = sorted(of_seats.values_list("kind", "user__profile__name"))
    assert kinds == [
        ("roundtables.called_off", "Hope Host"),
        ("roundtables.called_off", "Walt Waiting"),
        ("roundtables.offered", "Walt Waiting"),
    ]


def test_who_relies_on_a_moved_session_is_told_both_times_once(session):
    was = session.starts_at
    dates.move(session, was + timedelta(days=2), by=None)
    assert told() == ["Gus Going", "Hope Host", "Walt Waiting"]
    text = Notification.objects.first()
    assert f"{was + timedelta(days=2):%A}" in text.detail and f"{was:%A}" in text.detail
    fresh(session).save_revision().publish()
    dates.announce(fresh(session))
    assert len(told()) == 3
    assert fresh(session).ends_at - fresh(session).starts_at == timedelta(hours=1)


def test_a_date_that_is_changed_in_the_text_is_told_when_it_is_published(session):
    session = fresh(session)
    session.starts_at += timedelta(days=1)
    session.ends_at += timedelta(days=1)
    revision = session.save_revision()
    assert not told()
    revision.publish()
    assert told() == ["Gus Going", "Hope Host", "Walt Waiting"]


def test_moving_a_session_publishes_nobodys_draft(session):
    session.title = "Half a thought"
    session.save_revision()
    dates.move(fresh(session), session.starts_at + timedelta(days=2), by=None)
    now = fresh(session)
    assert now.title == "Reporting up" and now.starts_at == session.starts_at + timedelta(days=2)
    draft = now.get_latest_revision_as_object()
    assert draft.title == "Half a thought" and draft.starts_at == now.starts_at
    assert len(told()) == 3


def test_a_draft_has_nobody_to_tell(member):
    session = SessionPageFactory(live=False)
    dates.move(session, session.starts_at + timedelta(days=1), by=None)
    dates.call_off(session, by=None)
    assert not told()


@pytest.mark.parametrize(
    ("act", "because"),
    [
        (lambda one: dates.move(one, timezone.now() - timedelta(hours=1), by=None), "This time is past"),
        (lambda one: dates.call_off(at(one, days=-3), by=None), "over"),
        (lambda one: dates.move(at(one, days=-3), timezone.now() + timedelta(days=1), by=None), "has begun"),
        (lambda one: dates.hold_after_all(at(one, days=-3), by=None), "is past"),
        (lambda one: dates.move(off(one), timezone.now() + timedelta(days=9), by=None), "is cancelled"),
    ],
)
def test_what_cannot_be_done_to_a_date(session, act, because):
    with pytest.raises(DateRefused, match=because):
        act(session)


def at(session, *, days):
    start = timezone.now() + timedelta(days=days)
    SessionPage.objects.filter(pk=session.pk).update(starts_at=start, ends_at=start + timedelta(hours=1))
    return session


def off(session):
    SessionPage.objects.filter(pk=session.pk).update(cancelled=True)
    return session


def test_the_editor_moves_cancels_and_keeps_what_was_typed(client, staff, session):
    browse(client, staff)
    address = reverse("session_date", args=[session.pk])
    assert address in client.get(reverse("wagtailadmin_pages:edit", args=[session.pk])).content.decode()
    html = client.post(address, {"move": "yes", "day": "2020-01-01", "at": "16:00"}).content.decode()
    assert "This time is past" in html and 'value="2020-01-01"' in html
    html = client.post(address, {"move": "yes", "day": "soon", "at": ""}).content.decode()
    assert "soon" in html and "error" in html
    day = (timezone.now() + timedelta(days=20)).date()
    client.post(address, {"move": "yes", "day": f"{day}", "at": "16:00"})
    local = fresh(session).starts_at.astimezone(session.zone)
    assert (local.date(), local.hour, local.minute) == (day, 16, 0)
    client.post(address, {"cancel": "yes", "reason": "Snow."})
    assert fresh(session).cancelled
    assert "It takes place after all" in client.get(address).content.decode()
    client.post(address, {"hold": "yes"})
    assert not fresh(session).cancelled


def test_only_those_who_run_a_session_move_it(client, leader, member, session):
    address = reverse("session_date", args=[session.pk])
    day = (timezone.now() + timedelta(days=20)).date()
    for user, role in ((member, None), (leader, None), (leader, PageSeatRole.REVIEWER)):
        if role:
            PageSeat.objects.create(page_id=session.pk, user=user, role=role)
        response = browse(client, user).post(address, {"move": "yes", "day": f"{day}", "at": "16:00"})
        assert response.status_code in (302, 403)
        assert client.get(address).status_code in (302, 403)
        assert fresh(session).starts_at == session.starts_at
    PageSeat.objects.filter(user=leader).update(role=PageSeatRole.CO_AUTHOR)
    assert client.post(address, {"cancel": "yes"}).status_code == 302
    assert fresh(session).cancelled


def test_the_page_of_a_date_names_nobody(client, staff, session):
    SessionPage.objects.filter(pk=session.pk).update(attribution_mode=AttributionMode.CHATHAM_HOUSE)
    at(session, days=-3)
    html = browse(client, staff).get(reverse("session_date", args=[session.pk])).content.decode()
    for name in ("Hope", "Gus", "Walt", "Cleo"):
        assert name not in html
    assert "Only those who were there know whom to ask" in html
