"""What a search costs: wall and CPU time of the whole request, of a save and of a rebuild, beside other engines.

`python benchmarks/search_speed.py --entries N [--entries N …] [--engine NAME …] [--json] [--record]`;
benchmarks/README.md says how to read it.
"""

from __future__ import annotations

import argparse
import gc
import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import log
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.pages import Visit, cookie_of
from benchmarks.search_corpus import TOPICS, Corpus
from benchmarks.search_hub import (
    HUB_ENGINES,
    RESULTS,
    Unavailable,
    database_for,
    fill,
    in_a_process,
    machine,
    set_up,
    settle,
)
from benchmarks.search_others import KIND, TOPIC, Fts5, Tantivy

QUESTIONS = 120
SAVES = 60
WARM_UP = 10
COMMONEST = 20
#: So many pages stand in the tree, so that the editor's own index is no toy either.
PAGES = 1_000
OTHERS: dict[str, Callable[[], Any]] = {"fts5": Fts5, "tantivy": Tantivy}
ENGINES = ["whoosh", "modelsearch_postgresql", "fts5", "tantivy"]
#: The goals for our own engine at 10,000 entries: milliseconds of CPU, p95 of the whole request.
GOALS = {
    "term": 20, "or": 50, "and": 30, "autocomplete": 10, "filter": 60, "facets": 90, "save": 50,
}  # fmt: skip

Clock = Callable[[], int]


# Measuring


def percentiles(taken: list[tuple[int, int]]) -> dict[str, float]:
    """p50, p95 and p99 of CPU and wall time, in milliseconds, of (CPU, wall) in nanoseconds."""
    found: dict[str, float] = {"n": len(taken)}
    for name, times in zip(("cpu", "wall"), zip(*taken, strict=True), strict=True):
        ordered = sorted(times)
        for percent in (50, 95, 99):
            place = min(len(ordered) - 1, round(percent / 100 * len(ordered) + 0.5) - 1)
            found[f"{name}_p{percent}_ms"] = round(ordered[place] / 1e6, 3)
    return found


def timed(work: list[Callable[[], Any]], cpu: Clock) -> dict[str, float]:
    """Does each piece of work once and says what they took; the first few are done beforehand to warm up."""
    for piece in work[:WARM_UP]:
        piece()
    gc.collect()
    taken = []
    for piece in work:
        begun = cpu(), time.perf_counter_ns()
        piece()
        taken.append((cpu() - begun[0], time.perf_counter_ns() - begun[1]))
    return percentiles(taken)


def peak_memory() -> float:
    """The most that this process has held so far, in megabytes."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


@contextmanager
def lasting(found: dict[str, Any], name: str, cpu: Clock) -> Iterator[None]:
    """Notes how many seconds a block took."""
    begun = cpu(), time.perf_counter_ns()
    yield
    found[name] = {
        "cpu_s": round((cpu() - begun[0]) / 1e9, 2),
        "wall_s": round((time.perf_counter_ns() - begun[1]) / 1e9, 2),
    }


# The hub


class Hub:
    """The hub with one of its engines: questions go through the results page, saves through publishing a page."""

    def __init__(self, engine: str) -> None:
        from django.contrib.auth.models import Group
        from django.core.handlers.wsgi import WSGIHandler

        from hub.accounts.models import User

        self.engine = engine
        member = User.objects.create_user(email="member@example.org", password="not used")
        member.groups.add(Group.objects.get_or_create(name="Members")[0])
        self.cookie = cookie_of(member)
        self.member = member
        self.application = WSGIHandler()
        self.clock = self._clock()

    def _clock(self) -> Clock:
        """CPU time of this process, and of the database's process that works for it."""
        from django.db import connection

        if connection.vendor != "postgresql":
            return time.process_time_ns
        connection.close()
        connection.settings_dict["CONN_MAX_AGE"] = None  # one process of the database for the whole measurement
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            other = (~cursor.fetchone()[0] << 3) | 2  # Linux's name for the CPU clock of another process
        return lambda: time.process_time_ns() + time.clock_gettime_ns(other)

    def _visit(self, path: str) -> None:
        status, _ = Visit(self.application, path, self.cookie)()
        if status != 200:
            raise Unavailable(f"{path} answered {status}")

    def ask(self, kind: str, text: str) -> None:
        """One request. "filter" and "facets" have one and two choices made; every results page counts all facets."""
        if kind == "and":
            self._and(text)
        elif kind == "autocomplete":
            self._suggest(text)
        else:
            asked = {"q": f'"{text}"' if kind == "phrase" else text}
            if kind in ("filter", "facets"):
                asked["kind"] = KIND
            if kind == "facets":
                asked["topic"] = f"topic-{TOPIC}"
            self._visit(f"/search/?{urlencode(asked)}")

    def _suggest(self, text: str) -> None:
        from django.urls import reverse

        self._visit(f"{reverse('search:suggest')}?{urlencode({'q': text})}")

    def _and(self, text: str) -> None:
        """The hub has no box that demands every word (short questions have them first): the engine is asked."""
        from modelsearch.query import PlainText

        from search.domain import engine, query
        from search.rules import scopes_of

        found = engine.backend().search(PlainText(text, operator="and"), query.visible(scopes_of(self.member)))
        found.count()
        list(found[:10])

    def add_pages(self, number: int) -> Any:
        """Practice pages in the tree, written straight into their tables; gives one of them."""
        from django.contrib.contenttypes.models import ContentType
        from django.utils import timezone

        from hub.pages.models import BasePage
        from hub.practices.models import PracticePage, PracticesIndexPage
        from search.domain import queue

        above = PracticesIndexPage.objects.first()
        kind = ContentType.objects.get_for_model(PracticePage)
        now = timezone.now()
        corpus = Corpus(number, seed=11)
        bases = BasePage.objects.bulk_create(
            BasePage(
                path=BasePage._get_path(above.path, above.depth + 1, step),
                depth=above.depth + 1,
                title=item.title,
                draft_title=item.title,
                slug=f"made-up-{step}",
                url_path=f"{above.url_path}made-up-{step}/",
                content_type=kind,
                locale=above.locale,
                live=True,
                first_published_at=now,
                last_published_at=now,
            )
            for step, item in enumerate(corpus.items, start=1)
        )
        for base, item in zip(bases, corpus.items, strict=True):
            page = PracticePage(basepage_ptr_id=base.pk, gist=item.summary[:300])
            page.__dict__.update({name: value for name, value in base.__dict__.items() if name != "_state"})
            page.problem = [{"type": "text", "value": f"<p>{item.text}</p>"}]
            page.save_base(raw=True)
        BasePage.objects.filter(pk=above.pk).update(numchild=number)
        queue.owe(BasePage, [base.pk for base in bases])
        return PracticePage.objects.get(pk=bases[0].pk)

    def save(self, page: Any, item: Any) -> None:
        """Publishes a page with another title and text, as the editor does: in one transaction, then the queue."""
        from django.db import transaction

        with transaction.atomic():
            page.title = item.title
            page.gist = item.summary[:300]
            page.problem = [{"type": "text", "value": f"<p>{item.text}</p>"}]
            page.save_revision(clean=False).publish()

    def size(self) -> int:
        from django.conf import settings
        from django.db import connection

        if self.engine == "whoosh":
            return sum(path.stat().st_size for path in (settings.DATA_DIR / "index").rglob("*") if path.is_file())
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_total_relation_size(oid) FROM pg_class WHERE relname LIKE '%indexentry%' AND relkind = 'r'"
            )
            return sum(row[0] for row in cursor.fetchall())


def measure_hub(engine: str, entries: int) -> dict[str, Any]:
    """Everything about one of the hub's own engines."""
    from search.domain import engine as engines
    from search.domain import queue
    from search.models import Entry

    corpus = Corpus(entries)
    settle()  # from here on this is the engine that the catalogue knows
    fill(corpus.items, topics=TOPICS)
    hub = Hub(engine)
    found: dict[str, Any] = {}
    with lasting(found, "rebuild", hub.clock):
        queue.rebuild_index(engines.backend(), [Entry])
    page = hub.add_pages(min(entries, PAGES))
    settle()
    before = peak_memory()
    questions = corpus.questions(QUESTIONS)
    for kind, texts in questions.items():
        found[kind] = timed([lambda kind=kind, text=text: hub.ask(kind, text) for text in texts], hub.clock)
    words = corpus.commonest(COMMONEST) * 3
    found["common_word"] = timed([lambda word=word: hub.ask("term", word) for word in words], hub.clock)
    items = [corpus.item() for _ in range(SAVES)]
    found["save"], found["save_in_background"] = saves(hub, page, items)
    with queue.deferred_drain():
        found["save_without_index"] = timed([lambda item=item: hub.save(page, item) for item in items], hub.clock)
    # The index is now in the pieces that saving leaves: questions must not have become dearer.
    again = [lambda text=text: hub.ask("or", text) for text in questions["or"]]
    found["or_after_saves"] = timed(again, hub.clock)
    return found | {"index_mb": round(hub.size() / 1e6, 1), "memory_mb": peak_memory(), "memory_before_mb": before}


def saves(hub: Hub, page: Any, items: list[Any]) -> tuple[dict[str, float], dict[str, float]]:
    """What a save costs the person who waits for it, and what it leaves for background work, one after the other."""
    for item in items[:WARM_UP]:
        hub.save(page, item)
        settle()
    own, background = [], []
    for item in items:
        begun = hub.clock(), time.perf_counter_ns()
        hub.save(page, item)
        saved = hub.clock(), time.perf_counter_ns()
        settle()
        own.append((saved[0] - begun[0], saved[1] - begun[1]))
        background.append((hub.clock() - saved[0], time.perf_counter_ns() - saved[1]))
    return percentiles(own), percentiles(background)


def measure_other(engine: str, entries: int) -> dict[str, Any]:
    """The same for an engine that is used directly."""
    corpus = Corpus(entries)
    other = OTHERS[engine]()
    found: dict[str, Any] = {}
    before = peak_memory()
    with lasting(found, "rebuild", time.process_time_ns):
        other.fill(corpus.items)
    for kind, texts in corpus.questions(QUESTIONS).items():
        work = [lambda kind=kind, text=text: other.ask(kind, text) for text in texts]
        found[kind] = timed(work, time.process_time_ns)
    words = corpus.commonest(COMMONEST) * 3
    found["common_word"] = timed([lambda word=word: other.ask("term", word) for word in words], time.process_time_ns)
    items = [corpus.item() for _ in range(SAVES)]
    found["save"] = timed([lambda item=item: other.save(1, item) for item in items], time.process_time_ns)
    return found | {"index_mb": round(other.size() / 1e6, 1), "memory_mb": peak_memory(), "memory_before_mb": before}


# Telling


def growth(sizes: dict[int, dict[str, Any]]) -> dict[str, dict[str, float]]:
    """For each engine and kind, the power of the number of entries with which p95 CPU grows (1: in proportion)."""
    found: dict[str, dict[str, float]] = {}
    for engine in {name for engines in sizes.values() for name in engines}:
        for kind in ("term", "or", "and", "phrase", "autocomplete", "filter", "facets", "save"):
            points = [
                (log(entries), log(engines[engine][kind]["cpu_p95_ms"]))
                for entries, engines in sizes.items()
                if engine in engines
            ]
            if len(points) > 1:
                found.setdefault(engine, {})[kind] = round(_slope(points), 2)
    return found


def _slope(points: list[tuple[float, float]]) -> float:
    x_mean, y_mean = (sum(axis) / len(points) for axis in zip(*points, strict=True))
    return sum((x - x_mean) * (y - y_mean) for x, y in points) / sum((x - x_mean) ** 2 for x, _ in points)


def verdicts(engines: dict[str, Any], entries: int) -> dict[str, Any]:
    """Goal against measured, where the goals hold: our engine at 10,000 entries."""
    ours = engines.get("whoosh")
    if not ours or entries != 10_000:
        return {}
    found = {
        kind: {"goal_ms": goal, "cpu_p95_ms": ours[kind]["cpu_p95_ms"], "met": ours[kind]["cpu_p95_ms"] <= goal}
        for kind, goal in GOALS.items()
    }
    common, term = ours["common_word"]["cpu_p95_ms"], ours["term"]["cpu_p95_ms"]
    found["common_word"] = {"goal_ms": 2 * term, "cpu_p95_ms": common, "met": common <= 2 * term}
    if "fts5" in engines:
        limit = 5 * engines["fts5"]["or"]["cpu_p95_ms"]
        found["or_against_fts5"] = {
            "goal_ms": round(limit, 3), "cpu_p95_ms": ours["or"]["cpu_p95_ms"],
            "met": ours["or"]["cpu_p95_ms"] <= limit,
        }  # fmt: skip
    return found


def show(entries: int, engines: dict[str, Any], skipped: dict[str, str]) -> None:
    """The table for people."""
    print(f"\n{entries:,} entries: p95 of CPU (wall) in milliseconds")
    for engine, found in engines.items():
        kinds = [(kind, cost) for kind, cost in found.items() if isinstance(cost, dict) and "cpu_p95_ms" in cost]
        print(f"  {engine}: " + ", ".join(f"{k} {c['cpu_p95_ms']:.1f} ({c['wall_p95_ms']:.1f})" for k, c in kinds))
        print(f"    rebuild {found['rebuild']}, index {found['index_mb']} MB, memory {found['memory_mb']} MB")
    for engine, why in skipped.items():
        print(f"  {engine} skipped: {why}")
    sys.stdout.flush()


def measure(engine: str, entries: int) -> dict[str, Any]:
    """One engine with so many entries, in a process of its own."""
    with database_for(engine) as url:
        answered = in_a_process(__file__, "--entries", str(entries), "--only", engine, "--database", url)
    return dict(json.loads(answered))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--entries", type=int, action="append", required=True, help="how many; may be repeated")
    parser.add_argument("--engine", action="append", choices=ENGINES, help="only this one; may be repeated")
    parser.add_argument("--json", action="store_true", help="the last line is the result as JSON")
    parser.add_argument("--record", action="store_true", help="also write it to benchmarks/results/")
    parser.add_argument("--check", action="store_true", help="end with 1 if a goal is missed")
    parser.add_argument("--only", choices=ENGINES, help=argparse.SUPPRESS)
    parser.add_argument("--database", default="", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.only:
        if options.only in HUB_ENGINES:
            set_up(options.only, options.database)
            print(json.dumps(measure_hub(options.only, options.entries[0])))
        else:
            print(json.dumps(measure_other(options.only, options.entries[0])))
        return 0
    sizes: dict[int, dict[str, Any]] = {}
    skipped: dict[str, str] = {}
    for entries in options.entries:
        sizes[entries] = {}
        for engine in options.engine or ENGINES:
            try:
                sizes[entries][engine] = measure(engine, entries)
            except Unavailable as error:
                skipped[f"{engine} at {entries}"] = str(error)
        show(entries, sizes[entries], skipped)
    first = options.entries[0]
    result: dict[str, Any] = {"entries": first, "engines": sizes[first], "goals": verdicts(sizes[first], first)}
    if len(sizes) > 1:
        result |= {"sizes": sizes, "growth": growth(sizes)}
    result |= {"skipped": skipped, "machine": machine()}
    for name, verdict in result["goals"].items():
        print(f"{name:<18} {verdict['cpu_p95_ms']:>9.2f} of {verdict['goal_ms']:>8.2f} ms "
              f"{'' if verdict['met'] else 'missed'}")  # fmt: skip
    if options.record:
        names = "_".join(map(str, options.entries))
        (RESULTS / f"search_speed_{names}.json").write_text(json.dumps(result, indent=2) + "\n")
    if options.json:
        print(json.dumps(result))
    return int(options.check and not all(verdict["met"] for verdict in result["goals"].values()))


if __name__ == "__main__":
    sys.exit(main())
