"""Page seats in Wagtail's permission system: a policy for "which pages", a tester for "may I, here"."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q
from wagtail.models import PagePermissionTester
from wagtail.permission_policies.pages import PagePermissionPolicy

from hub.pages.models import PageSeat


class SeatGrant:
    """Stands beside GroupPagePermission rows in Wagtail's permission cache, for exactly one page."""

    is_seat = True

    def __init__(self, seat: PageSeat, codename: str) -> None:
        self.page = seat.page
        self.page_id = seat.page_id
        self.permission = SimpleNamespace(codename=codename)


class PageSeatPermissionPolicy(PagePermissionPolicy):
    """Wagtail's page policy, plus "change" on the pages a person holds a seat on."""


class PageSeatPermissionTester(PagePermissionTester):
    """Wagtail's tester, plus seats on the exact page; a seat alone never deletes or moves."""
