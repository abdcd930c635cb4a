"""Sets up the review after `migrate`."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_migrate
from django.dispatch import receiver

from hub.editorial.domain.workflows import sync_workflows


@receiver(post_migrate, dispatch_uid="editorial_sync_workflows")
def set_up_review(sender: Any, apps: Any, using: str = "default", **kwargs: Any) -> None:
    """A hub that was just migrated reviews its pages; not while it is migrated back to a time before reviews."""
    if sender.label != "editorial" or using != "default":
        return
    if {"peerreviewtask"} <= set(apps.all_models.get("editorial", {})) and apps.all_models.get("pages"):
        sync_workflows()
