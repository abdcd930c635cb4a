"""Links in e-mails that work without logging in: stop one kind of news for one person."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.urls import reverse

SALT = "hub.notifications.stop"


def address_of(path: str) -> str:
    """The full address of a path of this hub."""
    return f"{settings.HUB_BASE_URL}{path}"


def stop_link(user_id: int, kind: str) -> str:
    """The address that stops `kind` for this person. It does nothing else, and never expires: mails are kept."""
    token = signing.dumps([user_id, kind], salt=SALT)
    return address_of(reverse("notifications:stop", args=[token]))


def read_stop_token(token: str) -> tuple[int, str]:
    """(user id, kind) of a stop link. Raises signing.BadSignature for anything we did not sign."""
    user_id, kind = signing.loads(token, salt=SALT)
    return int(user_id), str(kind)
