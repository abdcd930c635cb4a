"""Two hundred people race for a dozen seats, from several real processes on a real database.

By default there is one race for a session far away (seats are offered) and one for a session that begins soon (they
are given at once), with sixty people. HUB_SEAT_RUNS=20 runs twenty with all of them; HUB_SEAT_DATABASE_URL names an
empty PostgreSQL database to run them on instead of SQLite.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
SEATS = 12
LONG = "HUB_SEAT_RUNS" in os.environ
RUNS = int(os.environ.get("HUB_SEAT_RUNS", "2"))
PROCESSES, PEOPLE, MOVES = (
    (4, 200, 60) if LONG else (3, 60, 25)
)  # moves of each process, in one race, beside everybody's asking

SET_UP = """
import json
from datetime import timedelta
from django.contrib.auth.models import Group
from django.db import connection
from django.utils import timezone
from hub.accounts.models import User
from hub.members.models import MemberProfile
from hub.taxonomy.models import Function, Industry
from roundtables.models import RoundtablesIndexPage, SessionPage
key = "serial" if connection.vendor == "postgresql" else "integer"
connection.cursor().execute(
    f"CREATE TABLE race_journal (id {{key}} PRIMARY KEY, session integer, profile integer, was text, now text,"
    " capacity integer, own boolean)")
index = RoundtablesIndexPage.objects.first()
sessions = []
for run in range({runs}):
    start = timezone.now() + (timedelta(minutes=50) if run % 2 else timedelta(hours=20))
    page = SessionPage(title=f"Race {{run}}", slug=f"race-{{run}}", starts_at=start, ends_at=start + timedelta(hours=2),
        capacity={seats}, join_url="https://meet.example.org/the-room", live=False)
    index.add_child(instance=page)
    sessions.append(page.pk)
members = Group.objects.get_or_create(name="Members")[0]
users = User.objects.bulk_create([User(email=f"racer{{n}}@example.org") for n in range({people})])
members.user_set.add(*users)
functions = [Function.objects.create(name=f"Function {{n}}", slug=f"f{{n}}", initial="WXYZ"[n]) for n in range(4)]
industries = [Industry.objects.create(name=f"Industry {{n}}", slug=f"i{{n}}", colour_slot=n + 1) for n in range(4)]
people = MemberProfile.objects.bulk_create([
    MemberProfile(user=user, name=f"Racer {{1000 + n}}", slug=f"racer-{{n}}", function=functions[n % 4],
        industry=industries[n // 7 % 4]) for n, user in enumerate(users)])
print(json.dumps({{"sessions": sessions, "people": [person.pk for person in people]}}))
"""


@pytest.fixture
def environment(tmp_path, migrated_database):
    """A hub on disk. On SQLite it begins with the migrated database that the suite keeps, if it keeps one."""
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith(("HUB_", "DJANGO_", "DATABASE_"))},
        "HUB_DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "hub.settings.dev",
        "HUB_BASE_URL": "http://testserver",
        "SEARCH_URL": "database:",
        "PYTHONPATH": str(ROOT),
    }
    if address := os.environ.get("HUB_SEAT_DATABASE_URL"):
        environment["DATABASE_URL"] = address
    elif migrated_database is not None and migrated_database.exists():
        path = manage(environment, "from django.conf import settings\nprint(settings.DATABASES['default']['NAME'])")
        shutil.copy(migrated_database, path.splitlines()[-1])
        return environment
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, env=environment, check=True)
    return environment


def manage(environment, script):
    """What `script` prints, run in the hub's shell."""
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", script],
        cwd=ROOT, env=environment, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def tell(racers, order, session):
    """What they answer to an order that all of them get at once."""
    for racer in racers:
        racer.stdin.write(f"{order} {session}\n")
        racer.stdin.flush()
    lines = [racer.stdout.readline() for racer in racers]
    for racer, line in zip(racers, lines, strict=True):
        assert line, racer.stderr.read()[-2000:]
    return [json.loads(line) for line in lines]


@pytest.mark.slow
def test_two_hundred_people_and_a_dozen_seats(environment):
    world = json.loads(manage(environment, SET_UP.format(runs=RUNS, seats=SEATS, people=PEOPLE)).splitlines()[-1])
    racers = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.roundtables.processes", f"racer{n}", str(MOVES),
             *map(str, world["people"][n::PROCESSES])],
            cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for n in range(PROCESSES)
    ]  # fmt: skip
    done: Counter[str] = Counter()
    events: Counter[str] = Counter()
    try:
        for racer in racers:
            assert racer.stdout.readline().strip() == "ready", racer.stderr.read()[-2000:]
        for session in world["sessions"]:
            tell(racers[:1], "open", session)
            for answer in tell(racers, "race", session):
                done.update(answer)
            assert not [what for what in done if what.startswith("WRONG")], done
            [outcome] = tell(racers[:1], "close", session)
            events.update(judge(outcome))
    finally:
        for racer in racers:
            racer.kill()
            racer.communicate()
    print(json.dumps({"runs": RUNS, "moves": done.total(), **events}))
    assert done["looked: counted"], "nobody looked at a table with people on it"
    for event in ("offered", "moved up", "said yes", "reminded", *(("said no", "ran out") if LONG else ())):
        assert events[event], f"nobody {event}: the race proves little"


def judge(outcome) -> Counter[str]:
    """Replays the journal of one table; returns what happened there, and fails for what must not have."""
    queue: list[int] = []
    held: dict[int, str] = {}
    due: Counter[tuple[int, str]] = Counter()  # news that what happened makes, of each kind for each person
    told: Counter[tuple[int, str]] = Counter()
    events: Counter[str] = Counter()
    for profile, was, now, capacity, own in outcome["journal"]:
        if was == "news":
            kind, _, state = now.partition(" ")
            told[profile, kind] += 1
            if kind == "roundtables.reminder":
                assert state == "going" and held.get(profile) == "going", "reminded without going"
                events["reminded"] += 1
                due[profile, kind] = 1  # of one start, everybody once
            continue
        assert held.get(profile, "waitlisted" if profile in queue else "") == ("" if was == "cancelled" else was)
        held.pop(profile, None)
        if was == "waitlisted" and now in ("offered", "going"):
            assert queue[0] == profile, "somebody passed a person who had waited longer"
            due[profile, f"roundtables.{'offered' if now == 'offered' else 'moved_up'}"] += 1
            events["offered" if now == "offered" else "moved up"] += 1
        elif now == "going" and was != "offered":
            assert not queue, "somebody got a seat while others waited"
            events["took a seat"] += 1
        elif was == "offered" and now == "cancelled" and not own:
            due[profile, "roundtables.offer_lapsed"] += 1
            events["ran out"] += 1
        elif was == "offered":
            events["said yes" if now == "going" else "said no"] += 1
        if profile in queue:
            queue.remove(profile)
        if now == "waitlisted":
            queue.append(profile)
        elif now in ("offered", "going"):
            if was != "offered":
                assert len(held) < capacity, "over capacity"
            held[profile] = now
    assert told == +due, {"too often": told - due, "never": due - told}
    assert sorted(held.items()) == sorted((p, state) for p, state in outcome["seats"] if state in ("going", "offered"))
    assert queue == [profile for profile, state in outcome["seats"] if state == "waitlisted"]
    assert not queue or len(held) >= outcome["capacity"], "somebody waits beside a free seat"
    assert outcome["notices"] <= 3
    assert not outcome["mail"], "mail that never left"
    return events
