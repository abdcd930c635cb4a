"""What the frame around every page needs to know."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from hub.accounts.rules import role_of


def frame(request: HttpRequest) -> dict[str, Any]:
    """The hub's name and address, and who is looking."""
    return {
        "hub_name": settings.HUB_NAME,
        "hub_base_url": settings.HUB_BASE_URL,
        "viewer": getattr(request, "user", None),
        "viewer_role": role_of(getattr(request, "user", None)),
    }
