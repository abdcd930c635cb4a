"""Who gets through the door of the editor."""

from __future__ import annotations

from collections.abc import Callable

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode

from hub.accounts.rules import SECOND_FACTOR_SHOWN

# Under /admin/, but reached by people who are not in yet, or want out.
OPEN_DOORS = ("login/", "logout/", "password_reset/")
SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class AdminMfaMiddleware:
    """Lets people into the editor who may edit and, where the hub asks for it, used a second factor.

    With `HUB_ADMIN_MFA` a person without a second factor is sent to set one up, and a person who has
    one but did not use it in this session is asked for it. Whoever may not edit at all is told so
    here: Wagtail would send them to the login page, which sends people who are logged in back.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.turn_away(request) or self.get_response(request)

    @cached_property
    def home(self) -> str:
        """Where the editor begins."""
        return reverse("wagtailadmin_home")

    def turn_away(self, request: HttpRequest) -> HttpResponse | None:
        """Where to send this request instead; None lets it pass."""
        home = self.home
        if not request.path.startswith(home) or request.path.removeprefix(home).startswith(OPEN_DOORS):
            return None
        user = request.user
        if not user.is_authenticated:
            return None  # Wagtail asks for the login
        if not user.has_perm("wagtailadmin.access_admin"):
            return render(request, "accounts/no_editor.html", status=403)
        if not settings.HUB_ADMIN_MFA:
            return None
        kinds = set(Authenticator.objects.filter(user=user, type__in=SECOND_FACTORS).values_list("type", flat=True))
        if not kinds:
            messages.warning(
                request,
                "The editor asks for a second factor beside your password. Set one up here; it takes two minutes.",
            )
            return redirect("mfa_index")
        records = get_authentication_records(request, user)
        if any(record.get("method") == "mfa" for record in records):
            return None
        if request.session.get(SECOND_FACTOR_SHOWN) == user.pk:
            return None
        door = "mfa_reauthenticate" if Authenticator.Type.TOTP in kinds else "mfa_reauthenticate_webauthn"
        messages.warning(request, "The editor asks for your second factor.")
        target = request.get_full_path() if request.method in ("GET", "HEAD") else home
        return redirect(f"{reverse(door)}?{urlencode({'next': target})}")
