"""Memory and files stay bounded; several settle and one rebuilds without losing what others save."""

import os

import pytest

pytestmark = pytest.mark.slow

QUESTIONS = int(os.environ.get("HUB_FAULT_QUESTIONS", "300"))


def test_a_reader_keeps_its_size(hub):
    told = hub("resources", "reading", QUESTIONS)
    print(told)
    files, memory = told["files"], told["memory"]
    assert max(files) <= 60, told
    assert memory[-1] - memory[len(memory) // 2] < 20, told


def test_several_settle_and_one_rebuilds_while_others_save(hub):
    told = hub("resources", "settling")
    assert told == {"ends": [0] * 7, "error": "", "lag": 0, "from_database": False, "found": 65}
