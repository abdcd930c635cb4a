"""What happens when the disk fails the index: saving goes on, status says so, answers stay right, and it heals."""

import os
import subprocess

import pytest

pytestmark = pytest.mark.slow


def check(told):
    sick, healed = told["sick"], told["healed"]
    assert sick["right"] and sick["lag"] and sick["last_error"], told
    assert healed["right"] and not healed["from_database"], told
    assert (healed["lag"], healed["state"], healed["last_error"]) == (0, "ok", None), told


def test_full(hub, tmp_path):
    place = tmp_path / "small"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", place]
    if os.geteuid() or subprocess.run(mount, check=False).returncode:
        pytest.skip("Only root can make a small disk, and not in every container.")
    try:
        check(hub("disks", "full", SEARCH_URL=f"whoosh://{place}"))
    finally:
        subprocess.run(["umount", place], check=True)


def test_not_writable(hub):
    told = hub("disks", "unwritable")
    if not told:
        pytest.skip("Nothing is read-only for root where nothing can be mounted.")
    check(told)


def test_ruins(hub):
    for ruin, told in hub("disks", "ruins").items():
        assert told["first"]["right"], (ruin, told)
        assert told["healed"]["right"] and not told["healed"]["from_database"], (ruin, told)
        assert (told["healed"]["lag"], told["healed"]["state"]) == (0, "ok"), (ruin, told)
