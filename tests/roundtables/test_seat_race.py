"""Forty people race for six seats, from four real processes on a real SQLite file."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
SEATS, PEOPLE, PROCESSES = 6, 40, 4

SET_UP = f"""
import json
from datetime import timedelta
from django.contrib.auth.models import Group
from django.utils import timezone
from hub.accounts.models import User
from hub.members.models import MemberProfile
from roundtables.models import RoundtablesIndexPage, SessionPage
start = timezone.now() + timedelta(days=7)
session = SessionPage(title="Race", slug="race", starts_at=start, ends_at=start + timedelta(hours=1), capacity={SEATS})
RoundtablesIndexPage.objects.first().add_child(instance=session).save_revision().publish()
members = Group.objects.get_or_create(name="Members")[0]
users = User.objects.bulk_create([User(email=f"racer{{n}}@example.org") for n in range({PEOPLE})])
members.user_set.add(*users)
people = MemberProfile.objects.bulk_create(
    [MemberProfile(user=user, name=f"Racer {{n}}", slug=f"racer-{{n}}") for n, user in enumerate(users)])
print(json.dumps({{"session": session.pk, "people": [person.pk for person in people]}}))
"""

OUTCOME = """
import json
from hub.notifications.models import Notification
from roundtables.models import SessionPage
session = SessionPage.objects.get(slug="race")
rows = lambda state: [[seat.taken_at.isoformat(), seat.pk] for seat in session.seats.filter(state=state)]
print(json.dumps({
    "going": rows("going"), "waiting": rows("waitlisted"), "all": session.seats.count(),
    "told": Notification.objects.filter(kind="roundtables.moved_up").count(),
    "unmailed": Notification.objects.exclude(delivery__state="sent").count(),
}))
"""


@pytest.fixture
def environment(tmp_path, migrated_database):
    """A hub on disk. It begins with the migrated database that the suite keeps, if it keeps one."""
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith(("HUB_", "DJANGO_", "DATABASE_"))},
        "HUB_DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "hub.settings.dev",
        "HUB_BASE_URL": "http://testserver",
        "SEARCH_URL": "database:",
        "PYTHONPATH": str(ROOT),
    }
    if migrated_database is not None and migrated_database.exists():
        path = manage(environment, "from django.conf import settings\nprint(settings.DATABASES['default']['NAME'])")
        shutil.copy(migrated_database, path.splitlines()[-1])
    else:
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, env=environment, check=True
        )
    return environment


def manage(environment, script):
    """What `script` prints, run in the hub's shell."""
    return subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", script],
        cwd=ROOT, env=environment, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip


@pytest.mark.slow
def test_forty_people_and_six_seats(environment):
    world = json.loads(manage(environment, SET_UP).splitlines()[-1])
    racers = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.roundtables.processes", f"racer{n}", str(world["session"]),
             *map(str, world["people"][n::PROCESSES])],
            cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for n in range(PROCESSES)
    ]  # fmt: skip
    for racer in racers:
        ready = racer.stdout.readline().strip()
        assert ready == "ready", racer.stderr.read()[-2000:]
    for racer in racers:
        racer.stdin.write("go\n")
        racer.stdin.flush()
    done: dict[str, int] = {}
    for racer in racers:
        out, err = racer.communicate(timeout=120)
        assert racer.returncode == 0, err[-2000:]
        for what, count in json.loads(out.splitlines()[-1]).items():
            done[what] = done.get(what, 0) + count
    assert set(done) == {"took going", "took waitlisted", "gave back", "moved up", "seen too many"}, done
    assert done["seen too many"] == 0
    assert done["moved up"] > 0, "a race in which nobody moves up proves little"

    outcome = json.loads(manage(environment, OUTCOME).splitlines()[-1])
    going, waiting = outcome["going"], outcome["waiting"]
    assert outcome["all"] <= PEOPLE
    assert len(going) <= SEATS
    assert not waiting or len(going) == SEATS, "nobody waits beside a free seat"
    assert not waiting or max(going) < min(waiting), "nobody passed those who waited longer"
    assert outcome["told"] == done["moved up"], "everybody who moved up was told once for each time"
    assert outcome["unmailed"] == 0
