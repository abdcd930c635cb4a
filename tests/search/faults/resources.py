"""Many questions with reopenings, several who settle, a rebuild while others save.

`python -m tests.search.faults.resources reading 2000` or `settling`.
"""

import json
import os
import sys
from pathlib import Path

from tests.search.faults import children


def main():
    children.begin()
    children.do({"reading": reading, "settling": settling}[sys.argv[1]])
    print((Path(os.environ["HUB_DATA_DIR"]) / "told").read_text())


def tell(**values):
    (Path(os.environ["HUB_DATA_DIR"]) / "told").write_text(json.dumps(values))


def used():
    """Open files, and the memory of this process in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return len(list(Path("/proc/self/fd").iterdir())), pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def reading():
    """Questions, with a commit that makes the reader open the index anew before every tenth."""
    from search.domain.query import find
    from tests.factories import TopicFactory

    questions, measured = int(sys.argv[2]), []
    for number in range(questions):
        if number % 10 == 0:
            TopicFactory(name=f"harvest {number}", description="heron crane egret " * 20)
        answer = find(["harvest", "heron crane", '"heron crane"', "hervest", f"harvest {number}"][number % 5])
        assert not answer.from_database
        if number % (questions // 10) == 0:
            measured.append(used())
    measured.append(used())
    tell(files=[files for files, _ in measured], memory=[round(memory, 1) for _, memory in measured])


def settling():
    """Three settle, one rebuilds twice, three save."""
    from search.domain import queue
    from search.domain.query import find

    save("begin", 20)
    at_once = [children.start(save, f"saver{number}", 15) for number in range(3)]
    at_once += [children.start(settle) for _ in range(3)]
    at_once.append(children.start(rebuild))
    ends = [children.wait(child) for child in at_once]
    done = queue.drain()
    answer = find("harvest", kind=["topic"], per_page=1000)
    tell(
        ends=ends,
        error=done.error,
        lag=queue.lag(),
        from_database=answer.from_database,
        found=len({hit.entry.title for hit in answer.hits}),
    )


def save(name, number):
    from tests.factories import TopicFactory

    for one in range(number):
        TopicFactory(name=f"harvest {name} {one}")


def settle():
    from search.domain import queue

    for _ in range(20):
        error = queue.drain().error
        assert not error, error


def rebuild():
    from search.domain.rebuild import rebuild

    for _ in range(2):
        rebuild()


if __name__ == "__main__":
    main()
