"""kill -9 while a page is handed in, approved and published: all of it happened, or nothing; mail tells of no more.

`HUB_REVIEW_KILLS` says how often each button is killed; `HUB_REVIEW_DATABASE_URL` names an empty PostgreSQL
database to do it on.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.editorial.hubs import ROOT, environment_of

KILLS = int(os.environ.get("HUB_REVIEW_KILLS", "3"))


@pytest.mark.slow
def test_a_server_killed_in_the_middle_of_a_review(tmp_path, migrated_database):
    environment = environment_of(tmp_path, migrated_database, os.environ.get("HUB_REVIEW_DATABASE_URL", ""))
    done = subprocess.run(
        [sys.executable, "-m", "tests.editorial.kills", str(KILLS)],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=3600,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]
    report = json.loads(done.stdout.splitlines()[-1])
    print(report)
    for button in ("submit", "approve", "publish", "by hand"):
        count = report[button]
        assert count.get("nothing", 0) + count.get("everything", 0) == KILLS and "wrong" not in count, done.stderr
        assert KILLS < 20 or min(count["nothing"], count["everything"]) > 2, "the kills hit before and after the commit"
    assert report["mails of nothing"] == 0 and report["mails missing"] == 0
    assert report["told"] >= 2 * (2 + 1 + 2), "the mails of what nobody killed, at least"
