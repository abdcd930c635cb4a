"""Somebody without an account reads one text of one page, by a link, and says what they think of it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import signing
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from wagtail.models import Revision

from hub.pages.models import BasePage


def _signer() -> signing.Signer:
    return signing.Signer(salt="hub.editorial.external", sep=".")  # a colon at the end of a link gets lost in mails


class ExternalReviewQuerySet(models.QuerySet):
    def open(self) -> ExternalReviewQuerySet:
        """Those whose link opens."""
        return self.filter(revoked_at__isnull=True, expires_at__gt=timezone.now())

    def by_token(self, token: str) -> ExternalReview | None:
        """The one that `token` opens; None for a token that was tampered with, made up or replaced."""
        try:
            pk, _, key = _signer().unsign(token).partition("-")
        except signing.BadSignature:
            return None
        return self.filter(pk=pk, key=key).first()  # type: ignore[return-value]


class ExternalReview(models.Model):
    """A link to one revision of one page, for somebody outside. It expires, and can be taken back.

    The link is signed, not stored: who reads the database cannot follow it, and a reminder can say it
    again. Later texts of the page are never shown through it.
    """

    page = models.ForeignKey(BasePage, on_delete=models.CASCADE, related_name="external_reviews")
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="external_reviews")
    email = models.EmailField("e-mail address")
    name = models.CharField(max_length=160, help_text="As it stands beside their remarks and their decision.")
    may_approve = models.BooleanField("may approve, too", default=False)
    key = models.CharField(max_length=22, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ExternalReviewQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.name}, asked to read {self.page}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.key = self.key or get_random_string(22)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Where the text is read; a secret, for the reviewer's own mail only."""
        return reverse("editorial:external", args=[self.token])

    @property
    def is_open(self) -> bool:
        """Whether the link opens."""
        return self.revoked_at is None and self.expires_at > timezone.now()

    @property
    def token(self) -> str:
        """The secret of the link; whoever has it is this reviewer."""
        return _signer().sign(f"{self.pk}-{self.key}")


class ExternalRemark(models.Model):
    """What an external reviewer says about the text they were shown."""

    review = models.ForeignKey(ExternalReview, on_delete=models.CASCADE, related_name="remarks")
    passage = models.CharField("the passage it is about", max_length=300, blank=True)
    text = models.TextField("remark", max_length=4000)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.review.name}: {self.text[:60]}"
