"""Ends the seats whose time has passed. From a timer; safe to run twice."""

from typing import Any

from django.core.management.base import BaseCommand

from hub.editorial.domain.seats import end_over


class Command(BaseCommand):
    help = "Take away the seats on pages whose time has passed, and tell their holders. Run it every night."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{end_over()} seats ended.")
