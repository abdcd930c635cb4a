"""The request of somebody who is logged in, for views behind `login_required`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from hub.accounts.models import User


class AccountRequest(HttpRequest):
    """A request whose user is an account; only a type, never made."""

    user: User
