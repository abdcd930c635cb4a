"""Nights of upkeep and digests in real processes, some of them killed, then several at once. Prints what came of it."""

import json
import os
import re
import signal
import sys
import time

from tests.search.faults import children

children.begin()

from collections import Counter  # noqa: E402
from datetime import timedelta  # noqa: E402
from io import StringIO  # noqa: E402
from pathlib import Path  # noqa: E402

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db.models import F  # noqa: E402
from django.utils import timezone  # noqa: E402

from hub.accounts.enums import Role  # noqa: E402
from hub.editorial.models import UpkeepTask  # noqa: E402
from hub.notifications import registry  # noqa: E402
from hub.notifications.domain import news  # noqa: E402
from hub.notifications.models import Delivery, Notification  # noqa: E402
from tests.factories import PracticePageFactory, UserFactory  # noqa: E402

PEOPLE, PAGES, AT_ONCE = 30, 20, 3


def make():
    for _ in range(3):
        UserFactory(role=Role.STAFF)
    for _ in range(PEOPLE):
        news.tell(UserFactory(), kind=registry.kind_of("editorial.published"), text="Something was published")
    Notification.objects.update(created_at=timezone.now() - timedelta(days=9))
    for number in range(PAGES):
        PracticePageFactory(title=f"Late {number}", verify_by=timezone.localdate() - timedelta(days=1))


def night():
    call_command("run_upkeep", stdout=StringIO())
    call_command("send_digests", stdout=StringIO())


def a_quarter_of_an_hour_later():
    """As if that much time had passed since anybody claimed or wrote a mail."""
    back = timedelta(minutes=15)
    Delivery.objects.update(claimed_at=F("claimed_at") - back, created_at=F("created_at") - back)


def count():
    texts = [path.read_text() for path in Path(settings.EMAIL_FILE_PATH).glob("*")]
    arrived = Counter(name for text in texts for name in re.findall(r"^Message-ID: <mail\.(\w+)@", text, re.MULTILINE))
    sent = [delivery.message_id.hex for delivery in Delivery.objects.filter(state="sent")]
    upkeep = Notification.objects.filter(kind="editorial.upkeep")
    print(
        json.dumps(
            {
                "states": Counter(Delivery.objects.values_list("state", flat=True)),
                "most": max(arrived.values()),
                "twice": sum(times == 2 for times in arrived.values()),
                "sent and not arrived": sum(name not in arrived for name in sent),
                "digests": Delivery.objects.filter(digest_of__isnull=False).count(),
                "news without a mail": Notification.objects.exclude(kind="editorial.upkeep")
                .filter(delivery__isnull=True)
                .count(),
                "tasks": UpkeepTask.objects.open().exclude(assigned_to=None).count(),
                "pages with a task": UpkeepTask.objects.open().values("page").distinct().count(),
                "asked": upkeep.count(),
            }
        )
    )


if __name__ == "__main__":
    children.do(make)
    for number in range(int(sys.argv[1])):
        child = children.start(night)
        time.sleep(0.1 + number * 0.07)
        os.kill(child, signal.SIGKILL)
        children.wait(child)
        children.do(a_quarter_of_an_hour_later)
    for _ in range(2):
        codes = [children.wait(child) for child in [children.start(night) for _ in range(AT_ONCE)]]
        assert codes == [0] * AT_ONCE, codes
        children.do(a_quarter_of_an_hour_later)
    children.do(count)
