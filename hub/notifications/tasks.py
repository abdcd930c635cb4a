"""Mails news in the background, after the change it tells of was committed."""

from __future__ import annotations

from django_tasks import task

from hub.notifications import post


@task()
def deliver(delivery_id: int) -> None:
    """Send one mail; running it again, or twice at once, sends nothing more."""
    post.send(delivery_id)
