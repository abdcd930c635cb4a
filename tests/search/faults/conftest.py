"""A hub of its own for programs that are killed, starved and set upon each other."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from tests.database import REPO


@pytest.fixture
def hub(django_db_setup, migrated_database, tmp_path):
    """Runs `tests.search.faults.<program>` in a process of its own and gives the JSON of its last line."""
    if migrated_database is None:
        pytest.skip("These programs share a SQLite file; here the database is another, or pytest keeps no cache.")
    data = tmp_path / "data"
    data.mkdir()
    shutil.copy(migrated_database, data / "hub.sqlite3")

    def run(program, *arguments, timeout=600, **environment):
        done = subprocess.run(
            [sys.executable, "-m", f"tests.search.faults.{program}", *map(str, arguments)],
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "tests.search.faults.settings",
                "HUB_DATA_DIR": str(data),
                "SECRET_KEY": "a-long-enough-key-for-programs-that-are-killed-0123456789",
                "HUB_ADMIN_MFA": "false",
                "DATABASE_URL": "",
                "SEARCH_URL": "",
                **environment,
            },
            cwd=REPO,
            capture_output=True,
            text=True,
            timeout=timeout,
        )
        assert done.returncode == 0, done.stderr[-4000:] + done.stdout[-2000:]
        return json.loads(done.stdout.splitlines()[-1])

    run.data = data
    return run
