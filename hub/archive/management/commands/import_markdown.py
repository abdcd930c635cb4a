"""`import_markdown`: bring a community's archive of Markdown files into the hub."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from hub.archive.domain import run
from hub.archive.domain.layouts import KINDS
from hub.archive.domain.report import Report
from hub.kernel.errors import HubError
from hub.pages.enums import Audience

AUDIENCES = {audience.name.lower(): audience for audience in Audience}
_SHOWN_REMARKS = 30


class Command(BaseCommand):
    help = (
        "Import a folder of Markdown files with front matter. Run it again after changes: only changed files are "
        "touched. See docs/import.md."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", help="the folder with the files, at any depth")
        parser.add_argument("--as", dest="kind", required=True, choices=KINDS, help="what the files are")
        parser.add_argument("--map", dest="map_file", type=Path, metavar="FILE.toml", help="what the keys mean")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and write nothing")
        parser.add_argument("--audience", choices=sorted(AUDIENCES), default="public", help="who may read it")
        parser.add_argument("--limit", type=int, metavar="N", help="only the first N files")
        parser.add_argument("--archive", default="", metavar="NAME", help="its name; the folder's, unless given")
        parser.add_argument("--under", default="", metavar="PAGE", help="address of the page to put them under")
        parser.add_argument("--fail-on-error", action="store_true", help="exit with 1 if a file did not go in")
        parser.add_argument("--json", action="store_true", dest="as_json", help="one line of JSON on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        if not folder.is_dir():
            raise CommandError(f"{folder} is no folder. Name the folder that holds the files.")
        if options["limit"] is not None and options["limit"] < 0:
            raise CommandError("--limit is a number of files, 0 or more.")
        wish = run.Wish(
            folder=folder,
            kind=options["kind"],
            audience=AUDIENCES[options["audience"]],
            archive=options["archive"],
            map_file=options["map_file"],
            under=options["under"],
            limit=options["limit"],
            dry_run=options["dry_run"],
        )
        try:
            report = self._run(wish)
        except HubError as error:
            raise CommandError(str(error)) from None
        self._tell(report, wish, to=self.stderr if options["as_json"] else self.stdout)
        if options["as_json"]:
            self.stdout.write(json.dumps(report.as_json(), ensure_ascii=False))
        if report.failed and options["fail_on_error"]:
            sys.exit(1)

    def _run(self, wish: run.Wish) -> Report:
        console = Console(stderr=True)
        if not console.is_terminal:
            return run.run(wish)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=console, transient=True) as bar:
            task = bar.add_task(f"Importing {wish.kind}", total=None)
            return run.run(wish, progress=lambda done, total: bar.update(task, completed=done, total=total))

    def _tell(self, report: Report, wish: run.Wish, *, to: Any) -> None:
        lines = [
            f"{wish.name} as {wish.kind}, read with the map “{report.layout}”"
            + (" (dry run: nothing was written)" if wish.dry_run else ""),
            f"  created {report.created}, updated {report.updated}, unchanged {report.unchanged}, "
            f"failed {len(report.failed)}",
        ]
        lines += [f"  left aside: {path} describes the list, and is no item of it" for path in report.left_aside]
        lines += [f"  FAILED {one.file}:{one.line}: {one.reason}" for one in report.failed]
        lines += [f"  {path}:{remark.line}: {remark.text}" for path, remark in report.remarks[:_SHOWN_REMARKS]]
        if len(report.remarks) > _SHOWN_REMARKS:
            lines.append(f"  … and {len(report.remarks) - _SHOWN_REMARKS} more remarks")
        to.write("\n".join(lines))
