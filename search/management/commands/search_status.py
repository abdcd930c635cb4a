"""How the search index is."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from search.domain.status import search_status


class Command(BaseCommand):
    help = "Says how many entries there are, how many the index has, what it owes, and what went wrong last."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="One line of JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        status = search_status()
        if options["json"]:
            self.stdout.write(json.dumps(status, ensure_ascii=False))
            return
        for name, value in status.items():
            self.stdout.write(f"{name:>16}  {value if value not in (None, '') else '–'}")
