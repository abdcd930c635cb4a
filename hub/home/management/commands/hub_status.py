"""What the hub runs on, and what is not well."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from hub.home.domain.status import as_json, checks


class Command(BaseCommand):
    help = "Prints what is running on what and what is unhealthy. Exit status 1 if anything is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="One line of JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        found = checks()
        if options["json"]:
            self.stdout.write(json.dumps(as_json(found), ensure_ascii=False))
        else:
            for check in found:
                self.stdout.write(f"{'ok ' if check.ok else '!! '} {check.name:<28} {check.value}")
                if check.problem:
                    self.stdout.write(f"{'':33}{check.problem}")
        if not all(check.ok for check in found):
            sys.exit(1)
