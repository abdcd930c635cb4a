"""Opening accounts and giving roles."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.db import transaction

from hub.accounts import tasks
from hub.accounts.enums import ROLE_OF_GROUP, Role
from hub.accounts.models import User
from hub.kernel.errors import HubError


@transaction.atomic
def open_account(*, email: str, name: str = "", role: Role = Role.MEMBER, password: str | None = None) -> User:
    """A new account with a role. Raises HubError if the address has one already.

    Without a password the account can only be entered through the link of `invite`.
    """
    email = User.objects.normalize_email(email)
    if User.objects.filter(email=email).exists():
        raise HubError(f"{email} has an account already. Change its role instead, or ask for a new password.")
    first_name, _, last_name = name.strip().rpartition(" ")
    if not first_name:
        first_name, last_name = last_name, ""
    user = User.objects.create_user(email, password, first_name=first_name[:150], last_name=last_name[:150])
    # The address counts as proven: only a link that was sent to it lets anybody in.
    EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)
    give_role(user, role)
    return user


@transaction.atomic
def give_role(user: User, role: Role) -> None:
    """Make `role` the one role of `user`. Groups that carry no role stay as they are."""
    user.groups.remove(*Group.objects.filter(name__in=ROLE_OF_GROUP))
    if role != Role.VISITOR:
        user.groups.add(Group.objects.get_or_create(name=role.group_name)[0])
    user.__dict__.pop("role", None)  # it is cached per instance


def invite(user: User) -> None:
    """Send the link with which a person chooses a password, once the running transaction is committed."""
    transaction.on_commit(lambda: tasks.send_welcome.enqueue(user.pk))
