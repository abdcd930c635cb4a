"""Field-level visibility of profiles: the one place that decides what of a person a viewer sees."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hub.accounts.enums import Role
from hub.accounts.rules import Viewer, role_of
from hub.members.enums import LINE_FIELDS, PROFILE_FIELDS, ShownTo

if TYPE_CHECKING:
    from hub.members.lines import Line
    from hub.members.models import MemberProfile

# An app above may say who is connected with whom; until one does, nobody is.
_connected: list[Callable[[Any, Any], bool]] = []


def register_connection(connected: Callable[[Any, Any], bool]) -> None:
    """Add a reason for which a viewer counts as connected with a profile's owner."""
    _connected.append(connected)


def level_of(viewer: Viewer, profile: MemberProfile | Line) -> ShownTo:
    """The strictest level of `profile` that `viewer` may read. Staff read as members: "only me" is only me."""
    if viewer is not None and viewer.is_authenticated and profile.user_id == viewer.pk:
        return ShownTo.ONLY_ME
    if role_of(viewer) < Role.MEMBER:
        return ShownTo.PUBLIC
    if any(connected(profile, viewer) for connected in _connected):
        return ShownTo.CONNECTED
    return ShownTo.MEMBERS


def common_level(viewer: Viewer) -> ShownTo:
    """What `viewer` may read of everybody: the level at which lists filter, search, sort and count.

    Connections and one's own profile are left out on purpose: a list that also searched those values
    would answer differently about the same person, and its counts would be worth a guess.
    """
    return ShownTo.PUBLIC if role_of(viewer) < Role.MEMBER else ShownTo.MEMBERS


@dataclass(frozen=True)
class Onlooker:
    """A stand-in for somebody of a role, to show a person their own page as others see it."""

    role: Role
    pk: None = None
    is_active: bool = True
    is_anonymous: bool = False

    @property
    def is_authenticated(self) -> bool:
        return self.role >= Role.MEMBER

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return False


@dataclass(frozen=True)
class ShownProfile:
    """What one viewer may see of one person; every hidden value is None (topics: an empty tuple, slug: "")."""

    slug: str
    name: str | None
    organisation: str | None = None
    job_title: str | None = None
    function: Any = None
    industry: Any = None
    bio: str | None = None
    topics: tuple[Any, ...] = ()
    time_zone: str | None = None
    picture: Any = None
    website: str | None = None
    url: str | None = None
    is_me: bool = False
    is_claimed: bool = True
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def initials(self) -> str:
        """Two letters drawn on the person's seat; a quiet dash for somebody who is not named."""
        words = (self.name or "").split()
        if not words:
            return "–"
        return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


def shown_at(
    profile: MemberProfile | Line, level: ShownTo, *, is_me: bool = False, brief: bool = False
) -> ShownProfile:
    """What a viewer with `level` sees of `profile`. Reads topics (prefetch them in lists).

    `brief` says only what a line about somebody says (`LINE_FIELDS`), and reads nothing else.
    """

    def value(name: str) -> Any:
        if getattr(profile, f"{name}_shown_to") > level:
            return None
        found = getattr(profile, name)
        return tuple(found.all()) if name == "topics" else found or None

    values = {name: value(name) for name in (LINE_FIELDS if brief else PROFILE_FIELDS)}
    if not brief:
        values["topics"] = values["topics"] or ()
    has_page = values["name"] is not None and (profile.is_listed or is_me)
    return ShownProfile(
        slug=profile.slug if has_page else "",  # the address is made of the name
        url=profile.get_absolute_url() if has_page else None,
        is_me=is_me,
        is_claimed=profile.user_id is not None,
        **values,
    )


def shown(profile: MemberProfile | Line, viewer: Viewer, *, brief: bool = False) -> ShownProfile:
    """What `viewer` may see of `profile`; with `brief`, as much as a line of a list says."""
    level = level_of(viewer, profile)
    return shown_at(profile, level, is_me=level == ShownTo.ONLY_ME, brief=brief)


def shown_name(profile: MemberProfile, viewer: Viewer) -> str | None:
    """The name alone, as far as `viewer` may see it: reads nothing that the profile does not have at hand."""
    return profile.name if profile.name_shown_to <= level_of(viewer, profile) else None


def can_change_account(actor: Any, profile: MemberProfile) -> bool:
    """Whether `actor`, who runs the membership, may change the role of `profile`'s account or close it.

    Nobody changes their own, and only an administrator changes an administrator's.
    """
    user = profile.user
    return user is not None and user.pk != actor.pk and (actor.is_superuser or not user.is_superuser)
