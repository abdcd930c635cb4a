"""Runs the cases of the Whoosh backend with an app of their own, which the hub's settings do not have."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[3]
FIXTURE = REPOSITORY.parent / "shared" / "data" / "modelsearch-suite" / "search.json"


def run(cases, limit):
    done = subprocess.run(
        [
            sys.executable, "-m", "django", "test", f"tests.search.backends.cases.{cases}",
            "--settings=tests.search.backends.engine_settings",
        ],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=limit,
        check=False,
    )  # fmt: skip
    report = done.stdout + done.stderr
    ran = re.search(r"^Ran (\d+) tests?", report, re.MULTILINE)
    assert done.returncode == 0 and ran, report[-8_000:]
    return int(ran[1]), report


@pytest.mark.slow
@pytest.mark.skipif(not FIXTURE.exists(), reason=f"modelsearch's wheel has no fixture; none at {FIXTURE}")
def test_the_whole_suite_of_modelsearch_passes():
    ran, report = run("conformance", 180)
    assert ran == 120
    assert "skipped" not in report


@pytest.mark.slow
@pytest.mark.parametrize("cases", ["searching", "writing", "processes"])
def test_cases(cases):
    ran, report = run(cases, 180)
    assert ran > 0
    assert "skipped" not in report
