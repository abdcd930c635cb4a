"""Hubs on disk for tests with real processes: on SQLite, or on the PostgreSQL database that the environment names."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def environment_of(folder: Path, migrated_database: Path | None, database_url: str = "") -> dict[str, str]:
    """The environment of a migrated hub, as in production but for its mail, which is written into a folder."""
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith(("HUB_", "DJANGO_", "DATABASE_"))},
        "HUB_DATA_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "hub.settings.production",
        "SECRET_KEY": "a hub that lives for one test has a key that does so too",
        "HUB_BASE_URL": "http://127.0.0.1",
        "ALLOWED_HOSTS": "127.0.0.1,testserver",
        "HUB_ADMIN_MFA": "false",
        "EMAIL_URL": "file:///mail",
        "SEARCH_URL": "database:",
        "PYTHONPATH": str(ROOT),
    }
    if database_url:
        environment["DATABASE_URL"] = database_url
    elif migrated_database is not None and migrated_database.exists():
        shutil.copy(migrated_database, folder / "hub.sqlite3")
        return environment
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, env=environment, check=True)
    return environment
