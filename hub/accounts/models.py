"""Accounts and applications for membership."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models, transaction
from django.utils.functional import cached_property

from hub.accounts.enums import ApplicationState, Role
from hub.accounts.managers import UserManager
from hub.accounts.rules import highest_role


class User(AbstractUser):
    """A person who can log in. What others may see of them is in their member profile."""

    username = None  # type: ignore[assignment]
    email = models.EmailField("e-mail address", unique=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()  # type: ignore[misc,assignment]

    class Meta:
        ordering = ["email"]

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    @transaction.atomic(savepoint=False)
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Together with what follows for others: who closes an account is not to be found from that moment."""
        self.email = type(self).objects.normalize_email(self.email)
        super().save(*args, **kwargs)

    @cached_property
    def role(self) -> Role:
        """The role the person's groups give; an administrator of the machine reads as staff."""
        if not self.is_active:
            return Role.VISITOR
        if self.is_superuser:
            return Role.STAFF
        return highest_role(list(self.groups.values_list("name", flat=True)))


class Application(models.Model):
    """Somebody asks to become a member; staff accept or decline."""

    name = models.CharField(max_length=120)
    email = models.EmailField("e-mail address")
    organisation = models.CharField(max_length=160)
    function = models.CharField("what you do there", max_length=120)
    industry = models.CharField("your industry", max_length=120)
    reason = models.TextField("what you would bring, and what you are looking for", max_length=2000)
    state = models.CharField(
        max_length=10, choices=ApplicationState.choices, default=ApplicationState.PENDING, db_index=True
    )
    note = models.TextField("note for staff", blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="application"
    )

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.name}, {self.organisation}"
