"""`manage.py search_log_prune`: lets go of who asked after thirty days, and of what was asked after a year."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from search.domain.pruning import prune


class Command(BaseCommand):
    help = "Let go of who asked after 30 days, of rare questions with them, and of every question after a year."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Only say what would be done.")

    def handle(self, *args: Any, **options: Any) -> None:
        done = prune(dry_run=options["dry_run"])
        self.stdout.write(
            f"{'Would delete' if options['dry_run'] else 'Deleted'} {done.old} questions older than a year and "
            f"{done.rare} older than 30 days that fewer than three people asked; "
            f"{done.nameless} {'would lose' if options['dry_run'] else 'lost'} their person."
        )
