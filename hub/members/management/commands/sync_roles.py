"""Makes the groups of the roles hold what docs/roles.md says."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from hub.members.domain import roles


class Command(BaseCommand):
    help = "Makes the groups Members, Member-leaders and Staff hold exactly what their role may do. Can be run again."

    def handle(self, *args: Any, **options: Any) -> None:
        changed = roles.sync_roles()
        self.stdout.write("Roles brought up to date." if changed else "Roles are up to date.")
