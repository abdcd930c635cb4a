"""Writers and readers at one hub for some seconds: `python -m tests.search.faults.load SECONDS`.

Every writer has a word and pages of its own, and does one thing at a time, each in one transaction. It counts in
a shared file when it begins and when it is done. So a reader that looks at the pages of one writer before and
after a question knows how many changes can have been committed in between: with none the answer has to be exactly
what the pages say, with one every hit has to be right before it or after it. With more, nothing can be said of
it, and the question is not counted.
"""

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

from tests.search.faults import children

WRITERS = READERS = 8
WORDS = ["heron", "crane", "egret", "stork", "ibis", "bittern", "grebe", "osprey"]
PAGES = 8


def main():
    seconds = float(sys.argv[1])
    children.begin()
    children.do(prepare)
    until = time.monotonic() + seconds
    worker = children.start(watch)
    writers = [children.start(write, number, until) for number in range(WRITERS)]
    readers = [children.start(read, number, until) for number in range(READERS)]
    ends = [children.wait(child) for child in writers]
    children.do(all_found)
    ends += [children.wait(child) for child in readers]
    os.kill(worker, signal.SIGTERM)
    children.wait(worker)
    reports = [json.loads(path.read_text()) for path in sorted(data().glob("report-*"))]
    told = {key: sum(one.get(key, 0) for one in reports) for key in KEYS}
    print(json.dumps({"ends": ends, **told, "found_after": max(one.get("found_after", 0) for one in reports)}))


KEYS = ("changes", "by_admin", "questions", "exact", "between", "not_counted", "wrong", "missing", "lag")


def data():
    return Path(os.environ["HUB_DATA_DIR"])


def report(name, **values):
    (data() / f"report-{name}").write_text(json.dumps(values))


class Counters:
    """How often each writer has begun (odd) and ended (even) something."""

    def __init__(self):
        self.file = os.open(data() / "counters", os.O_RDWR | os.O_CREAT)

    def of(self, writer):
        return int.from_bytes(os.pread(self.file, 8, 8 * writer), "little")

    def step(self, writer):
        os.pwrite(self.file, (self.of(writer) + 1).to_bytes(8, "little"), 8 * writer)


def prepare():
    from hub.accounts.enums import Role
    from tests.factories import StandardPageFactory, UserFactory

    for role in (Role.MEMBER, Role.LEADER, Role.STAFF):
        UserFactory(email=f"{role.name.lower()}@example.org", role=role)
    UserFactory(email="admin@example.org", is_superuser=True, is_staff=True)
    for word in WORDS:
        sections = [StandardPageFactory(title=f"{word} section {number}") for number in range(2)]
        for number in range(PAGES):
            StandardPageFactory(title=f"{word} begin {number}", parent=sections[number % 2])
    counters = Counters()
    os.pwrite(counters.file, bytes(8 * WRITERS), 0)


def watch():
    from django.core.management import call_command

    call_command("search_sync", watch=0.5)


def viewers():
    from hub.accounts.models import User

    return [None, *(User.objects.get(email=f"{name}@example.org") for name in ("member", "leader", "staff"))]


def pages_of(word, viewer):
    """Titles of what `viewer` may read of a writer's pages, as committed: from the page tree, not the catalogue."""
    from hub.home.models import StandardPage

    return set(
        StandardPage.objects.visible_to(viewer).filter(title__startswith=f"{word} ").values_list("title", flat=True)
    )


def write(number, until):
    from django.test import Client

    from hub.accounts.models import User

    chance, word, counters, done = random.Random(number), WORDS[number], Counters(), 0
    client = None
    if number == 0:
        client = Client(headers={"host": "testserver"})
        client.force_login(User.objects.get(email="admin@example.org"))
    by_admin = 0
    while not done or time.monotonic() < until:
        counters.step(number)
        if client and (not done or chance.random() < 0.6):
            by_admin += edit_as_admin(client, word, done, chance)
        else:
            change(word, done, chance)
        counters.step(number)
        done += 1
    report(f"writer-{number}", changes=done, by_admin=by_admin)


def edit_as_admin(client, word, step, chance):
    """Unpublish or delete through Wagtail's own views."""
    from hub.home.models import StandardPage

    page = chance.choice(
        list(StandardPage.objects.filter(title__startswith=f"{word} ").exclude(title__contains="section"))
    )
    action = "unpublish" if page.live else "delete"
    response = client.post(f"/admin/pages/{page.pk}/{action}/", {"next": "/admin/"}, secure=True)
    if response.status_code != 302:
        raise AssertionError(f"{action} of {page}: {response.status_code}")
    if StandardPage.objects.filter(title__startswith=f"{word} ", live=True).count() < 4:
        change(word, step, chance, "create")
    return 1


def change(word, step, chance, what=None):
    """One thing that editors do, with one of this writer's pages, in one transaction."""
    from django.db import transaction
    from wagtail.models import PageViewRestriction

    from hub.home.models import StandardPage
    from hub.pages.enums import Audience
    from hub.pages.models import BasePage

    with transaction.atomic():
        mine = StandardPage.objects.filter(title__startswith=f"{word} ")
        sections = list(mine.filter(title__contains="section"))
        pages = list(mine.exclude(title__contains="section"))
        names = ["create", "edit", "edit", "audience", "section", "restrict", "move", "unpublish", "publish", "delete"]
        what = what or ("create" if len(pages) < 4 else chance.choice(names))
        page = chance.choice(pages) if pages else None
        section = chance.choice(sections)
        if what == "create":
            child = StandardPage(title=f"{word} made {step}", slug=f"{word}-{step}")
            BasePage.objects.get(pk=section.pk).add_child(instance=child)
        elif what == "edit":
            page.title = f"{word} edit {step}"
            page.save_revision().publish()
        elif what in ("audience", "section"):
            target = page if what == "audience" else section
            target.audience = chance.choice(Audience.values)
            target.save()
        elif what == "restrict":
            restrictions = PageViewRestriction.objects.filter(page_id=section.pk)
            if restrictions:
                for restriction in restrictions:
                    restriction.delete()
            else:
                PageViewRestriction.objects.create(page_id=section.pk, restriction_type="login")
        elif what == "move":
            page.move(BasePage.objects.get(pk=section.pk), pos="last-child")
        elif what == "unpublish":
            page.unpublish()
        elif what == "publish":
            page.save_revision().publish()
        elif len(pages) > PAGES // 2:
            page.delete()


def read(number, until):
    from search.domain.query import find

    chance, counters, people = random.Random(100 + number), Counters(), viewers()
    counts = dict.fromkeys(KEYS, 0)
    while time.monotonic() < until:
        writer, viewer = chance.randrange(WRITERS), chance.choice(people)
        word = WORDS[writer]
        first = counters.of(writer)
        before = pages_of(word, viewer)
        answer = find(word, viewer=viewer, per_page=100)
        after = pages_of(word, viewer)
        between = (counters.of(writer) + 1) // 2 - first // 2
        found = {hit.entry.title for hit in answer.hits}
        counts["questions"] += 1
        time.sleep(0.1)  # people read what they found; without it, eight readers leave the writers no processor
        if between > 1:
            counts["not_counted"] += 1
            continue
        counts["between" if between else "exact"] += 1
        wrong, missing = found - before - after, (before & after) - found
        if wrong or missing or (not between and answer.total != len(before)):
            counts["wrong"] += bool(wrong)
            counts["missing"] += not wrong
            print(word, viewer, between, answer.total, sorted(wrong), sorted(missing), file=sys.stderr)
    report(f"reader-{number}", **counts)


def all_found():
    """How long after the last change everything is found, out of the index itself."""
    from search.domain import queue
    from search.domain.query import find
    from search.models import Entry

    started = time.monotonic()
    while Entry.objects.pending().exists() and time.monotonic() < started + 60:
        time.sleep(0.02)
    found_after, missing = time.monotonic() - started, 0
    for viewer in viewers():
        for word in WORDS:
            answer = find(word, viewer=viewer, per_page=100)
            missing += answer.from_database or {hit.entry.title for hit in answer.hits} != pages_of(word, viewer)
    while queue.lag() and time.monotonic() < started + 30:  # whoever settles now, the worker perhaps, goes on
        queue.drain()
        time.sleep(0.1)
    report("end", found_after=round(found_after, 2), missing=missing, lag=queue.lag())


if __name__ == "__main__":
    main()
