"""Ways into what was and will be said at the tables: by month, and by topic."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from roundtables import months, topics


@require_safe
def month(request: HttpRequest) -> HttpResponse:
    """A month of sessions, in the reader's own zone."""
    return render(request, "roundtables/calendar.html", months.shown(request))


@require_safe
def by_topic(request: HttpRequest) -> HttpResponse:
    """What was held, topic by topic."""
    return render(request, "roundtables/by_topic.html", {"topics": topics.held(request)})
