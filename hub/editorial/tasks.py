"""Mails to people who have no account: invitations, and links to one text."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django_tasks import task

from hub.editorial.models import ExternalReview
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
    link = f"{settings.HUB_BASE_URL}{reverse('editorial:accept_link', args=[token])}"
    letter = {"url": link, "apply_url": f"{settings.HUB_BASE_URL}/apply/", "until": invitation.expires_at}
    _send(invitation.email, subject, "invitation", **letter)


@task()
def mail_external_review(review_id: int) -> None:
    """Send somebody outside their link. It names neither the page nor whoever wrote it."""
    review = ExternalReview.objects.open().select_related("page", "invited_by").filter(pk=review_id).first()
    if review is None:
        return
    inviter = review.invited_by.get_full_name() if review.invited_by else ""
    subject = f"{inviter or 'Somebody'} asks you to read a {review.page.specific_class._meta.verbose_name}"
    letter = {
        "name": review.name,
        "url": f"{settings.HUB_BASE_URL}{review.get_absolute_url()}",
        "until": review.expires_at,
    }
    _send(review.email, subject, "external_review", **letter)


def _send(to: str, subject: str, letter: str, **values: Any) -> None:
    subject = " ".join(subject.split())  # a name of two lines would make a header that no mail may have
    values |= {"subject": subject, "hub_name": settings.HUB_NAME, "hub_url": f"{settings.HUB_BASE_URL}/"}
    message = EmailMultiAlternatives(
        subject,
        render_to_string(f"emails/editorial/{letter}.txt", values),
        to=[to],
        headers={"Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(render_to_string(f"emails/editorial/{letter}.html", values), "text/html")
    message.send()
