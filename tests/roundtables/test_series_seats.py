"""A seat in the whole series is one seat for each date: those that are set, and those that will be."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from hub.notifications.models import Notification
from hub.pages.enums import Audience
from roundtables import kinds
from roundtables.domain import seats
from roundtables.enums import SeatState
from roundtables.models import SeriesSeat
from tests.factories import MemberProfileFactory, SeriesPageFactory, SessionPageFactory, SessionSeatFactory
from tests.roundtables.test_session_page import as_

pytestmark = pytest.mark.django_db


def date(series, weeks, **fields):
    start = timezone.now() + timedelta(weeks=weeks)
    return SessionPageFactory(parent=series, starts_at=start, ends_at=start + timedelta(hours=1), **fields)


def states(profile):
    return {seat.session.title: seat.state for seat in profile.seats.select_related("session")}


def test_one_click_seats_at_every_date_and_one_gives_all_back(member):
    series = SeriesPageFactory()
    full = date(series, 1, title="Full", capacity=1)
    SessionSeatFactory(session=full)
    free = date(series, 2, title="Free")
    date(series, -1, title="Past")
    date(series, 3, title="Cancelled", cancelled=True)
    date(series, 4, title="Leaders", audience=Audience.LEADERS)
    SessionPageFactory(title="Another series")
    client = as_(member)
    client.handler.enforce_csrf_checks = False
    assert "Take a seat in the whole series" in client.get(series.url).content.decode()
    assert f'href="{series.url}#whole-series"' in client.get(free.url).content.decode()
    html = client.post(f"/seats/series/{series.pk}/take/", follow=True).content.decode()
    assert "You have a seat in the whole series" in html and "At 1 of 2 dates no seat is left" in html
    assert states(member.profile) == {"Full": SeatState.WAITLISTED, "Free": SeatState.GOING}
    client.post(f"/seats/series/{series.pk}/leave/")
    assert set(states(member.profile).values()) == {SeatState.CANCELLED}
    assert not SeriesSeat.objects.exists()


def test_a_new_date_seats_those_who_want_the_series_in_their_order_and_tells_them_once():
    series = SeriesPageFactory()
    first, second, third = MemberProfileFactory.create_batch(3)
    for person in (first, second, third):
        seats.take_series(series, person)
    third.user.groups.clear()
    session = date(series, 2, title="New", capacity=1, live=False)
    assert seats.seat_subscribers(session) == [], "a draft seats nobody"
    session.save_revision().publish()
    session.save_revision().publish()
    assert states(first) == {"New": SeatState.GOING} and states(second) == {"New": SeatState.WAITLISTED}
    assert states(third) == {}
    news = Notification.objects.filter(kind=kinds.SERIES_DATE.key).order_by("pk")
    assert [(one.user, "waiting list" in one.text) for one in news] == [(first.user, False), (second.user, True)]


def test_who_gave_one_date_back_keeps_the_others_and_is_not_seated_again(member):
    series = SeriesPageFactory()
    one = date(series, 1, title="One")
    seats.take_series(series, member.profile)
    seats.give_back(one, member.profile)
    one.save_revision().publish()
    date(series, 2, title="Two").save_revision().publish()
    assert states(member.profile) == {"One": SeatState.CANCELLED, "Two": SeatState.GOING}


def test_the_series_of_others_is_not_found_and_not_for_visitors(client, member):
    hidden, public = SeriesPageFactory(audience=Audience.LEADERS), SeriesPageFactory()
    assert client.post(f"/seats/series/{public.pk}/take/").status_code == 302
    assert "whole series" not in client.get(public.url).content.decode()
    client.force_login(member, backend="django.contrib.auth.backends.ModelBackend")
    for number in (hidden.pk, 999_999):
        assert client.post(f"/seats/series/{number}/take/").status_code == 404
    assert not SeriesSeat.objects.exists()
