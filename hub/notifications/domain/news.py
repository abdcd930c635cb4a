"""Telling people: into their inbox with the change itself, by e-mail once it is committed."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from hub.accounts.models import User
from hub.notifications import tasks
from hub.notifications.domain.preferences import timing_for
from hub.notifications.enums import Needs, Timing
from hub.notifications.models import Delivery, Notification
from hub.notifications.registry import Kind
from hub.pages.models import BasePage


def unique_people(people: Iterable[User | None], *, without: User | None = None) -> list[User]:
    """Everybody once, in the order they were named; nobody without an open account, and not `without`."""
    found: dict[int, User] = {}
    for user in people:
        if user is not None and user.is_active and (without is None or user.pk != without.pk):
            found.setdefault(user.pk, user)
    return list(found.values())


@transaction.atomic
def tell(
    user: User,
    *,
    kind: Kind,
    text: str,
    url: str = "",
    detail: str = "",
    page: BasePage | None = None,
    needs: Needs = Needs.READ,
    thread: str = "",
) -> Notification:
    """Tell one person one thing.

    `page` is the page that the words name, and `needs` what the person must still be able to do with it when
    they read the words in a mail or in their inbox. `thread` keeps mails about one thing together; those
    about a page are. Never tell people what they did themselves (`unique_people(…, without=…)`).

    Side effects: a row in their inbox and, if they want this kind at once, a mail to be sent, both in the running
    transaction; after its commit a task that sends it. Other news waits for its digest. A transaction
    that is undone tells nobody.
    """
    timing = timing_for(user.pk, kind)
    delivery = Delivery.objects.create(user=user) if timing == Timing.AT_ONCE else None
    notification = Notification.objects.create(
        user=user,
        kind=kind.key,
        text=" ".join(text.split())[:500],
        url=url,
        detail=detail.strip(),
        page_id=page.pk if page is not None else None,
        needs=needs if page is not None else Needs.NOTHING,
        thread=thread or (f"page-{page.pk}" if page is not None else ""),
        timing=timing,
        delivery=delivery,
    )
    if delivery is not None:
        transaction.on_commit(lambda: tasks.deliver.enqueue(delivery.pk))
    return notification
