"""What a person may be in the community."""

from django.db import models


class Role(models.IntegerChoices):
    """A person's role; each role may read what the roles below it may read."""

    VISITOR = 0, "Visitor"
    MEMBER = 10, "Member"
    LEADER = 20, "Member-leader"
    STAFF = 30, "Staff"

    @property
    def group_name(self) -> str:
        """Name of the Django group that carries the role (a visitor has none)."""
        return _GROUP_NAMES[self]


_GROUP_NAMES = {
    Role.VISITOR: "",
    Role.MEMBER: "Members",
    Role.LEADER: "Member-leaders",
    Role.STAFF: "Staff",
}

ROLE_OF_GROUP = {name: role for role, name in _GROUP_NAMES.items() if name}


class ApplicationState(models.TextChoices):
    """Where an application for membership stands."""

    PENDING = "pending", "Waiting for a decision"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
