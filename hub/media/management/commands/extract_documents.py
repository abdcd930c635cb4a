"""`manage.py extract_documents`: read the words of documents."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from django.core.management.base import BaseCommand
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from hub.media.domain import reading
from hub.media.enums import Reading
from hub.media.models import HubDocument


class Command(BaseCommand):
    help = (
        "Read the words of every document whose file was not read yet, each in a process of its own with limits "
        "(docs/operations.md). What could not be read is tried again with --again only."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("document", nargs="*", type=int, help="only these, by number, whatever is known of them")
        parser.add_argument("--again", action="store_true", help="also those that could not be read, or not wholly")
        parser.add_argument("--all", action="store_true", help="every document, for instance after a new release")

    def handle(self, *args: Any, **options: Any) -> None:
        documents = self._chosen(options)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        quiet = not options["verbosity"] or not sys.stderr.isatty()
        done = dict.fromkeys(Reading, 0)
        with Progress(*columns, disable=quiet, transient=True) as bar:
            task = bar.add_task("Reading documents", total=len(documents))
            for document in documents:
                found = reading.read(document)
                done[Reading(found.state)] += 1
                bar.advance(task)
                if options["verbosity"] and found.state != Reading.WHOLE:
                    self.stdout.write(f"{document.pk} {document.filename}: {found.remark}")
        if options["verbosity"]:
            words = ", ".join(f"{number} {state.label.lower()}" for state, number in done.items() if number)
            self.stdout.write(f"{len(documents)} documents: {words}." if documents else "Nothing is outstanding.")

    def _chosen(self, options: dict[str, Any]) -> list[HubDocument]:
        if options["document"]:
            return list(HubDocument.objects.filter(pk__in=options["document"]).order_by("pk"))
        if options["all"]:
            return list(HubDocument.objects.order_by("pk"))
        found = {document.pk: document for document in reading.outstanding()}
        if options["again"]:
            found |= {document.pk: document for document in reading.refused()}
        return list(found.values())
