"""Mails invitations to people who have no account yet."""

from __future__ import annotations

import hashlib
import secrets

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django_tasks import task

from hub.pages.enums import PageSeatRole
from hub.pages.models import PageInvitation


@task()
def mail_invitation(invitation_id: int) -> None:
    """Send the link of an invitation. Its secret is made here, so that it is stored nowhere but in the mail."""
    invitation = PageInvitation.objects.open().select_related("page", "invited_by").filter(pk=invitation_id).first()
    if invitation is None:
        return
    token = secrets.token_urlsafe(32)
    PageInvitation.objects.filter(pk=invitation.pk).update(token_digest=hashlib.sha256(token.encode()).hexdigest())
    inviter = invitation.invited_by.get_full_name() if invitation.invited_by else ""
    what = "write" if invitation.role == PageSeatRole.CO_AUTHOR else "review"
    subject = f"{inviter or 'Somebody'} asks you to {what} a {invitation.page.specific_class._meta.verbose_name}"
    values = {
        "subject": " ".join(subject.split()),
        "url": f"{settings.HUB_BASE_URL}{reverse('editorial:accept_link', args=[token])}",
        "apply_url": f"{settings.HUB_BASE_URL}/apply/",
        "until": invitation.expires_at,
        "hub_name": settings.HUB_NAME,
        "hub_url": f"{settings.HUB_BASE_URL}/",
    }
    message = EmailMultiAlternatives(
        values["subject"],
        render_to_string("emails/editorial/invitation.txt", values),
        to=[invitation.email],
        headers={"Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(render_to_string("emails/editorial/invitation.html", values), "text/html")
    message.send()
