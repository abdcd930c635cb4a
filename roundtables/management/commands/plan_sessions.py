"""Plan the sessions of every series by its rule."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from roundtables.domain.planning import Step, plan_all


class Command(BaseCommand):
    help = "Plan the sessions of each series by its rule, as far ahead as it says. Nightly; twice adds none twice."

    def handle(self, *args: Any, **options: Any) -> None:
        run = plan_all()
        self.stdout.write(
            f"{run.count(Step.ADD)} sessions planned; {run.count(Step.FOLLOW)} follow a changed rule; "
            f"{run.count(Step.REMOVE)} removed; {run.count(Step.KEEP)} stay although the rule says otherwise."
        )
        if run.failed:
            raise CommandError(f"{run.failed} days could not be planned. The log says why; the next run tries again.")
