"""Lets people into the editor while, and only while, they hold a seat on a page."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend

from hub.pages.models import PageSeat


class PageSeatBackend(BaseBackend):
    """Grants `wagtailadmin.access_admin`, nothing else, to people who hold a page seat."""

    def authenticate(self, request: Any, **credentials: Any) -> None:
        return None

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        if perm != "wagtailadmin.access_admin" or not user_obj.is_active or user_obj.is_anonymous:
            return False
        if not hasattr(user_obj, "_holds_page_seat"):
            user_obj._holds_page_seat = PageSeat.objects.filter(user_id=user_obj.pk).exists()
        return bool(user_obj._holds_page_seat)
