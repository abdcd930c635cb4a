"""`hub_status` notices what nobody would otherwise: dates that passed while nothing looked at them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from hub.home.domain.status import checks
from tests.factories import PracticePageFactory

pytestmark = pytest.mark.django_db


def problem():
    return next(check.problem for check in checks() if check.name == "pages with a date")


def test_a_page_that_should_have_expired_is_a_problem():
    page = PracticePageFactory()
    assert problem() == ""
    page.expire_at = timezone.now() - timedelta(hours=1)
    page.save()
    assert "publish_scheduled" in problem()


def test_a_page_that_should_have_gone_live_is_a_problem():
    page = PracticePageFactory(live=False)
    revision = page.save_revision(approved_go_live_at=timezone.now() + timedelta(hours=1))
    assert problem() == ""
    type(revision).objects.filter(pk=revision.pk).update(approved_go_live_at=timezone.now() - timedelta(hours=1))
    assert "publish_scheduled" in problem()
