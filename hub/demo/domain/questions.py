"""A few weeks of questions of the demo community's members, so that the search desk has something to show."""

from __future__ import annotations

import datetime

from django.utils import timezone

from hub.accounts.enums import Role
from hub.demo.domain import content
from hub.members.models import MemberProfile
from search.models import Asking

EVERY = datetime.timedelta(hours=31)  # one after the other, through days and hours


def load_questions() -> int:
    """Questions of the last weeks, if nobody has asked anything yet; returns how many."""
    if Asking.objects.exists():
        return 0
    users = [
        profile.user
        for profile in MemberProfile.objects.filter(user__is_active=True).select_related("user").order_by("slug")[:12]
    ]
    moment, rows = timezone.now() - datetime.timedelta(hours=2), []
    for question in content.rows("questions.yaml"):
        for user in users[: question["people"]]:
            came = question["came"]
            rows.append(
                Asking(
                    text=question["text"], total=question["total"], role=Role.MEMBER, user=user, asked_at=moment,
                    opened=1 if came == "opened" else None, helped=True if came == "helped" else None,
                )
            )  # fmt: skip
            moment -= EVERY / 2
    Asking.objects.bulk_create(rows)
    return len(rows)
