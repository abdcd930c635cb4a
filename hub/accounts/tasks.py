"""The mail of accounts and applications, sent in the background after commit."""

from __future__ import annotations

from typing import Any

from allauth.account import app_settings as allauth_settings
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django_tasks import task

from hub.accounts.enums import Role
from hub.accounts.models import Application, User


def address_of(path: str) -> str:
    """The full address of a path of this hub."""
    return f"{settings.HUB_BASE_URL}{path}"


def password_link(user: User) -> str:
    """The address under which `user` chooses a password; good once, and for PASSWORD_RESET_TIMEOUT seconds."""
    key = allauth_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
    return address_of(path.replace("UID-KEY", f"{user_pk_to_url_str(user)}-{key}"))


def send(to: str, subject: str, letter: str, **values: Any) -> None:
    """Send `emails/accounts/<letter>` as text and HTML to one address."""
    subject = " ".join(subject.split())  # a name of two lines would make a header that no mail may have
    values = {"hub_name": settings.HUB_NAME, "hub_url": address_of("/"), "subject": subject, **values}
    message = EmailMultiAlternatives(subject, render_to_string(f"emails/accounts/{letter}.txt", values), to=[to])
    message.attach_alternative(render_to_string(f"emails/accounts/{letter}.html", values), "text/html")
    message.send()


@task()
def send_application_received(application_id: int) -> None:
    """Thank somebody for their application."""
    application = Application.objects.get(pk=application_id)
    send(application.email, f"Your application to {settings.HUB_NAME}", "application_received", application=application)


@task()
def tell_staff_of_application(application_id: int) -> None:
    """Tell everybody on the staff, one by one, that an application waits."""
    application = Application.objects.get(pk=application_id)
    url = address_of(reverse("accounts_application_modeladmin_inspect", args=[application.pk]))
    staff = User.objects.filter(Q(groups__name=Role.STAFF.group_name) | Q(is_superuser=True), is_active=True)
    for email in staff.distinct().values_list("email", flat=True):
        send(email, f"{application.name} would like to join", "application_to_staff", application=application, url=url)


@task()
def send_already_member(email: str) -> None:
    """Somebody applied with the address of an account: only its owner learns that."""
    send(
        email,
        f"You have an account at {settings.HUB_NAME}",
        "already_member",
        login_url=address_of(reverse("account_login")),
        reset_url=address_of(reverse("account_reset_password")),
    )


@task()
def send_already_applied(email: str) -> None:
    """Somebody applied twice: one application is enough."""
    send(email, f"Your application to {settings.HUB_NAME}", "already_applied")


@task()
def send_application_declined(application_id: int) -> None:
    """Say no, politely."""
    application = Application.objects.get(pk=application_id)
    send(application.email, f"Your application to {settings.HUB_NAME}", "application_declined", application=application)


@task()
def send_welcome(user_id: int) -> None:
    """Welcome a new member with the link to choose a password. The link is made here, so it is stored nowhere."""
    user = User.objects.get(pk=user_id)
    send(
        user.email,
        f"Welcome to {settings.HUB_NAME}",
        "welcome",
        user=user,
        url=password_link(user),
        days=settings.PASSWORD_RESET_TIMEOUT // 86_400,
        reset_url=address_of(reverse("account_reset_password")),
    )
