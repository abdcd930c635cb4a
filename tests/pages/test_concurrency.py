"""Many editors at once, and a machine that dies: the tree stays whole, no page is half made.

Real processes on a real SQLite file, through the editor's own views.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent

pytestmark = pytest.mark.slow


@pytest.fixture
def environment(tmp_path):
    """A migrated hub with four sections of three pages each."""
    environment = {
        **os.environ,
        "HUB_DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "hub.settings.dev",
        "HUB_BASE_URL": "http://testserver",
        "PYTHONPATH": str(ROOT),
    }
    manage(environment, "migrate", "--verbosity", "0")
    manage(
        environment, "shell", "--no-imports", "-c",
        "from hub.accounts.models import User\n"
        "from hub.home.models import *\n"
        "User.objects.create_superuser('race@example.org', 'x')\n"
        "home = HomePage.objects.get()\n"
        "for s in range(4):\n"
        "    section = home.add_child(instance=StandardPage(title=f'Section {s}', slug=f'section-{s}'))\n"
        "    for m in range(4):\n"
        "        page = StandardPage(title=f'mover{m} {s}', slug=f'mover{m}-{s}')\n"
        "        section.add_child(instance=page).save_revision().publish()\n",
    )  # fmt: skip
    return environment


def manage(environment, *arguments):
    return subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    ).stdout


def worker(environment, *arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "tests.pages.processes", *arguments],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_creators_and_movers_at_once_leave_the_tree_whole(environment):
    workers = [worker(environment, "create", f"new{n}", "6") for n in range(4)]
    workers += [worker(environment, "move", f"mover{n}", "6") for n in range(4)]
    done: dict[str, int] = {}
    for process in workers:
        out, err = process.communicate(timeout=300)
        assert process.returncode == 0, err[-2000:]
        for what, count in json.loads(out.splitlines()[-1]).items():
            done[what] = done.get(what, 0) + count
    assert done == {"created": 24, "moved": 24}
    assert json.loads(manage(environment, "check_tree", "--json").splitlines()[-1])["ok"]


def test_a_process_killed_while_publishing_leaves_no_half_made_page(environment):
    random.seed(5)
    kills = 8
    for number in range(kills):
        process = worker(environment, "forever", f"killed{number}", "0")
        assert process.stdout.readline().strip() == "ready"
        time.sleep(random.uniform(0.8, 2.6))
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=20)
    report = manage(
        environment, "shell", "--no-imports", "-c",
        "import json\n"
        "from hub.home.models import StandardPage\n"
        "from wagtail.models import PageLogEntry\n"
        "pages = StandardPage.objects.filter(slug__startswith='killed')\n"
        "half = [p.slug for p in pages if not (p.live and p.live_revision_id and p.latest_revision_id)"
        " or not PageLogEntry.objects.filter(page_id=p.pk, action='wagtail.publish').exists()]\n"
        "print(json.dumps({'pages': len(pages), 'half': half}))\n",
    )  # fmt: skip
    made = json.loads(report.splitlines()[-1])
    assert made["half"] == []
    assert made["pages"] >= kills, "the kills must hit a process that is publishing"
    assert json.loads(manage(environment, "check_tree", "--json").splitlines()[-1])["ok"]
