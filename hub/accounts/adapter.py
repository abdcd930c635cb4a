"""How allauth behaves in a hub that people join by application."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Accounts come from accepted applications and invitations, never from an open sign-up form."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
