"""A hub that is served below a prefix (SCRIPT_NAME) closes the same doors as one at the root."""

import pytest
from django.urls import reverse

from hub.pages.enums import PageSeatRole
from hub.pages.models import PageSeat
from tests.factories import PracticePageFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("prefix", ["", "/hub"])
def test_reports_stay_closed_to_people_with_a_seat(client, leader, prefix):
    PageSeat.objects.create(page=PracticePageFactory(), user=leader, role=PageSeatRole.CO_AUTHOR)
    client.force_login(leader)
    closed = reverse("wagtailadmin_reports:site_history")
    response = client.get(closed, SCRIPT_NAME=prefix, headers={"x-requested-with": "XMLHttpRequest"})
    assert response.status_code == 403
    assert client.get(reverse("wagtailadmin_home"), SCRIPT_NAME=prefix).status_code == 200
