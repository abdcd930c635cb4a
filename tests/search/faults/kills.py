"""Whoever settles the queue is killed, again and again: `python -m tests.search.faults.kills TIMES`."""

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

from tests.search.faults import children


def main():
    times, chance = int(sys.argv[1]), random.Random(7)
    children.begin()
    children.do(check)  # makes the index
    killed = 0
    for round_ in range(times):
        reader, writer = os.pipe()
        child = children.start(save_and_settle, round_, writer)
        os.close(writer)
        os.read(reader, 1)  # it is about to begin
        os.close(reader)
        time.sleep(chance.uniform(0.0, 0.6))
        os.kill(child, signal.SIGKILL)
        killed += children.wait(child) == -signal.SIGKILL
        if round_ % 5 == 4 or round_ == times - 1:
            children.do(check)
    index = Path(os.environ["HUB_DATA_DIR"]) / "index"
    print(json.dumps({"killed": killed, **json.loads((index.parent / "checked").read_text())}))


def save_and_settle(round_, pipe):
    from django.db import transaction

    from search.domain import queue
    from tests.factories import TopicFactory

    number = 0
    while True:
        with queue.deferred_drain():  # several in one commit, and a settling after each bunch
            for _ in range(5):
                with transaction.atomic():  # as every request of the admin is
                    TopicFactory(name=f"harvest {round_} {number}")
                number += 1
            os.write(pipe, b".")  # committed, and about to be settled


def check():
    from django.core.management import call_command

    from hub.taxonomy.models import Topic
    from search.domain import queue
    from search.domain.lock import try_lock
    from search.domain.query import find

    with try_lock() as held:
        assert held, "the lock is stuck"
    call_command("search_sync", verbosity=0)
    assert queue.lag() == 0
    topics = set(Topic.objects.filter(name__startswith="harvest").values_list("name", flat=True))
    answer = find("harvest", kind=["topic"], per_page=100_000)
    assert not answer.from_database
    found = {hit.entry.title for hit in answer.hits}
    assert found == topics, f"lost {sorted(topics - found)[:9]}, too many {sorted(found - topics)[:9]}"
    index = Path(os.environ["HUB_DATA_DIR"]) / "index"
    files = [path for path in index.rglob("*") if path.is_file()]
    temporary = [path for path in index.rglob("*") if ".tmp" in path.name or path.match("current.*")]
    generations = [len([one for one in folder.iterdir() if one.is_dir()]) for folder in index.iterdir()]
    told = {"topics": len(topics), "files": len(files), "temporary": len(temporary), "generations": max(generations)}
    (index.parent / "checked").write_text(json.dumps(told))


if __name__ == "__main__":
    main()
