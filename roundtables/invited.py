"""What the page of a session says to somebody who was invited to it, or has to be."""

from __future__ import annotations

from dataclasses import dataclass, field

from hub.accounts.enums import Role
from hub.accounts.rules import role_of
from hub.members.rules import shown
from roundtables.models import Invitation, InvitationRequest, SessionPage
from roundtables.rules import is_over, may_host
from roundtables.tables import Reader


@dataclass(frozen=True)
class Standing:
    """Who asks the reader to the table and why, and whether they may take a seat there."""

    by: list[tuple[str, str]] = field(default_factory=list)
    may_take: bool = True
    has_asked: bool = False


def standing_of(session: SessionPage, reader: Reader) -> Standing:
    """Where `reader` stands with the invitations of `session`: one query for members before it, none for others."""
    if reader.profile is None or role_of(reader.viewer) < Role.MEMBER or session.cancelled or is_over(session):
        return Standing()
    asked = Invitation.objects.filter(session=session.pk, profile=reader.profile.pk)
    found = list(asked.select_related("invited_by__function", "invited_by__industry")) if session.pk else []
    names = [shown(one.invited_by, reader.viewer, brief=True).name or "A member" for one in found]
    by = [(name, one.why) for name, one in zip(names, found, strict=True)]
    if not session.by_invitation or any(one.is_of_host for one in found) or may_host(session, reader.viewer):
        return Standing(by)
    requests = InvitationRequest.objects.filter(session=session.pk, profile=reader.profile.pk)
    return Standing(by, may_take=False, has_asked=requests.exists())
