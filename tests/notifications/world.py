"""Short ways to say what people want, for tests that are about what is told and not about when."""

from __future__ import annotations

from hub.accounts.models import User
from hub.notifications import registry
from hub.notifications.domain import preferences
from hub.notifications.enums import Timing


def everybody_wants_mail_at_once() -> None:
    """Everybody who has not said otherwise is mailed every kind of news at once."""
    for user in User.objects.filter(notification_preferences=None):
        preferences.choose(user.pk, {kind.key: Timing.AT_ONCE for kind in registry.kinds()})
