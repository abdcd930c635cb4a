"""Write the catalogue and the search index afresh."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from hub.kernel.errors import HubError
from search.domain import rebuild
from search.domain.status import search_status


class Command(BaseCommand):
    help = (
        "Writes every entry of the catalogue and every search index afresh. The hub can be used meanwhile: "
        "the new index takes the old one's place when it is complete, with what was saved in between."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        quiet = not options["verbosity"] or not sys.stderr.isatty()
        with Progress(*columns, disable=quiet, transient=True) as bar:
            task = bar.add_task("Counting", total=rebuild.number_of_things())
            try:
                rebuild.rebuild(lambda stage, number: bar.update(task, description=stage, advance=number))
            except HubError as error:
                raise CommandError(str(error)) from error
        status = search_status()
        if options["verbosity"]:
            self.stdout.write(f"{status['entries']} entries, {status['indexed']} in the index, {status['lag']} owed.")
