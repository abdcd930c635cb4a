"""Several processes plan the same series, and cancel and move the same session, at the same moment."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter

import pytest

from tests.roundtables.test_seat_race import ROOT, environment, manage  # noqa: F401 - a fixture is found by its name

SET_UP = """
from datetime import time, timedelta
from django.contrib.auth.models import Group
from django.utils import timezone
from hub.accounts.models import User
from hub.members.models import MemberProfile
from roundtables.models import RoundtablesIndexPage, SeriesPage, SessionPage, SessionSeat
index, now = RoundtablesIndexPage.objects.first(), timezone.now().replace(microsecond=0)
series = index.add_child(instance=SeriesPage(title="Raced", slug="raced", rule="FREQ=WEEKLY;BYDAY=MO,TH",
    starts_on=timezone.localdate(), start_time=time(16), weeks_ahead=3, publishes_sessions=True, live=False))
series.save_revision().publish()
start = now + timedelta(days=9)
session = index.add_child(instance=SessionPage(title="Off", slug="off", starts_at=start,
    ends_at=start + timedelta(hours=1), live=False))
session.save_revision().publish()
members = Group.objects.get_or_create(name="Members")[0]
for n in range(6):
    user = User.objects.create(email=f"member{n}@example.org")
    members.user_set.add(user)
    profile = MemberProfile.objects.create(user=user, name=f"Member {n}", slug=f"member-{n}")
    SessionSeat.objects.create(session=session, profile=profile, state="going" if n < 4 else "waitlisted")
"""
RACE = """
import json, sys
from datetime import timedelta
from roundtables.domain import dates, planning
from roundtables.models import SessionPage
session = SessionPage.objects.get(slug="off")
print("ready", flush=True)
sys.stdin.readline()
run = planning.plan_all()
try:
    dates.move(session, session.starts_at + timedelta(days=1), by=None)
except dates.DateRefused:
    pass  # somebody else had cancelled it by then
dates.call_off(session, by=None, reason="Snow.")
planning.plan_all()
print(json.dumps({"added": run.count(planning.Step.ADD), "failed": run.failed}))
"""
OUTCOME = """
import json
from hub.notifications.models import Notification
from roundtables.models import Occurrence, SessionPage
news = Notification.objects.filter(kind__in=["roundtables.moved", "roundtables.called_off"])
print(json.dumps({
    "days": [str(one.day) for one in Occurrence.objects.all()],
    "sessions": SessionPage.objects.filter(occurrence__isnull=False, live=True).count(),
    "pages": SessionPage.objects.exclude(slug="off").count(),
    "told": [[one.kind, one.user.email] for one in news],
    "unsent": news.exclude(delivery__state="sent").count(),
}))
"""


@pytest.mark.slow
def test_planned_once_and_told_once(environment):  # noqa: F811
    manage(environment, SET_UP)
    racers = [
        subprocess.Popen(
            [sys.executable, "manage.py", "shell", "--no-imports", "-c", RACE],
            cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for _ in range(3)
    ]  # fmt: skip
    for racer in racers:
        assert racer.stdout.readline().strip() == "ready", racer.stderr.read()[-2000:]
    for racer in racers:
        racer.stdin.write("go\n")
        racer.stdin.flush()
    runs = []
    for racer in racers:
        out, err = racer.communicate(timeout=180)
        assert racer.returncode == 0, err[-2000:]
        runs.append(json.loads(out.splitlines()[-1]))
    outcome = json.loads(manage(environment, OUTCOME).splitlines()[-1])
    assert outcome["sessions"] == outcome["pages"] == len(outcome["days"]) == len(set(outcome["days"])) >= 5
    assert sum(run["added"] for run in runs) == outcome["sessions"], "each was added by one of them"
    assert not any(run["failed"] for run in runs)
    told = Counter(tuple(one) for one in outcome["told"])
    assert set(told.values()) == {1}, "everybody was told of each change once"
    assert len(told) == 12 and outcome["unsent"] == 0
