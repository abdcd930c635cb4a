"""A process of its own that works in the editor of a hub on disk: `python -m tests.pages.processes WHAT NAME COUNT`.

WHAT is `create` (publishes new pages through the editor's form), `move` (moves pages between
sections through the editor), or `forever` (creates until it is killed). Prints a JSON line of counts.
"""

from __future__ import annotations

import json
import os
import random
import sys
from collections import Counter
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings.dev")

import django

django.setup()

from django.test import Client  # noqa: E402
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield  # noqa: E402

from hub.accounts.models import User  # noqa: E402
from hub.home.models import StandardPage  # noqa: E402


def form(slug: str) -> dict[str, Any]:
    """What the editor posts to publish a plain page."""
    return nested_form_data(
        {
            "title": slug,
            "slug": slug,
            "gist": "Written by a machine.",
            "body": streamfield([("code", {"language": "", "code": slug})]),
            "bylines": inline_formset([]),
            "related_links": inline_formset([]),
            "audience": "0",
            "seo_title": "",
            "search_description": "",
            "comments": inline_formset([]),
            "action-publish": "1",
        }
    )


def editor() -> Client:
    """A browser of the hub's administrator."""
    user = User.objects.get(is_superuser=True)
    client = Client(raise_request_exception=True)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def create(name: str, count: int, done: Counter[str]) -> None:
    """Publish `count` pages below random sections."""
    client = editor()
    sections = list(StandardPage.objects.filter(slug__startswith="section-").values_list("pk", flat=True))
    for number in range(count):
        parent = random.choice(sections)
        response = client.post(f"/admin/pages/add/home/standardpage/{parent}/", form(f"{name}-{number}"))
        done["created" if response.status_code == 302 else f"refused {response.status_code}"] += 1
        if response.status_code != 302:
            done[str(getattr(response.context.get("form"), "errors", ""))[:200] if response.context else ""] += 1


def move(name: str, count: int, done: Counter[str]) -> None:
    """Move this process's own pages between random sections."""
    client = editor()
    sections = list(StandardPage.objects.filter(slug__startswith="section-").values_list("pk", flat=True))
    mine = list(StandardPage.objects.filter(slug__startswith=f"{name}-").values_list("pk", flat=True))
    for _ in range(count):
        page, target = random.choice(mine), random.choice(sections)
        response = client.post(f"/admin/pages/{page}/move/{target}/confirm/")
        done["moved" if response.status_code == 302 else f"refused {response.status_code}"] += 1


if __name__ == "__main__":
    what, name, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    done: Counter[str] = Counter()
    random.seed(name)
    try:
        if what == "forever":
            print("ready", flush=True)
            create(name, 10_000, done)
        else:
            {"create": create, "move": move}[what](name, count, done)
    except Exception as error:
        done[f"{type(error).__name__}: {str(error)[:200]}"] += 1
    print(json.dumps(done))
