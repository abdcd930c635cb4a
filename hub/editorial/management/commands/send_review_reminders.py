"""Remind reviewers of what waits for them."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hub.editorial.domain.due import send_reminders


class Command(BaseCommand):
    help = "Remind reviewers of what is due, staff of what is overdue. For cron; running it twice reminds nobody twice."

    def handle(self, *args: Any, **options: Any) -> None:
        done = send_reminders()
        self.stdout.write(f"Reminded of {done.reminded} reviews; staff were told of {done.escalated}.")
        if done.failed:
            raise CommandError(f"{done.failed} reminders failed. The log says why; the next run tries again.")
