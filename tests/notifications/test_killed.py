"""kill -9 in the middle of the night: nobody is told twice, no mail is lost, and none arrives three times.

HUB_FAULT_NIGHTS sets how many processes are killed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.notifications.killed import PAGES, PEOPLE
from tests.roundtables.test_seat_race import ROOT, environment  # noqa: F401 - a fixture

NIGHTS = os.environ.get("HUB_FAULT_NIGHTS", "6")


@pytest.mark.slow
def test_nights_that_are_cut_short(environment):  # noqa: F811
    done = subprocess.run(
        [sys.executable, "-m", "tests.notifications.killed", NIGHTS],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["most"] <= 2
    assert found["sent and not arrived"] == 0
    assert set(found["states"]) <= {"sent", "failed"} and found["states"]["sent"] >= PEOPLE - int(NIGHTS)
    assert found["digests"] == PEOPLE and found["news without a mail"] == 0
    assert found["tasks"] == found["pages with a task"] == found["asked"] == PAGES
