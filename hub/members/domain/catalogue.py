"""How people are named in the catalogue."""

from __future__ import annotations

from hub.members.enums import ShownTo
from hub.members.models import MemberProfile


def name_for(profile: MemberProfile | None, level: ShownTo) -> str:
    """The person's name if people at `level` may know it, else nothing."""
    return profile.name if profile is not None and profile.name_shown_to <= level else ""
