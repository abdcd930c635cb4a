"""Keeps the groups of the roles, and what is found about people, in step with what they follow from."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig, apps
from django.contrib.auth.models import Group
from django.db import connections
from django.db.models.signals import post_migrate, post_save, pre_delete, pre_save
from django.dispatch import receiver
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission

from hub.accounts.models import User
from hub.members.domain import roles
from hub.members.models import MemberProfile
from hub.members.pictures import PICTURES
from hub.pages.models import BasePage
from search.domain import catalogue

NEEDED = (Group, BasePage, Collection, GroupPagePermission, GroupCollectionPermission)


@receiver(post_migrate)
def sync_after_migrate(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """A fresh database has the three groups. Runs once, after the last app got its permissions."""
    last = [config for config in apps.get_app_configs() if config.models_module is not None][-1]
    if sender.label != last.label or using != "default":
        return
    tables = set(connections[using].introspection.table_names())
    if all(model._meta.db_table in tables for model in NEEDED):  # half-way through a migration by hand they are not
        roles.sync_roles()


@receiver(post_save, sender=User)
def refresh_person(instance: User, created: bool, **kwargs: Any) -> None:
    """An account was closed or opened again: the person is found no more, or again."""
    if not created:
        for profile in MemberProfile.objects.filter(user=instance):
            catalogue.refresh(profile)


@receiver(pre_delete, sender=User)
def unlist_person(instance: User, **kwargs: Any) -> None:
    """An account is deleted: what is left of the person is a name on pages, not somebody to be found.

    Without it the profile would count as one nobody has claimed, and a closed one would be in the directory again.
    """
    for profile in MemberProfile.objects.filter(user=instance, is_listed=True):
        profile.is_listed = False
        profile.save(update_fields=["is_listed"])


@receiver(pre_save, sender=Collection)
def keep_pictures_personal(instance: Collection, **kwargs: Any) -> None:
    """The collection of people's own pictures is known by its name: who may rename collections must not open it."""
    if instance.pk and Collection.objects.filter(pk=instance.pk, name=PICTURES).exists():
        instance.name = PICTURES
