"""What was promised to those who speak at a Chatham House session holds afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from roundtables.enums import AttributionMode
from tests.factories import SessionPageFactory

pytestmark = pytest.mark.django_db


def chatham_house(*, days: int):
    begin = timezone.now() + timedelta(days=days)
    return SessionPageFactory(
        attribution_mode=AttributionMode.CHATHAM_HOUSE,
        starts_at=begin,
        ends_at=begin + timedelta(hours=1),
        organiser="Wexelbury Hospitals",
        location="Boardroom of Wexelbury Hospitals",
    )


def test_a_rule_under_which_people_spoke_is_not_loosened():
    session = chatham_house(days=-2)
    session.attribution_mode = AttributionMode.OPEN
    with pytest.raises(ValidationError, match="not looser"):
        session.save()
    session.attribution_mode = AttributionMode.PRIVATE
    session.save()


def test_a_sitting_that_is_over_is_not_moved_to_where_its_speakers_are_named():
    session = chatham_house(days=-2)
    session.starts_at, session.ends_at = timezone.now(), timezone.now() + timedelta(days=1)
    with pytest.raises(ValidationError, match="is over"):
        session.save()


def test_before_anybody_spoke_the_host_may_change_the_rule():
    session = chatham_house(days=2)
    session.attribution_mode = AttributionMode.OPEN
    session.save()


def test_organiser_and_place_name_no_employer_once_it_is_over(client):
    over, ahead = chatham_house(days=-2), chatham_house(days=2)
    assert "Wexelbury" in client.get(ahead.get_url()).content.decode()
    assert "Wexelbury" not in client.get(over.get_url()).content.decode()
