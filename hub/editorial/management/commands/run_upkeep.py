"""Ask about pages whose time is over."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hub.editorial.domain.upkeep import run_upkeep


class Command(BaseCommand):
    help = "Ask somebody about each page that has to be verified, and the next person where nobody answered. Nightly."

    def handle(self, *args: Any, **options: Any) -> None:
        done = run_upkeep()
        self.stdout.write(
            f"{done.opened} pages became overdue; {done.asked} people asked; {done.closed} tasks settled."
        )
        if done.failed:
            raise CommandError(
                f"{done.failed} pages could not be looked after. The log says why; the next run goes on."
            )
