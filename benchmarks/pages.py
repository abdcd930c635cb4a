"""What each page costs: SQL queries, and CPU time against an empty Django view in the same run.

`python benchmarks/pages.py [--json] [--rounds N] [--record] [--check]`; benchmarks/README.md says how to read it.
"""

from __future__ import annotations

import argparse
import gc
import json
import logging
import os
import platform
import statistics
import sys
import time
from io import StringIO
from pathlib import Path
from typing import Any

REPO = Path(__file__).resolve().parent.parent
RESULTS = REPO / "benchmarks" / "results"
sys.path.insert(0, str(REPO))
# Settings of the suite: like production, but in a data folder of this process that goes with it.
os.environ["DJANGO_SETTINGS_MODULE"] = "hub.settings.test"

# What `django-admin startproject` puts before every view.
STOCK_MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
# The budgets: most queries, most times the empty view (docs/operations.md).
DETAIL, LIST, SEARCH = (10, 25), (12, None), (10, None)
MY_HUB = (LIST[0] + 7, None)  # every list a member has: searches, reviews, where their pages stand
KNOWN = 4  # queries to know who asks: the session, the account, its groups, and where they live
ROUNDS = 40
WARM_UP = 3


def empty_view(request: Any) -> Any:
    from django.http import HttpResponse

    return HttpResponse()


def _urlpatterns() -> list[Any]:
    """The hub's own addresses, which its middleware looks up, with the empty view before them."""
    from django.urls import path

    from hub.urls import urlpatterns

    return [path("empty/", empty_view), *urlpatterns]


class Visit:
    """A request by one person, straight into the WSGI application: no test client, no network."""

    def __init__(self, application: Any, path: str, cookie: str = "") -> None:
        self.application, self.path, self.cookie = application, path, cookie

    def __call__(self) -> tuple[int, int]:
        """Status and length of the answer."""
        from django.test import RequestFactory

        path, _, query = self.path.partition("?")
        environ = RequestFactory()._base_environ(PATH_INFO=path, QUERY_STRING=query, HTTP_COOKIE=self.cookie)
        answer: list[str] = []
        body = self.application(environ, lambda status, headers, exc=None: answer.append(status))
        length = sum(len(chunk) for chunk in body)
        body.close()
        return int(answer[0].split()[0]), length

    def queries(self) -> int:
        """How many queries one visit needs."""
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as captured:
            self()
        return len(captured)


def build_hub() -> None:
    """A migrated hub with the demo community in it, in the data folder of this process."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.STATIC_ROOT.mkdir(parents=True)  # nothing is in it; whitenoise warns if it is missing
    call_command("migrate", verbosity=0)
    call_command("load_demo", stdout=StringIO())
    logging.getLogger("django.request").setLevel(logging.CRITICAL)  # pages that visitors may not see are looked for


def cookie_of(user: Any) -> str:
    """The session cookie of somebody who has logged in."""
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(user)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def addresses() -> dict[str, tuple[list[str], tuple[int, int | None]]]:
    """The pages to measure: name → candidates (the dearest is taken) and budget."""
    from hub.home.models import HomePage, StandardPage
    from hub.members.models import MemberProfile
    from hub.practices.models import PracticePage, PracticesIndexPage
    from research.models import ReportPage, ResearchIndexPage
    from roundtables.models import RoundtablesIndexPage, SeriesPage, SessionPage

    def of(page_type: Any) -> list[str]:
        return [page.get_url() for page in page_type.objects.live().filter(effective_audience__lte=10)]

    profiles = MemberProfile.objects.filter(is_listed=True, user__isnull=False)[:20]
    return {
        "home": (of(HomePage), LIST),
        "session": (of(SessionPage), DETAIL),
        "series": (of(SeriesPage), DETAIL),
        "practice": (of(PracticePage), DETAIL),
        "report": (of(ReportPage), DETAIL),
        "standard": (of(StandardPage), DETAIL),
        "roundtables_index": (of(RoundtablesIndexPage), LIST),
        "practices_index": (of(PracticesIndexPage), LIST),
        "research_index": (of(ResearchIndexPage), LIST),
        "directory": (["/people/"], LIST),
        "profile": ([profile.get_absolute_url() for profile in profiles], DETAIL),
        "my_hub": (["/my-hub/"], MY_HUB),
        "search": (["/search/?q=how+to+welcome+new+members"], SEARCH),
        "search_nothing": (["/search/?q=xylophone+zeppelin"], SEARCH),
        "search_start": (["/search/"], SEARCH),
    }


def cpu_ms(visits: dict[str, Visit], rounds: int) -> dict[str, float]:
    """Median CPU milliseconds of each visit; the rounds go through all of them, so that drift hits all alike."""
    for visit in visits.values():
        for _ in range(WARM_UP):
            visit()
    taken: dict[str, list[int]] = {name: [] for name in visits}
    gc.collect()
    gc.freeze()
    for _ in range(rounds):
        for name, visit in visits.items():
            start = time.process_time_ns()
            visit()
            taken[name].append(time.process_time_ns() - start)
    return {name: statistics.median(times) / 1e6 for name, times in taken.items()}


def empty_visits() -> dict[str, Visit]:
    """Visits to an empty view: in the hub, and with the middleware of a new Django project."""
    from django.conf import settings
    from django.core.handlers.wsgi import WSGIHandler
    from django.test import override_settings

    found = {}
    for name, middleware in (("hub", settings.MIDDLEWARE), ("bare", STOCK_MIDDLEWARE)):
        with override_settings(MIDDLEWARE=middleware):
            found[name] = Visit(WSGIHandler(), "/empty/")
        if found[name]() != (200, 0):
            raise SystemExit("The empty view does not answer: there is nothing to compare with.")
    return found


def measure(rounds: int) -> dict[str, Any]:
    """The whole result: the floor, and for each page what it costs a visitor and a member.

    The empty views take their turn among the pages, in every round: a page that is asked for after thirty
    others finds the processor's caches full of theirs, and so must what it is compared with. What an empty
    view costs when nothing else is asked for is told beside it (`alone`).
    """
    from django.conf import settings
    from django.core.handlers.wsgi import WSGIHandler

    from hub.accounts.models import User

    settings.ROOT_URLCONF = tuple(_urlpatterns())

    application = WSGIHandler()
    member = User.objects.filter(groups__name="Members", is_active=True, profile__isnull=False).order_by("pk").first()
    if member is None:
        raise SystemExit("The demo community has no member to measure as.")
    cookies = {"visitor": "", "member": cookie_of(member)}
    visits: dict[str, Visit] = {}
    budgets: dict[str, tuple[int, int | None]] = {}
    skipped: dict[str, str] = {}
    for name, (paths, budget) in addresses().items():
        budgets[name] = budget
        for who, cookie in cookies.items():
            readable = [visit for path in paths if (visit := Visit(application, path, cookie))()[0] == 200]
            if readable:
                visits[f"{name} {who}"] = max(readable, key=Visit.queries)
            else:
                skipped[f"{name} {who}"] = f"no 200 from {paths[0] if paths else 'any address: there is no such page'}"
    queries = {name: visit.queries() for name, visit in visits.items()}
    empty = empty_visits()
    alone = cpu_ms(empty, rounds * 10)
    cpu = cpu_ms(visits | {f"empty {name}": visit for name, visit in empty.items()}, rounds)
    floor, bare = cpu["empty hub"], cpu["empty bare"]
    pages: dict[str, Any] = {}
    for name in budgets:
        costs = {
            who: {
                "queries": queries[key],
                "cpu_ms": round(cpu[key], 3),
                "times_floor": round(cpu[key] / floor, 1),
                "url": visits[key].path,
            }
            for who in cookies
            if (key := f"{name} {who}") in visits
        }
        if costs:
            dearest = max(costs.values(), key=lambda cost: cost["cpu_ms"])
            most, times = budgets[name]
            judged = costs.get("visitor", dearest)
            over = any(cost["queries"] > most + (KNOWN if who == "member" else 0) for who, cost in costs.items())
            over = over or (times is not None and judged["times_floor"] > times)
            pages[name] = {
                "queries": max(cost["queries"] for cost in costs.values()),
                "cpu_ms": dearest["cpu_ms"],
                "times_floor": dearest["times_floor"],
                "budget": {"queries": most, "times_floor": times},
                "within_budget": not over,
                "as": costs,
            }
    return {
        "floor_ms": round(floor, 4),
        "bare_ms": round(bare, 4),
        "alone_ms": {name: round(taken, 4) for name, taken in alone.items()},
        "rounds": rounds,
        "machine": machine(),
        "pages": pages,
        "skipped": skipped,
    }


def machine() -> dict[str, Any]:
    import django
    import wagtail
    from django.conf import settings
    from django.db import connection

    return {
        "python": platform.python_version(),
        "django": django.__version__,
        "wagtail": wagtail.__version__,
        "cores": os.cpu_count(),
        "database": connection.vendor,
        "search": settings.WAGTAILSEARCH_BACKENDS["default"]["BACKEND"],
    }


def show(result: dict[str, Any]) -> None:
    """The table for people."""
    print(f"An empty view in the hub: {result['floor_ms']:.3f} ms CPU, in a new project {result['bare_ms']:.3f} ms.")
    print(f"Asked for alone, again and again: {result['alone_ms']['hub']:.3f} and {result['alone_ms']['bare']:.3f} ms.")
    print(f"Median of {result['rounds']} rounds.\n")
    print(f"{'page':<18} {'as':<8} {'queries':>7} {'CPU ms':>8} {'× empty':>8}")
    for name, page in result["pages"].items():
        for who, cost in page["as"].items():
            print(f"{name:<18} {who:<8} {cost['queries']:>7} {cost['cpu_ms']:>8.2f} {cost['times_floor']:>8.1f}")
    for name, page in result["pages"].items():
        if not page["within_budget"]:
            print(f"over budget: {name} ({page['queries']} queries, {page['times_floor']} × empty; {page['budget']})")
    for name, why in result["skipped"].items():
        print(f"not measured: {name} ({why})")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--json", action="store_true", help="the last line is the result as JSON")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"visits per page ({ROUNDS})")
    parser.add_argument("--record", action="store_true", help="also write it to benchmarks/results/pages.json")
    parser.add_argument("--check", action="store_true", help="end with 1 if a page is over its budget")
    options = parser.parse_args()
    build_hub()
    result = measure(options.rounds)
    show(result)
    if options.record:
        (RESULTS / "pages.json").write_text(json.dumps(result, indent=2) + "\n")
    if options.json:
        print(json.dumps(result))
    return int(options.check and not all(page["within_budget"] for page in result["pages"].values()))


if __name__ == "__main__":
    sys.exit(main())
