"""What the front page and the pages of plain text hand to their templates."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from hub.accounts.enums import Role
from hub.accounts.rules import role_of
from hub.editorial import showing
from hub.editorial.ties import pairs_of
from hub.home.models import HomePage, StandardPage
from hub.practices import showing as practices
from research import showing as research
from roundtables import tables
from roundtables.models import SessionPage

CARDS, PRACTICES, REPORTS = 3, 5, 2


def home(page: HomePage, request: HttpRequest) -> dict[str, Any]:
    """The question, and what is new for this reader."""
    reader = tables.reader_of(request.user)
    sessions = SessionPage.objects.visible_to(request.user).defer_streamfields()
    coming: list[SessionPage] = list(sessions.upcoming()[:CARDS])
    new_practices = list(practices.newest(request.user)[:PRACTICES])
    new_reports = list(research.newest(request.user)[:REPORTS])
    ties = pairs_of([*new_practices, *new_reports])
    return {
        "today": timezone.localdate(),
        "is_member": role_of(request.user) >= Role.MEMBER,
        "cards": tables.cards(coming, reader, request),
        "zone": tables.city(reader.profile.time_zone) if reader.profile else "",
        "practices": practices.rows(new_practices, request, ties),
        "reports": research.rows(new_reports, request, ties),
    }


def standard(page: StandardPage, request: HttpRequest) -> dict[str, Any]:
    """A text, and the pages below it."""
    below = StandardPage.objects.visible_to(request.user).child_of(page).order_by("path").defer_streamfields()
    return {
        **showing.detail(page, request),
        "text": showing.parts(page.body),
        "below": [showing.brief(child, request) for child in below],
    }
