"""Setting up a second factor proves that one holds it."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.dispatch import receiver
from django.http import HttpRequest

from hub.accounts.rules import SECOND_FACTOR_SHOWN


@receiver(authenticator_added)
def remember_in_session(request: HttpRequest, user: Any, authenticator: Authenticator, **kwargs: Any) -> None:
    """The code or key was checked a moment ago, so the editor does not ask for it again in this session."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        request.session[SECOND_FACTOR_SHOWN] = user.pk
