"""The hub with a catalogue of its own for the search benchmarks: in a folder, on a database and with an engine
of this process alone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

REPO = Path(__file__).resolve().parent.parent
RESULTS = REPO / "benchmarks" / "results"

#: The engines that answer through the hub's own `find()`, with the `SEARCH_URL` that chooses each.
HUB_ENGINES = {"whoosh": "", "modelsearch_sqlite": "database:", "modelsearch_postgresql": "database:"}
CHUNK = 500


class Item(NamedTuple):
    """Something to be found. Topics, functions and industries are numbers from 0."""

    title: str
    text: str
    summary: str = ""
    kind: str = "practice"
    scope: str = "public"
    day: date | None = None
    topics: tuple[int, ...] = ()
    functions: tuple[int, ...] = ()
    industries: tuple[int, ...] = ()


class Unavailable(Exception):
    """An engine cannot be measured here; the text says why."""


def set_up(engine: str, database_url: str = "") -> None:
    """A migrated hub with nothing in it, in a data folder that goes with this process."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.search_settings"
    os.environ["HUB_TEST_SEARCH_URL"] = HUB_ENGINES[engine]
    os.environ["HUB_TEST_DATABASE_URL"] = database_url
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    chosen = settings.WAGTAILSEARCH_BACKENDS["default"]["BACKEND"]
    vendor = "postgresql" if "postgres" in engine else "sqlite"
    if ("whoosh" in chosen) != (engine == "whoosh") or connection.vendor != vendor:
        raise SystemExit(f"{engine} was asked for, and {chosen} on {connection.vendor} would be measured.")
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns if it is missing
    call_command("migrate", verbosity=0)


def fill(items: Iterable[Item], *, topics: int = 0) -> list[int]:
    """Writes items into the catalogue, which then owes them to its index; gives their keys in order."""
    from hub.taxonomy.models import Function, Industry, Topic
    from search.domain.words import squeeze
    from search.models import Entry

    Topic.objects.bulk_create(Topic(name=f"Topic {number}", slug=f"topic-{number}") for number in range(topics))
    keys = {
        "topics": list(Topic.objects.order_by("pk").values_list("pk", flat=True)),
        "functions": list(Function.objects.order_by("pk").values_list("pk", flat=True)),
        "industries": list(Industry.objects.order_by("pk").values_list("pk", flat=True)),
    }
    written: list[int] = []
    for batch in _batches(items):
        entries = Entry.objects.bulk_create(
            Entry(
                source_model="benchmarks.item",
                source_id=len(written) + place,
                kind=item.kind,
                scope=item.scope,
                title=squeeze(item.title)[:255],
                summary=squeeze(item.summary),
                # What a title has room for is in the title; no word of a longer one is lost.
                text=squeeze(f"{item.title[255:]} {item.text}"),
                url=f"/item/{len(written) + place}/",
                date=item.day,
                year=item.day.year if item.day else None,
            )
            for place, item in enumerate(batch)
        )
        for relation, pks in keys.items():
            through = getattr(Entry, relation).through
            term = Entry._meta.get_field(relation).m2m_reverse_field_name()  # type: ignore[union-attr]
            through.objects.bulk_create(
                through(**{"entry_id": entry.pk, f"{term}_id": pks[number % len(pks)]})
                for entry, item in zip(entries, batch, strict=True)
                for number in (getattr(item, relation) if pks else ())
            )
        written += [entry.pk for entry in entries]
    return written


def settle() -> None:
    """Brings the index up to date, or says why it cannot be."""
    from search.domain import queue

    done = queue.drain()
    if done.error or done.bad_entry or queue.lag():
        raise Unavailable(done.error or done.bad_entry or f"{queue.lag()} entries could not be indexed")


def _batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    batch: list[Item] = []
    for item in items:
        batch.append(item)
        if len(batch) == CHUNK:
            yield batch
            batch = []
    if batch:
        yield batch


@contextmanager
def database_for(engine: str) -> Iterator[str]:
    """The `DATABASE_URL` an engine needs: its own PostgreSQL server as long as the block lasts, or SQLite."""
    if engine != "modelsearch_postgresql":
        yield ""
        return
    with postgresql() as url:
        yield url


@contextmanager
def postgresql() -> Iterator[str]:
    """A private PostgreSQL server on a socket in a folder of its own. Raises `Unavailable` without its binaries."""
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="bench-postgresql-"))
    # PostgreSQL refuses to run as root: there the account of its package is borrowed.
    borrowed = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    try:
        if borrowed:
            shutil.chown(folder, "postgres")

        def run(program: str, *arguments: str) -> None:
            done = subprocess.run(
                [*borrowed, str(programs / program), *arguments],
                cwd=folder,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
            )
            if done.returncode:
                raise Unavailable(f"PostgreSQL's {program} failed: {done.stderr.strip()[-300:]}")

        data = str(folder / "data")
        run("initdb", "-D", data, "-U", "hub", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
        # Parallel workers would do work that is not counted; the rest is the usual advice for a small server.
        options = (
            f"-k {folder} -c listen_addresses= -c max_parallel_workers_per_gather=0 "
            "-c shared_buffers=512MB -c work_mem=32MB -c fsync=off"
        )
        run("pg_ctl", "-D", data, "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            run("createdb", "-h", str(folder), "-U", "hub", "hub")
            yield f"postgres://hub@{str(folder).replace('/', '%2F')}/hub"
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    """The folder of PostgreSQL's programs: on the path, or where Debian has them, the newest first."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parts[-2]), reverse=True)
    on_path = [Path(found).parent.resolve() for name in ("initdb", "postgres") if (found := shutil.which(name))]
    for folder in (*debian, *on_path):
        if all((folder / name).exists() for name in ("initdb", "pg_ctl", "createdb", "postgres")):
            return folder
    raise Unavailable("PostgreSQL's server programs (initdb, pg_ctl) are not installed")


def in_a_process(script: str, *arguments: str) -> str:
    """Runs one of the scripts for one engine by itself and gives the last line that it prints."""
    done = subprocess.run([sys.executable, script, *arguments], capture_output=True, text=True, check=False)
    lines = done.stdout.strip().splitlines()
    if done.returncode or not lines:
        raise Unavailable((done.stderr.strip() or "it printed nothing").splitlines()[-1][:300])
    return lines[-1]


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    import platform
    from importlib.metadata import version

    packages = ("django", "wagtail", "modelsearch", "whoosh", "bm25s", "tantivy")
    return {
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        **{package: version(package) for package in packages},
    }
