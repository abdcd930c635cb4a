"""Addresses in mails: those that work without logging in, and those that mail programs read."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.urls import reverse

SALT = "hub.notifications.stop"
ALL_DIGESTS = "digests"  # stands in a stop link for everything that comes in digests


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


def mail_name(*parts: object) -> str:
    """“<parts@hub.example.org>”: the name of a mail, or of what a thread of mails is about."""
    return f"<{'.'.join(map(str, parts))}@{_host()}>"


def list_id(kind: str) -> str:
    """What mail programs filter by (RFC 2919): the hub's name, and one list for each kind of news."""
    label = kind.replace(".", "-").replace("_", "-")
    phrase = "".join(letter for letter in settings.HUB_NAME if letter.isascii() and (letter.isalnum() or letter == " "))
    return f'"{phrase}" <{label}.news.{_host()}>'


def _host() -> str:
    return urlsplit(settings.HUB_BASE_URL).hostname or "localhost"
