"""Changing what is a fact about a session: in the page that is read and in the text that is being written."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from hub.accounts.models import User
from roundtables.models import SessionPage


def settle(session: SessionPage, *names: str) -> None:
    """Write these fields of the page, and of a live one that what people read has changed: calendars count it."""
    if session.live:
        session.last_published_at = timezone.now()
    session.save(update_fields=[*names, "last_published_at"], clean=False)


def rewrite(session: SessionPage, by: User | None, **values: Any) -> None:
    """Set `values` in the page, and in its newest text as a text of its own.

    What else is new in a draft stays a draft: a changed hour publishes nobody's unfinished words.
    Side effects: the page's row, a revision; of a live page without newer edits that revision goes live.
    """
    was_ahead = session.has_unpublished_changes
    draft = session.get_latest_revision_as_object()
    for page in (session, draft):
        for name, value in values.items():
            setattr(page, name, value)
    settle(session, *values)
    revision = draft.save_revision(user=by, clean=False, log_action=True)
    if session.live and not was_ahead:
        revision.publish(user=by)
    session.refresh_from_db()
