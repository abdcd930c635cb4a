"""Who comes inside a session: members who could sit at its table."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.views.decorators.cache import never_cache

from hub.accounts.http import AccountRequest
from roundtables.models import SessionPage
from roundtables.rules import may_sit

View = Callable[..., HttpResponse]
LARGEST = 2**63 - 1


def inside_a_session(view: View) -> View:
    """A view about a session, for members who could sit at its table; to everybody else it is not there."""

    @login_required
    @never_cache
    @wraps(view)
    def guarded(request: AccountRequest, session_id: int, **kwargs: Any) -> HttpResponse:
        session = SessionPage.objects.filter(pk=session_id).first() if session_id <= LARGEST else None
        if session is None or not may_sit(session, request.user):
            raise Http404
        return view(request, session, **kwargs)

    return guarded
