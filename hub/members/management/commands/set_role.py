"""Gives an account another role."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hub.accounts.domain import people
from hub.accounts.enums import Role
from hub.accounts.models import User
from hub.members.domain import profiles

ROLES = {"visitor": Role.VISITOR, "member": Role.MEMBER, "leader": Role.LEADER, "staff": Role.STAFF}


class Command(BaseCommand):
    help = "Gives an account another role; “visitor” takes the role away."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("role", choices=ROLES)

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email=User.objects.normalize_email(options["email"])).first()
        if user is None:
            raise CommandError(f"There is no account with the address {options['email']}.")
        people.give_role(user, ROLES[options["role"]])
        profiles.profile_of(user)
        self.stdout.write(f"{user.email}: {ROLES[options['role']].label}.")
