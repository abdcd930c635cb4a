"""`manage.py sync_workflows`: the reviews, where a hub has none yet. `migrate` does the same."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from hub.editorial.domain.workflows import sync_workflows


class Command(BaseCommand):
    help = "Creates the peer review of all pages and the stricter one of research, unless the hub has them already."

    def handle(self, *args: Any, **options: Any) -> None:
        made = sync_workflows()
        self.stdout.write(f"Created: {', '.join(made)}." if made else "Nothing to do: the hub has its reviews already.")
