"""How people are named in the catalogue, and where those who search stand."""

from __future__ import annotations

from typing import Any

from hub.members.enums import ShownTo
from hub.members.models import MemberProfile
from search.registry import Place


def name_for(profile: MemberProfile | None, level: ShownTo) -> str:
    """The person's name if people at `level` may know it, else nothing."""
    return profile.name if profile is not None and profile.name_shown_to <= level else ""


def place_of(viewer: Any) -> Place | None:
    """The function and industry of the viewer's own profile, whoever else may see them."""
    row = MemberProfile.objects.filter(user=viewer).values_list("function_id", "industry_id").first()
    return Place(*row) if row else None
