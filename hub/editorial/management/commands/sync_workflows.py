"""`manage.py sync_workflows`: the peer review, where a hub has none yet. `migrate` does the same."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from hub.editorial.domain.workflows import sync_workflows


class Command(BaseCommand):
    help = "Creates the peer review and attaches it to the front page, unless the hub has a review already."

    def handle(self, *args: Any, **options: Any) -> None:
        if sync_workflows():
            self.stdout.write("Created the peer review; every section of the hub goes through it.")
        else:
            self.stdout.write("Nothing to do: the hub has a review already.")
