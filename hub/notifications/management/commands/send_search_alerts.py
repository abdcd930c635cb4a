"""Tell people what is new for the searches they saved."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hub.notifications.domain.alerts import send_alerts


class Command(BaseCommand):
    help = "Tell people what is new for the searches they saved. For cron; running it twice tells nobody twice."

    def handle(self, *args: Any, **options: Any) -> None:
        done = send_alerts()
        self.stdout.write(f"Looked at {done.looked} saved searches; {done.told} had something new.")
        if done.failed:
            raise CommandError(f"{done.failed} could not be looked at. The log says why; the next run tries again.")
