"""Many at once, and some of them killed. HUB_FAULT_SECONDS=60 and HUB_FAULT_KILLS=50 make the tests long."""

import os

import pytest

pytestmark = pytest.mark.slow

SECONDS = float(os.environ.get("HUB_FAULT_SECONDS", "10"))
KILLS = int(os.environ.get("HUB_FAULT_KILLS", "10"))


def test_eight_write_and_eight_read(hub):
    told = hub("load", SECONDS)
    print(told)
    assert set(told["ends"]) == {0}, told
    assert told["changes"] and told["by_admin"] and told["exact"] + told["between"], told
    assert (told["wrong"], told["missing"], told["lag"]) == (0, 0, 0), told
    assert told["found_after"] <= 2, told


def test_killed_while_settling(hub):
    told = hub("kills", KILLS)
    print(told)
    assert told["killed"] == KILLS
    assert told["topics"] > 0
    assert (told["temporary"], told["generations"]) == (0, 1), told
    assert told["files"] < 400, told
