"""What the hub runs on, and what is not well."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from wagtail.models import PageViewRestriction, Revision

from hub.accounts.enums import Role
from hub.editorial.domain import upkeep
from hub.editorial.models import UpkeepTask
from hub.media.domain import reading
from hub.notifications.domain import deliveries
from hub.pages.domain.tree import problems
from hub.pages.models import BasePage
from search.domain.status import search_status

LONGEST_WAIT = timedelta(minutes=15)  # a task that is ready for longer has no worker
MOST_RESTRICTIONS = 20  # every one is a term in Wagtail's own queries: use the audience of the page
MOST_LAG = 200
MOST_NAMED = 3  # documents that could not be read


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. `problem` is empty, or a sentence with the next step."""

    name: str
    value: str
    problem: str = ""

    @property
    def ok(self) -> bool:
        """Whether it is well."""
        return not self.problem


def checks() -> list[Check]:
    """Everything that is looked at. A look that fails is a problem like any other; none raises."""
    found: list[Check] = []
    looks: dict[str, Callable[[], Iterator[Check]]] = {
        "database": _database, "migrations": _migrations, "cache": _cache, "search": _search, "tasks": _tasks,
        "media": _media, "documents": _documents, "mail": _mail, "editor": _editor, "tree": _tree, "groups": _groups,
        "dates": _dates, "upkeep": _upkeep,
    }  # fmt: skip
    for name, look in looks.items():
        try:
            found += look()
        except Exception as error:
            found.append(Check(name, "–", f"Could not be looked at: {type(error).__name__}: {error}"))
    return found


def as_json(found: list[Check]) -> dict[str, object]:
    """The checks for machines."""
    return {
        "healthy": all(check.ok for check in found),
        "checks": [{**asdict(check), "ok": check.ok} for check in found],
    }


def is_alive() -> bool:
    """Whether the database answers: what a load balancer wants to know, and no more than a stranger may."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return bool(cursor.fetchone())
    except Exception:  # whatever it is, the answer is no
        return False


def _database() -> Iterator[Check]:
    version = ".".join(map(str, connection.get_database_version()))
    yield Check("database", f"{connection.display_name} {version}, {connection.settings_dict['NAME']}")
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        values = {}
        for pragma in ("journal_mode", "synchronous", "foreign_keys"):
            cursor.execute(f"PRAGMA {pragma}")
            values[pragma] = str(cursor.fetchone()[0])
    mode = connection.settings_dict["OPTIONS"].get("transaction_mode")
    is_file = "mode=memory" not in str(connection.settings_dict["NAME"])
    right = values["foreign_keys"] == "1" and mode == "IMMEDIATE" and (values["journal_mode"] == "wal" or not is_file)
    words = ", ".join(f"{name} {value}" for name, value in values.items())
    yield Check(
        "SQLite options",
        f"{words}, transactions {mode}",
        "" if right else "Writes will fail under load. Use DATABASE_URL or HUB_DATA_DIR, not settings of your own.",
    )


def _migrations() -> Iterator[Check]:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    problem = f"{len(missing)} are not applied. Run `manage.py migrate`." if missing else ""
    yield Check("migrations", "applied" if not missing else "behind", problem)


def _cache() -> Iterator[Check]:
    cache.set("hub_status", "1", 5)
    ok = cache.get("hub_status") == "1"
    name = settings.CACHES["default"]["BACKEND"].rpartition(".")[2]
    yield Check("cache", name, "" if ok else "It does not keep what is put in. Look at CACHE_URL.")


def _search() -> Iterator[Check]:
    status = search_status()
    value = f"{status['engine']}: {status['indexed']} of {status['entries']} entries indexed, {status['lag']} owed"
    problem = ""
    if status["last_error"]:
        problem = f"{status['last_error']} Then run `manage.py search_sync`."
    elif status["state"] != "ok" and (status["entries"] or status["state"] != "missing"):
        problem = f"The index is {status['state']}. Run `manage.py search_rebuild`."
    elif status["lag"] > MOST_LAG:
        problem = "The index is far behind. Run `manage.py search_sync`, and see that the worker runs."
    yield Check("search", value, problem)


def _tasks() -> Iterator[Check]:
    backend = settings.TASKS["default"]["BACKEND"]
    waiting = DBTaskResult.objects.ready()
    number = waiting.count()
    oldest = waiting.order_by("enqueued_at").values_list("enqueued_at", flat=True).first()
    problem = ""
    if oldest and timezone.now() - oldest > LONGEST_WAIT:
        problem = f"One has waited since {oldest:%d %B %H:%M}. Start the worker: `manage.py db_worker`."
    how = "done at once" if "immediate" in backend.lower() else f"{number} waiting for the worker"
    yield Check("background work", how, problem)


def _media() -> Iterator[Check]:
    folder = Path(settings.MEDIA_ROOT)
    nearest = next(path for path in (folder, *folder.parents) if path.exists())
    problem = "" if os.access(nearest, os.W_OK) else f"{nearest} cannot be written. Give the hub's user the right to."
    yield Check("media folder", str(folder), problem)


def _documents() -> Iterator[Check]:
    """How many documents can be searched by their words, and why the others cannot."""
    numbers = {state.label.lower(): number for state, number in reading.counts().items() if number}
    refused = [f"“{document.title}”: {document.text.remark}" for document in reading.refused()[:MOST_NAMED]]
    value = ", ".join(f"{number} {words}" for words, number in numbers.items()) or "none"
    late = reading.waiting_since()
    problem = ""
    if late and timezone.now() - late > LONGEST_WAIT:
        problem = "Some wait to be read. Run `manage.py extract_documents`, and see that the worker runs."
    yield Check("documents", ". ".join([value, *refused]), problem)


def _mail() -> Iterator[Check]:
    backend = settings.EMAIL_BACKEND.split(".")[-2]
    place = f", {settings.EMAIL_HOST}:{settings.EMAIL_PORT}" if backend == "smtp" else ""
    place = f", {settings.EMAIL_FILE_PATH}" if backend == "filebased" else place
    yield Check("mail", f"{backend}{place}, from {settings.DEFAULT_FROM_EMAIL}")
    late, lost = deliveries.late(), deliveries.lost()
    value = f"{late.count()} late, {lost.count()} not delivered in {deliveries.RECENT.days} days"
    problem = ""
    if late.filter(tries=0).exists():  # nobody has even tried
        problem = "Run `manage.py send_digests` every 15 minutes (docs/operations.md), and see that the worker runs."
    elif lost.exists():
        reasons = lost.order_by().values_list("reason", flat=True).distinct()[:MOST_NAMED]
        problem = f"{'; '.join(reasons)}. Look at “Mail not delivered” in the settings of the editor."
    yield Check("news by mail", value, problem)


def _editor() -> Iterator[Check]:
    https = settings.HUB_BASE_URL.startswith("https:")
    off = not settings.HUB_ADMIN_MFA
    problem = "Staff enter the editor with a password alone. Set HUB_ADMIN_MFA=true." if off and https else ""
    yield Check("second factor for the editor", "not asked for" if off else "asked for", problem)
    wrong = "DEBUG shows the inside of the hub to strangers. Switch it off." if settings.DEBUG and https else ""
    yield Check("debug", "on" if settings.DEBUG else "off", wrong)
    number = PageViewRestriction.objects.count()
    many = f"More than {MOST_RESTRICTIONS} slow every list down. Use the audience of the page instead."
    yield Check("view restrictions", str(number), many if number > MOST_RESTRICTIONS else "")


def _tree() -> Iterator[Check]:
    wrong = sum(len(pks) for pks in problems().values())
    yield Check(
        "page tree", "sound" if not wrong else f"{wrong} wrong", (wrong and "Run `manage.py check_tree`.") or ""
    )


def _groups() -> Iterator[Check]:
    wanted = {role.group_name for role in Role if role.group_name}
    ready = set(Group.objects.filter(name__in=wanted).values_list("name", flat=True))
    staff = Group.objects.filter(name=Role.STAFF.group_name, permissions__codename="access_admin").exists()
    well = ready == wanted and staff
    yield Check("roles", ", ".join(sorted(ready)) or "none", "" if well else "Run `manage.py sync_roles`.")


def _dates() -> Iterator[Check]:
    late = timezone.now() - LONGEST_WAIT
    number = BasePage.objects.live().filter(expire_at__lt=late).count()
    number += Revision.page_revisions.filter(approved_go_live_at__lt=late).count()
    problem = "Run `manage.py publish_scheduled` every few minutes (docs/operations.md)." if number else ""
    yield Check("pages with a date", f"{number} overdue" if number else "none is overdue", problem)


def _upkeep() -> Iterator[Check]:
    open_tasks, forgotten = UpkeepTask.objects.open(), upkeep.without_task(timezone.localdate())
    nobody = open_tasks.filter(assigned_to__isnull=True).count()
    problem = ""
    if forgotten:
        problem = (
            f"{forgotten} overdue pages have no task. Run `manage.py run_upkeep` every night (docs/operations.md)."
        )
    elif nobody:
        problem = f"Nobody can be asked about {nobody} pages. Give somebody the role of staff."
    yield Check("upkeep", f"{open_tasks.count()} pages to look at", problem)
