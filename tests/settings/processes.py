"""Starts a fresh Python with nothing of this process's environment, as a server would be started."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

REPO = Path(__file__).resolve().parent.parent.parent
KEY = "a-key-for-tests-that-is-long-and-varied-enough-0123456789-abcdefghij"
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "hub.settings.production",
    "SECRET_KEY": KEY,
    "HUB_BASE_URL": "https://hub.example.org",
}


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the repository; only PATH and what is given are in its environment."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=REPO,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(REPO), **environment},
        capture_output=True,
        text=True,
        timeout=300,
    )
