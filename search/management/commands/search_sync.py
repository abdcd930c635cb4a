"""Bring the search index up to date with the database."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections

from search.domain import queue


class Command(BaseCommand):
    help = "Writes into the search index what it still owes. Safe at any time; --watch keeps doing it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--watch", type=float, metavar="SECONDS", help="Stay, and look again every so often.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["watch"] is not None:
            self._watch(max(0.2, options["watch"]))
        done = queue.drain()
        owed = queue.lag()
        if done.error:
            raise CommandError(f"The index could not be brought up to date. {done.error}")
        if options["verbosity"]:
            self.stdout.write(f"{done.settled} changes written, {owed} still owed.")

    def _watch(self, pause: float) -> NoReturn:
        """Settle until a signal comes. What goes wrong is in the log and the status each time (`queue.drain`), and is
        said here when it begins, when it changes and when it is over."""
        problem = ""
        while True:
            close_old_connections()  # a database that was restarted is connected to again
            done = queue.drain()
            now = done.error or done.bad_entry
            if now and now != problem:
                self.stderr.write(f"The index could not be brought up to date, and is tried again. {now}")
            elif problem and not now and done.settled:
                self.stderr.write("The index is up to date again.")
            if now or done.settled:
                problem = now
            time.sleep(pause)
