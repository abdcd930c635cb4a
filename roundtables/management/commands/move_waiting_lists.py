"""Move waiting lists on that only the clock moves."""

import logging
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from roundtables.domain import queue

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Pass on seats that nobody answered for, and those that were kept long enough. For cron; safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        moved = failed = 0
        for session in queue.overdue():
            try:
                moved += len(queue.fill_from_queue(session))
            except Exception:
                failed += 1
                logger.exception("The waiting list of session %s did not move", session.pk)
        self.stdout.write(f"{moved} people moved up.")
        if failed:
            raise CommandError(f"{failed} waiting lists failed. The log says why; the next run tries again.")
