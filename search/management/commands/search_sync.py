"""Bring the search index up to date with the database."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from search.domain import queue


class Command(BaseCommand):
    help = "Writes into the search index what it still owes. Safe at any time; --watch keeps doing it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--watch", type=float, metavar="SECONDS", help="Stay, and look again every so often.")

    def handle(self, *args: Any, **options: Any) -> None:
        while True:
            done = queue.drain()
            owed = queue.lag()
            if options["watch"] is None:
                break
            time.sleep(max(0.2, options["watch"]))
        if done.error:
            raise CommandError(f"The index could not be brought up to date. {done.error}")
        if options["verbosity"]:
            self.stdout.write(f"{done.settled} changes written, {owed} still owed.")
