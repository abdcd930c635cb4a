"""What has to happen after sessions."""

from typing import Any

from django.core.management.base import BaseCommand

from roundtables.domain.aftercare import follow_up_sessions


class Command(BaseCommand):
    help = "Nudge hosts who wrote nothing down, say which takeaways can be published, ask what came of commitments."

    def handle(self, *args: Any, **options: Any) -> None:
        done = follow_up_sessions()
        self.stdout.write(
            f"{done.nudged} sessions nudged; {done.ready} takeaways ready; {done.asked} people asked what came of it."
        )
