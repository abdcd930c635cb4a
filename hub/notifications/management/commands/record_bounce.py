"""Take down that a mail came back."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from hub.notifications.domain.bounces import record


class Command(BaseCommand):
    help = (
        "Reads one returned mail from standard input and notes whose mail it was. For the alias of the hub's sender: "
        "“hub: |manage.py record_bounce”. Other mail is passed over, so that the mail server never bounces a bounce."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        delivery = record(sys.stdin.buffer.read())
        self.stdout.write(f"Mail {delivery.pk} came back." if delivery else "This reports no mail of ours that failed.")
