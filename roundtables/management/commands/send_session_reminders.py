"""Remind people of the sessions they are going to."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from roundtables.domain.reminders import send_reminders


class Command(BaseCommand):
    help = "Remind people a day and an hour before the sessions they go to. For cron; twice reminds nobody twice."

    def handle(self, *args: Any, **options: Any) -> None:
        done = send_reminders()
        self.stdout.write(f"Reminded {done.reminded} people.")
        if done.failed:
            raise CommandError(f"{done.failed} sessions failed. The log says why; the next run tries again.")
