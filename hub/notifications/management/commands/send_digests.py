"""Send the digests whose morning has come, and mail that could not be sent before."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hub.notifications.domain.digests import send_digests


class Command(BaseCommand):
    help = "Send digests, each in its reader’s morning, and mail that is to be tried again. For cron, every 15 minutes."

    def handle(self, *args: Any, **options: Any) -> None:
        done = send_digests()
        self.stdout.write(f"{done.digests} digests; {done.handed_on} other mails handed to the worker.")
        if done.failed:
            raise CommandError(f"{done.failed} could not be written. The log says why; the next run tries again.")
