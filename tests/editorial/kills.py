"""A hub whose server is killed in the middle of a review: `python -m tests.editorial.kills TIMES`.

A real gunicorn serves the hub of the environment (an empty, migrated one). Somebody presses a button over HTTP,
and at a random moment while the answer is made, the process that makes it gets SIGKILL. Each time everything
has to have happened, or nothing. Afterwards the mail is sent, and has to tell of what happened, once.
Prints a JSON line of counts.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from urllib.parse import urlencode

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.db.models import F  # noqa: E402
from wagtail.models import PageLogEntry, WorkflowState  # noqa: E402

from hub.accounts.enums import Role  # noqa: E402
from hub.editorial import kinds  # noqa: E402
from hub.editorial.enums import Decision  # noqa: E402
from hub.editorial.models import PeerReviewTask, ReviewVote  # noqa: E402
from hub.members.domain.roles import sync_roles  # noqa: E402
from hub.notifications.domain.preferences import choose  # noqa: E402
from hub.notifications.models import Delivery, Notification  # noqa: E402
from hub.pages.enums import PageSeatRole  # noqa: E402
from search.models import Entry  # noqa: E402
from tests.editorial.world import current, edit_url, form_of, newest_text, person, seat  # noqa: E402
from tests.factories import PracticePageFactory  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent.parent
TOKEN = "a" * 32
APPROVE = {"action-workflow-action": "true", "workflow-action-name": "approve"}


class Server:
    """A gunicorn with one worker; when that is killed, its master starts another."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        command = [
            sys.executable, "-m", "gunicorn", "hub.wsgi", "--preload", "--workers", "1", "--worker-class", "gthread",
            "--threads", "2", "--timeout", "300", "--bind", f"127.0.0.1:{self.port}", "--log-level", "critical",
        ]  # fmt: skip
        self.master = subprocess.Popen(command, cwd=ROOT)

    def worker(self) -> int:
        """The process that answers; waits until there is one that does."""
        for _ in range(600):
            children = Path(f"/proc/{self.master.pid}/task/{self.master.pid}/children").read_text().split()
            with suppress(OSError, http.client.HTTPException):
                if children and self.get("/healthz/") == 200:
                    return int(children[0])
            time.sleep(0.1)
        raise SystemExit("the server does not answer")

    def get(self, path: str) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", path)
        return connection.getresponse().status

    def post(self, session: str, path: str, data: dict) -> int:
        """The status of the answer; 0 when there was none."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        headers = {
            "content-type": "application/x-www-form-urlencoded",
            "cookie": f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={TOKEN}",
            "x-csrftoken": TOKEN,
        }
        try:
            connection.request("POST", path, urlencode(data), headers)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0

    def stop(self) -> None:
        self.master.terminate()
        self.master.wait(timeout=30)


def session_of(user, known: dict = {}) -> str:  # noqa: B006 - kept for the whole run
    """Somebody who is logged in."""
    if user.pk not in known:
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        known[user.pk] = session.session_key
    return known[user.pk]


# --- the four buttons: who presses what, and what then has happened, or has not ----------------------------

PRESSES = {
    "submit": ("author", {"gist": "As it is.", "action-submit": "1"}),
    "approve": ("reviewer", APPROVE),
    "publish": ("second", APPROVE),
    "by hand": ("staff", {"gist": "As it is.", "action-publish": "1"}),
}


class Story:
    """A page of its own for each kill."""

    def __init__(self, people, what: str, number: int) -> None:
        self.what = what
        self.title = f"Killed at {what}, {number}"
        self.page = PracticePageFactory(title=self.title, live=False)
        seat(self.page, people["author"])
        for name in ("reviewer", "second"):
            seat(self.page, people[name], PageSeatRole.REVIEWER)
        text = newest_text(self.page)
        text.gist = "As it was."
        text.save_revision(user=people["author"])
        if what in ("approve", "publish"):
            current(self.page).get_workflow().start(current(self.page), people["author"])
        if what == "publish":
            current(self.page).current_workflow_task_state.approve(user=people["reviewer"])
        self.before = self.facts()
        who, changes = PRESSES[what]
        self.user, self.data = people[who], form_of(self.page, **changes)

    def facts(self) -> dict:
        """All that a button may change."""
        page = current(self.page)
        review = WorkflowState.objects.filter(object_id=str(page.pk)).first()
        state = review.current_task_state if review else None
        told = Counter(Notification.objects.filter(page_id=page.pk).values_list("kind", flat=True))
        return {
            "live": page.live,
            "texts": page.revisions.count(),
            "newest": page.latest_revision.content["gist"],
            "shown": page.gist if page.live else "",
            "live is newest": page.live_revision_id == page.latest_revision_id,
            "review": review.status if review else "",
            "step": state.status if state else "",
            "of the newest": state is not None and state.revision_id == page.latest_revision_id,
            "approvals": ReviewVote.objects.filter(
                task_state__workflow_state=review, decision=Decision.APPROVE, voided_at=None
            ).count(),
            "told": dict(told),
            "log": dict(Counter(PageLogEntry.objects.filter(page_id=page.pk).values_list("action", flat=True))),
            "findable": Entry.objects.filter(title=self.title).exists(),
        }

    def happened(self) -> dict:
        """What the facts are when everything happened."""
        old = self.before
        log = Counter(old["log"])
        told = Counter(old["told"])
        published = {"live": True, "live is newest": True, "findable": True}
        if self.what == "submit":
            log.update(["wagtail.edit", "wagtail.workflow.start"])
            told.update({kinds.REVIEW_ASKED.key: 2})
            change = {
                "texts": old["texts"] + 1, "newest": "As it is.", "review": "in_progress", "step": "in_progress",
                "of the newest": True,
            }  # fmt: skip
        elif self.what == "approve":
            log.update(["hub.review.voted"])
            told.update({kinds.VOTED.key: 1})
            change = {"approvals": 1}
        elif self.what == "publish":
            log.update(["hub.review.voted", "wagtail.workflow.approve", "wagtail.publish"])
            told.update({kinds.PUBLISHED.key: 2})
            change = {"approvals": 2, "review": "approved", "step": "approved", "shown": old["newest"], **published}
        else:
            log.update(["wagtail.edit", "wagtail.publish"])
            change = {"texts": old["texts"] + 1, "newest": "As it is.", "shown": "As it is.", **published}
        return {**old, **change, "log": dict(log), "told": dict(told)}


def press_and_kill(server: Server, story: Story, after: float | None) -> int:
    """Press the button, and kill the process that answers after so many seconds, if any. Gives the answer's status."""
    worker, path = server.worker(), edit_url(story.page)
    session = session_of(story.user)
    answer: list[int] = []
    pressing = threading.Thread(target=lambda: answer.append(server.post(session, path, story.data)))
    pressing.start()
    if after is not None:
        time.sleep(after)
        os.kill(worker, signal.SIGKILL)
    pressing.join()
    return answer[0]


def mails() -> Counter:
    """To whom, and about what, mail lies in the folder."""
    found: Counter = Counter()
    for file in (settings.DATA_DIR / "mail").glob("*"):
        for raw in file.read_bytes().split(b"\n" + b"-" * 79 + b"\n"):
            if raw.strip():
                message = message_from_bytes(raw, policy=policy.default)
                found[message["to"], " ".join(message["subject"].split())] += 1  # Python 3.13 folds a space in
    return found


def main() -> None:
    times, chance = int(sys.argv[1]), random.Random(11)
    sync_roles()
    people = {
        "author": person("Ada Author", Role.LEADER),
        "reviewer": person("Rea Reviewer", Role.LEADER),
        "second": person("Sig Second", Role.LEADER),
        "staff": person("Stu Staff", Role.STAFF),
    }
    for user in people.values():
        choose(user.pk, dict.fromkeys([kinds.VOTED.key, kinds.PUBLISHED.key], "at_once"))
    PeerReviewTask.objects.filter(name="Peer review").update(quorum=2)
    server = Server()
    report: dict = {}
    try:
        for what in ("submit", "approve", "publish", "by hand"):
            for number in range(2):
                story = Story(people, what, -1 - number)
                os.kill(server.worker(), signal.SIGKILL)  # the next one is as new as all that follow
                time.sleep(0.5)
                server.worker()
                begin = time.monotonic()
                answered = press_and_kill(server, story, None)
                edge = time.monotonic() - begin  # about when everything has happened
                if (answered, story.facts()) != (302, story.happened()):
                    raise SystemExit(f"{what} without a kill: {answered} {story.facts()}\nnot {story.happened()}")
            count: Counter = Counter()
            for number in range(times):
                story = Story(people, what, number)
                answered = press_and_kill(server, story, edge * chance.uniform(0.6, 1.2))
                server.worker()  # the database is open again, and whatever was left of the transaction is gone
                facts = story.facts()
                done = "nothing" if facts == story.before else "everything" if facts == story.happened() else "half"
                edge *= 1.1 if done == "nothing" else 0.9  # so that the kills crowd round the commit
                count[done] += 1
                count["answered"] += answered != 0
                if done == "half" or (answered and done != "everything"):
                    count["wrong"] += 1
                    print(what, answered, facts, file=sys.stderr)
            report[what] = dict(count)
    finally:
        server.stop()
    # A timer hands on only what a worker should have had by now: let the last kills be some minutes ago.
    Delivery.objects.update(created_at=F("created_at") - timedelta(minutes=5))
    for command in ("db_worker --batch --no-startup-delay", "send_digests", "db_worker --batch --no-startup-delay"):
        subprocess.run([sys.executable, "manage.py", *command.split()], cwd=ROOT, check=True, capture_output=True)
    told = Counter(Notification.objects.filter(delivery__isnull=False).values_list("user__email", "text"))
    report["told"] = sum(told.values())
    report["mails of nothing"] = sum((mails() - told).values())
    report["mails missing"] = sum((told - mails()).values())
    print(json.dumps(report))


if __name__ == "__main__":
    main()
