"""Several runs of `send_search_alerts` at once, some of them killed: everybody is told once."""

import json
import os
import signal
import sys
import time

from tests.search.faults import children

children.begin()

from collections import Counter  # noqa: E402
from datetime import timedelta  # noqa: E402
from io import StringIO  # noqa: E402

from django.core.management import call_command  # noqa: E402
from django.http import QueryDict  # noqa: E402
from django.utils import timezone  # noqa: E402
from django_tasks_db.models import DBTaskResult  # noqa: E402

from hub.notifications.models import Notification  # noqa: E402
from search.domain import saved as saving  # noqa: E402
from search.models import SavedSearch, Told  # noqa: E402
from tests.factories import PracticePageFactory, UserFactory  # noqa: E402
from tests.notifications.world import everybody_wants_mail_at_once  # noqa: E402

PEOPLE, AT_ONCE = 30, 4


def make():
    for _ in range(PEOPLE):
        saving.save(UserFactory(), QueryDict("q=sponsor+left"))
    everybody_wants_mail_at_once()
    SavedSearch.objects.update(looked_at=timezone.now() - timedelta(days=8))
    PracticePageFactory(title="Our sponsor left")


def send():
    call_command("send_search_alerts", stdout=StringIO())


def killed(after):
    child = children.start(send)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    children.wait(child)


def count():
    told = Counter(Notification.objects.values_list("user", flat=True))
    print(
        json.dumps(
            {
                "people": len(told),
                "most": max(told.values()),
                "noted": Told.objects.filter(alert__isnull=False).count(),
                "mails": DBTaskResult.objects.filter(task_path__contains="notifications.tasks.deliver").count(),
            }
        )
    )


if __name__ == "__main__":
    children.do(make)
    for number in range(int(sys.argv[1])):
        killed(0.15 + number * 0.05)
    codes = [children.wait(child) for child in [children.start(send) for _ in range(AT_ONCE)]]
    assert codes == [0] * AT_ONCE, codes
    children.do(count)
