"""Which of the two doors a practice opens by: the form of the site, or the editor."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from hub.accounts.enums import Role
from hub.accounts.rules import role_of
from hub.practices.models import PracticePage


def front_door(page: Any, user: Any) -> str:
    """The form, for members who brought the practice themselves: nobody needs the editor for that."""
    is_practice = page.cached_content_type.model_class() is PracticePage
    if is_practice and page.owner_id == user.pk and role_of(user) < Role.LEADER:
        return reverse("practices:proposal", args=[page.pk])
    return ""
