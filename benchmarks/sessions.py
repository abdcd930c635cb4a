"""What lists, calendar and calendar files cost with few sessions and with many: queries, and CPU against an empty view.

`python benchmarks/sessions.py [--sessions 250 5000] [--json] [--rounds N] [--record] [--check]`
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.pages import KNOWN, RESULTS, Visit, build_hub, cookie_of, cpu_ms, empty_visits, machine

MONTHS = 60  # half of them past
SEATS = 8  # at each table
QUERIES = 12  # the budget of a list; files and feeds stay below it too
ROUNDS = 20


class Again(Visit):
    """A calendar program that has the newest file and asks whether it is still the newest."""

    def __call__(self) -> tuple[int, int]:
        from django.test import Client

        answer = Client().get(self.path, headers={"If-None-Match": getattr(self, "etag", "")})
        self.etag = answer["ETag"]
        return answer.status_code, len(answer.content)


def fill(number: int) -> None:
    """Sessions until there are `number`, spread evenly over the months; rows as saving would have left them."""
    from django.contrib.contenttypes.models import ContentType
    from django.utils import timezone

    from hub.members.models import MemberProfile
    from hub.pages.models import BasePage
    from hub.taxonomy.models import Topic
    from roundtables.models import RoundtablesIndexPage, SessionPage, SessionSeat

    index = RoundtablesIndexPage.objects.get()
    there, children = SessionPage.objects.count(), index.get_children().count()
    last = index.get_last_child()
    now, kind = timezone.now(), ContentType.objects.get_for_model(SessionPage)
    bases, path = [], last.path
    for place in range(there, number):
        title = f"Session number {place}"
        path = index._get_path(index.path, index.depth + 1, int(path[index.depth * index.steplen :], 36) + 1)
        slug = f"many-{place}"
        bases.append(
            BasePage(
                path=path, depth=index.depth + 1, title=title, draft_title=title,
                slug=slug, url_path=f"{index.url_path}{slug}/", content_type=kind, live=True, locale_id=index.locale_id,
                first_published_at=now, last_published_at=now,
            )
        )  # fmt: skip
    BasePage.objects.bulk_create(bases, batch_size=500)
    RoundtablesIndexPage.objects.filter(pk=index.pk).update(numchild=children + len(bases))
    sessions = []
    for place, base in enumerate(bases):
        start = now + timedelta(days=30.4 * MONTHS * (place / len(bases) - 0.5), hours=place % 9)
        session = SessionPage(
            basepage_ptr_id=base.pk, gist="What a reader should take away.", starts_at=start,
            ends_at=start + timedelta(hours=1), time_zone="Europe/London", capacity=12,
        )  # fmt: skip
        session.__dict__.update(
            {name: value for name, value in base.__dict__.items() if name not in ("_state", "gist")}
        )
        session.save_base(raw=True)  # the row of the session alone: that of the page is there
        sessions.append(session)
    topics, people = list(Topic.objects.all()), list(MemberProfile.objects.order_by("pk"))
    SessionPage.topics.through.objects.bulk_create(
        [SessionPage.topics.through(sessionpage_id=s.pk, topic=topics[n % len(topics)]) for n, s in enumerate(sessions)]
    )
    SessionSeat.objects.bulk_create(
        [
            SessionSeat(session_id=session.pk, profile=people[(n * 7 + seat) % len(people)], is_shown=seat % 2 == 0)
            for n, session in enumerate(sessions)
            for seat in range(SEATS)
        ],
        batch_size=1000,
    )


def visits(number: int) -> dict[str, Visit]:
    """Everything that lists sessions, as a visitor and as a member who has many seats."""
    from django.core.handlers.wsgi import WSGIHandler
    from django.utils import timezone

    from hub.accounts.models import User
    from roundtables.domain import feeds
    from roundtables.models import SessionPage

    application = WSGIHandler()
    member = User.objects.filter(groups__name="Members", is_active=True, profile__isnull=False).order_by("pk").first()
    if member is None:
        raise SystemExit("The demo community has no member to measure as.")
    month = f"{timezone.now() + timedelta(days=60):%Y-%m}"
    session = SessionPage.objects.filter(slug__startswith="many-").order_by("-pk").first()
    assert session is not None
    topic = session.topics.first().slug
    addresses = {
        "list": "/roundtables/",
        "list_last_page": "/roundtables/?page=9999",
        "list_by_topic": f"/roundtables/?topic={topic}",
        "calendar": f"/roundtables/calendar/?month={month}",
        "calendar_narrowed": f"/roundtables/calendar/?month={month}&topic={topic}&only=left",
        "calendar_empty_month": "/roundtables/calendar/?month=2099-01",
        "held_by_topic": "/roundtables/by-topic/",
        "session_file": f"/roundtables/{session.pk}.ics",
    }
    found = {f"{name} visitor": Visit(application, path) for name, path in addresses.items()}
    cookie = cookie_of(member)
    found |= {f"{name} member": Visit(application, path, cookie) for name, path in addresses.items()}
    for name, has_open in (("feed_of_seats", False), ("feed_of_all", True)):
        _, token = feeds.make(member, name=f"{name} {number}", has_open_sessions=has_open)
        found[f"{name} anyone"] = Visit(application, f"/calendar/{token}.ics")
        found[f"{name}_again anyone"] = Again(application, f"/calendar/{token}.ics")
    found["atom anyone"] = Visit(application, "/feed.atom")
    return found


def measure(number: int, rounds: int) -> dict[str, Any]:
    """Queries, CPU and length of each visit with `number` sessions in the hub."""
    from unittest import mock

    from roundtables.views import calendars

    fill(number)
    with mock.patch.object(calendars, "MOST_FETCHES", 10**6):  # the limit would answer after a hundred
        asked = visits(number)
        wrong = [name for name, visit in asked.items() if visit()[0] not in (200, 304)]
        if wrong:
            raise SystemExit(f"These do not answer: {', '.join(wrong)}.")
        queries = {name: visit.queries() for name, visit in asked.items()}
        cpu = cpu_ms(asked | {"empty": empty_visits()["hub"]}, rounds)
        return {
            name: {
                "queries": queries[name],
                "cpu_ms": round(cpu[name], 2),
                "times_floor": round(cpu[name] / cpu["empty"], 1),
                "bytes": visit()[1],
                "within_budget": queries[name] <= QUERIES + (KNOWN if name.endswith("member") else 0),
            }
            for name, visit in asked.items()
        }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--sessions", type=int, nargs="+", default=[250, 5000], help="how many (250 and 5000)")
    parser.add_argument("--json", action="store_true", help="the last line is the result as JSON")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"visits each ({ROUNDS})")
    parser.add_argument("--record", action="store_true", help="also write it to benchmarks/results/sessions.json")
    parser.add_argument("--check", action="store_true", help="end with 1 if something is over its budget")
    options = parser.parse_args()
    build_hub()
    from django.conf import settings

    from benchmarks.pages import _urlpatterns

    settings.ROOT_URLCONF = tuple(_urlpatterns())
    result: dict[str, Any] = {"rounds": options.rounds, "machine": machine(), "sessions": {}}
    for number in sorted(options.sessions):
        found = result["sessions"][str(number)] = measure(number, options.rounds)
        print(f"{number:,} sessions\n{'':<30} {'queries':>7} {'CPU ms':>8} {'× empty':>8} {'bytes':>9}")
        for name, cost in found.items():
            numbers = f"{cost['queries']:>7} {cost['cpu_ms']:>8.2f} {cost['times_floor']:>8.1f} {cost['bytes']:>9,}"
            print(f"{name:<30} {numbers}{'' if cost['within_budget'] else '  over budget'}")
    if options.record:
        (RESULTS / "sessions.json").write_text(json.dumps(result, indent=2) + "\n")
    if options.json:
        print(json.dumps(result))
    every = [cost for found in result["sessions"].values() for cost in found.values()]
    return int(options.check and not all(cost["within_budget"] for cost in every))


if __name__ == "__main__":
    sys.exit(main())
