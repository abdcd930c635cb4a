"""Everybody at once: processes that vote, edit, hand in and withdraw on the same pages publish nothing without its
quorum, and lose no vote.

`HUB_REVIEW_MOVES` says how much each of them does; `HUB_REVIEW_DATABASE_URL` names an empty PostgreSQL database.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.editorial.hubs import ROOT, environment_of

MOVES = int(os.environ.get("HUB_REVIEW_MOVES", "25"))
RACERS = 3


@pytest.mark.slow
def test_everybody_at_once(tmp_path, migrated_database):
    environment = environment_of(tmp_path, migrated_database, os.environ.get("HUB_REVIEW_DATABASE_URL", ""))

    def process(*arguments):
        return subprocess.Popen(
            [sys.executable, "-m", "tests.editorial.racing", *arguments],
            cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    prepared = process("prepare")
    assert prepared.wait(timeout=120) == 0, prepared.stderr.read()[-3000:]
    racers = [process(f"racer{number}", str(MOVES)) for number in range(RACERS)]
    for racer in racers:
        assert racer.stdout.readline() == "ready\n", racer.stderr.read()[-3000:]
    for racer in racers:
        racer.stdin.write("go\n")
        racer.stdin.flush()
    done: dict[str, int] = {}
    for racer in racers:
        out, err = racer.communicate(timeout=600)
        assert racer.returncode == 0, err[-3000:]
        for what, count in json.loads(out.splitlines()[-1]).items():
            done[what] = done.get(what, 0) + count
    out, err = process("check").communicate(timeout=120)
    report = json.loads(out.splitlines()[-1])
    print(done, report)
    assert report["wrong"] == []
    assert set(done) <= {"302", "asked 302", "votes from outside"}, "nobody saw an error"
    assert report["outside"] == done.get("votes from outside", 0)
    assert report["passed"] >= 1 and report["votes"] >= MOVES / 4, "the property is not true for want of votes"
