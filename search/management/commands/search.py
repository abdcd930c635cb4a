"""Ask the hub's search from the command line, as a visitor or as somebody."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from search.domain.facets import facet_values
from search.domain.query import find
from search.domain.rows import rows
from search.enums import Kind, Sort

FILTERS = ("kind", "topic", "function", "industry", "year")


class Command(BaseCommand):
    help = "Searches the hub. Without --as, as a visitor. With --batch, one answer for every line of a file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("words", nargs="*", help="What to look for.")
        parser.add_argument("--as", dest="email", metavar="EMAIL", help="Search as this person.")
        for name in FILTERS:
            choices = {"choices": Kind.values} if name == "kind" else {}
            parser.add_argument(f"--{name}", action="append", default=[], **choices)  # type: ignore[arg-type]
        parser.add_argument("--sort", choices=Sort.values, default=Sort.BEST)
        parser.add_argument("--limit", type=int, default=10, help="Results at most (10).")
        parser.add_argument("--json", action="store_true", help="One line of JSON.")
        parser.add_argument("--batch", metavar="FILE", help='Lines of JSON: {"id": …, "text": …}. - is standard input.')

    def handle(self, *args: Any, **options: Any) -> None:
        viewer = self._viewer(options["email"])
        if options["limit"] < 1:
            raise CommandError("--limit must be 1 or more.")
        if options["batch"]:
            for query_id, text in _questions(options["batch"]):
                self._print({"id": query_id, **self._answer(text, viewer, options)})
            return
        answer = self._answer(" ".join(options["words"]), viewer, options)
        if options["json"]:
            self._print(answer)
            return
        self.stdout.write(f"{answer['total']} found.")
        for result in answer["results"]:
            self.stdout.write(f"\n{result['title']}  ({result['kind']})\n  {result['url']}\n  {result['gist']}")
        if answer["suggestion"]:
            self.stdout.write(f"\nDid you mean: {answer['suggestion']}")

    def _viewer(self, email: str | None) -> Any:
        if not email:
            return None
        user = get_user_model().objects.filter(email__iexact=email).first()
        if user is None:
            raise CommandError(f"Nobody here has the address {email}. Check its spelling.")
        return user

    def _answer(self, text: str, viewer: Any, options: dict[str, Any]) -> dict[str, Any]:
        filters = {name: options[name] for name in FILTERS}
        answer = find(text, viewer=viewer, sort=options["sort"], per_page=options["limit"], **filters)
        return {
            "total": answer.total,
            "results": [
                {
                    "kind": row.kind,
                    "title": row.title,
                    "url": row.url,
                    "score": row.score,
                    "gist": row.gist,
                    "source": row.source or None,
                    "promoted": row.is_promoted,
                }
                for row in rows(answer)
            ],
            "facets": facet_values(answer),
            "suggestion": answer.suggestion or None,
        }

    def _print(self, value: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(value, ensure_ascii=False))


def _questions(path: str) -> Iterator[tuple[Any, str]]:
    try:
        with Path("/dev/stdin" if path == "-" else path).open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield _question(line, path, number)
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error


def _question(line: str, path: str, number: int) -> tuple[Any, str]:
    try:
        found = json.loads(line)
        return found["id"], str(found["text"])
    except (ValueError, KeyError, TypeError) as error:
        raise CommandError(
            f'{path}, line {number}: not a question. Each line is JSON such as {{"id": "1", "text": "words"}}.'
        ) from error
