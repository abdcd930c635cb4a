"""Asking to become a member, and the answer."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from hub.accounts import tasks
from hub.accounts.enums import ApplicationState
from hub.accounts.models import Application, User
from hub.kernel.errors import HubError


@transaction.atomic
def apply(*, name: str, email: str, organisation: str, function: str, industry: str, reason: str) -> Application | None:
    """Keep an application and, after commit, thank the applicant and tell staff.

    None if the address has an account or an open application: the person is told so by mail, and
    nobody else learns anything.
    """
    email = User.objects.normalize_email(email)
    if User.objects.filter(email=email, is_active=True).exists():
        transaction.on_commit(lambda: tasks.send_already_member.enqueue(email))
        return None
    if Application.objects.filter(email=email, state=ApplicationState.PENDING).exists():
        transaction.on_commit(lambda: tasks.send_already_applied.enqueue(email))
        return None
    application = Application.objects.create(
        name=name,
        email=email,
        organisation=organisation,
        function=function,
        industry=industry,
        reason=reason,
    )
    transaction.on_commit(lambda: tasks.send_application_received.enqueue(application.pk))
    transaction.on_commit(lambda: tasks.tell_staff_of_application.enqueue(application.pk))
    return application


def lock_for_decision(application: Application) -> Application:
    """The application, read again and locked. Raises HubError if somebody has decided in the meantime."""
    current = Application.objects.select_for_update().get(pk=application.pk)
    if current.state != ApplicationState.PENDING:
        raise HubError(
            f"This application was {current.get_state_display().lower()} already. Reload the page to see by whom."
        )
    return current


@transaction.atomic
def decline(application: Application, *, by: User, note: str = "") -> Application:
    """Say no. `note` is for staff; the applicant gets a polite mail without it, after commit."""
    current = lock_for_decision(application)
    settle(current, state=ApplicationState.DECLINED, by=by, note=note)
    transaction.on_commit(lambda: tasks.send_application_declined.enqueue(current.pk))
    return current


def settle(
    application: Application, *, state: ApplicationState, by: User, note: str = "", user: User | None = None
) -> None:
    """Write down who decided what, and when."""
    application.state = state
    application.decided_by = by
    application.decided_at = timezone.now()
    application.note = note
    application.user = user
    application.save()
