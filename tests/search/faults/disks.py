"""A disk that is full, a folder that may not be written, an index in ruins.

`python -m tests.search.faults.disks full`, `unwritable` or `ruins`.
"""

import json
import os
import shutil
import sys
from pathlib import Path

from tests.search.faults import children

TOPICS = 60


def main():
    children.begin()
    children.do(fill)
    told = {"full": full, "unwritable": unwritable, "ruins": ruins}[sys.argv[1]]()
    print(json.dumps(told))


def index():
    from django.conf import settings

    return Path(settings.WAGTAILSEARCH_BACKENDS["default"]["PATH"])


def fill(first=0, number=TOPICS):
    """Save topics as staff do; each settles the queue after its commit."""
    from search.domain import queue
    from tests.factories import TopicFactory

    with queue.deferred_drain():
        for one in range(first, first + number):
            TopicFactory(name=f"harvest {one:04}", description=" ".join(f"word{one}x{place}" for place in range(200)))


def full():
    """Save until the index's disk is full, and on. The database lies on another one."""
    saved, sick = TOPICS, None
    while sick is None and saved < 6_000:
        children.do(fill, saved, TOPICS)
        saved += TOPICS
        sick = ask(saved)["last_error"] and ask(saved)
    children.do(fill, saved, TOPICS)
    saved += TOPICS
    sick = ask(saved)
    os.system(f"mount -o remount,size=256m {index()}")  # noqa: S605
    children.do(heal)
    return {"saved": saved, "sick": sick, "healed": ask(saved)}


def unwritable():
    """The folder of the index may not be written: a read-only mount denies root, their rights deny others."""
    close, open_ = (read_only, writable) if os.geteuid() == 0 else (lambda: rights(0o500), lambda: rights(0o700))
    if close():
        return {}
    try:
        children.do(fill, TOPICS, TOPICS)
        sick = ask(2 * TOPICS)
    finally:
        open_()
    children.do(heal)
    return {"sick": sick, "healed": ask(2 * TOPICS)}


def read_only():
    return os.system(f"mount --bind {index()} {index()} && mount -o remount,bind,ro {index()}")  # noqa: S605


def writable():
    return os.system(f"umount {index()}")  # noqa: S605


def rights(mode):
    for path in [index(), *(path for path in index().rglob("*") if path.is_dir())]:
        path.chmod(mode)


def ruins():
    """Every way in which a folder of files can be wrong."""
    told = {}
    for ruin in (truncated, no_list, garbage, no_folder, empty_folder, other_schema, no_pointer, bad_pointer, zeros):
        ruin(index() / "search_entry")
        first = ask(TOPICS)
        children.do(heal)
        told[ruin.__name__] = {"first": first, "healed": ask(TOPICS)}
    return told


def files_of(folder, pattern):
    found = [path for path in folder.glob(f"*/{pattern}") if path.is_file()]
    assert found, pattern
    return found


def biggest(folder):
    return max(files_of(folder, "*"), key=lambda path: path.stat().st_size)


def truncated(folder):
    os.truncate(biggest(folder), biggest(folder).stat().st_size // 2)


def no_list(folder):
    for path in files_of(folder, "*.toc"):
        path.unlink()


def garbage(folder):
    for path in files_of(folder, "*"):
        path.write_bytes(os.urandom(5_000))


def zeros(folder):
    biggest(folder).write_bytes(bytes(biggest(folder).stat().st_size))


def no_folder(folder):
    shutil.rmtree(folder)


def empty_folder(folder):
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def other_schema(folder):
    for path in files_of(folder, "format.json"):
        path.write_text(json.dumps(dict.fromkeys(json.loads(path.read_text()), "of another age")))


def no_pointer(folder):
    (folder / "current").unlink()


def bad_pointer(folder):
    (folder / "current").write_bytes(b"\xff\x00nowhere")


def heal():
    """What the worker does every so often."""
    from django.core.management import call_command

    call_command("search_sync", verbosity=0)


def ask(expected):
    """What a fresh process finds, and what the status says then."""
    children.do(_ask, expected)
    return json.loads((Path(os.environ["HUB_DATA_DIR"]) / "asked").read_text())


def _ask(expected):
    from search.domain.query import find
    from search.domain.status import search_status

    answer = find("harvest", kind=["topic"], per_page=10_000)
    status = search_status()
    told = {
        "right": answer.total == expected and len(answer.hits) == expected,
        "total": answer.total,
        "from_database": answer.from_database,
        "lag": status["lag"],
        "state": status["state"],
        "last_error": status["last_error"],
    }
    (Path(os.environ["HUB_DATA_DIR"]) / "asked").write_text(json.dumps(told))


if __name__ == "__main__":
    main()
