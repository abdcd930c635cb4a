"""Check the page tree."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from hub.pages.domain.tree import problems


class Command(BaseCommand):
    help = "Checks the page tree: structure, addresses and audiences. Exit status 1 if anything is wrong."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="One line of JSON: what is wrong, with the pages' ids.")

    def handle(self, *args: Any, **options: Any) -> None:
        found = problems()
        is_sound = not any(found.values())
        if options["json"]:
            self.stdout.write(json.dumps({"ok": is_sound, **found}))
        elif is_sound:
            self.stdout.write("The page tree is sound.")
        else:
            for name, pks in found.items():
                if pks:
                    self.stdout.write(f"{name.replace('_', ' ')}: pages {', '.join(map(str, pks))}")
            self.stdout.write("Structure is mended by `fixtree`, addresses and audiences by saving the section above.")
        if not is_sound:
            sys.exit(1)
