"""Opens an account with a role and a profile."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from hub.accounts import tasks
from hub.accounts.enums import Role
from hub.kernel.errors import HubError
from hub.members.domain import membership

ROLES = {"member": Role.MEMBER, "leader": Role.LEADER, "staff": Role.STAFF}


class Command(BaseCommand):
    help = "Opens an account with a role and a profile, and prints the link to choose a password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--role", choices=ROLES, default="member")
        parser.add_argument("--name", default="", help="The person's name, as others may know it.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            validate_email(options["email"])
            profile = membership.open_membership(
                email=options["email"], name=options["name"], role=ROLES[options["role"]]
            )
        except (HubError, ValidationError) as error:
            raise CommandError(" ".join(getattr(error, "messages", [str(error)]))) from error
        user = profile.user
        assert user is not None  # noqa: S101 - it was opened above
        self.stdout.write(f"{user.email} is {ROLES[options['role']].label.lower()} now. Choose a password at:")
        self.stdout.write(tasks.password_link(user))
