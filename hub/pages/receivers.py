"""Keeps audiences right where Wagtail changes them without saving a page."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import m2m_changed, post_delete, post_save
from django.dispatch import receiver
from wagtail.models import PageViewRestriction

from hub.accounts.enums import Role
from hub.accounts.rules import role_of
from hub.pages import audiences
from hub.pages.enums import PageSeatRole
from hub.pages.models import BasePage, PageSeat


@receiver([post_save, post_delete], sender=PageViewRestriction)
def settle_restricted_page(instance: PageViewRestriction, **kwargs: Any) -> None:
    """A view restriction came, changed or went: its page and all below it follow."""
    page = BasePage.objects.filter(pk=instance.page_id).first()
    if page is not None:
        audiences.settle(page)


@receiver(m2m_changed, sender=PageViewRestriction.groups.through)
def settle_restricted_groups(instance: Any, action: str, reverse: bool, **kwargs: Any) -> None:
    """The groups of a view restriction changed."""
    if action.startswith("post_") and not reverse:
        settle_restricted_page(instance)


@receiver(post_save)
def seat_the_creator(instance: Any, created: bool, raw: bool = False, **kwargs: Any) -> None:
    """Whoever makes a page without being staff gets a co-author's seat on it: making it gives no other right."""
    if not created or raw or not isinstance(instance, BasePage) or not instance.owner_id:
        return
    if role_of(instance.owner) < Role.STAFF:
        PageSeat.objects.get_or_create(
            page_id=instance.pk,
            user_id=instance.owner_id,
            defaults={"role": PageSeatRole.CO_AUTHOR, "may_invite": True},
        )
