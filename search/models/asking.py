"""What was asked, so that staff can see what the hub fails to answer. Nobody's history: see docs/search.md."""

from __future__ import annotations

import datetime
import secrets
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import TruncDate

from hub.accounts.enums import Role

LONGEST_TEXT = 200
GOES_ON_WITHIN = datetime.timedelta(minutes=30)  # who asks something else that soon is still after the same thing


class AskingQuerySet(models.QuerySet["Asking"]):
    def since(self, moment: datetime.datetime) -> AskingQuerySet:
        """Those of a period that ends now."""
        return self.filter(asked_at__gte=moment)

    def with_going_on(self) -> AskingQuerySet:
        """Each with `goes_on`: whether the same person asked something else soon after."""
        later = Asking.objects.filter(
            Q(user__isnull=False, user=OuterRef("user")) | (~Q(visitor="") & Q(visitor=OuterRef("visitor"))),
            asked_at__gt=OuterRef("asked_at"),
            asked_at__lte=OuterRef("asked_at") + GOES_ON_WITHIN,
        ).exclude(text=OuterRef("text"))
        return self.annotate(goes_on=Q(went_on=True) | Exists(later))

    def people(self) -> dict[str, int]:
        """At least how many different people asked each question.

        Members are told apart by their accounts, visitors by the day's tokens, on the day on which most
        of them asked. Whoever asks logged in and logged out is one person, so the larger number counts.
        """
        found: dict[str, int] = {}
        members = self.values("text").annotate(most=Count("user", distinct=True), before=models.Max("people"))
        for text, most, before in members.order_by().values_list("text", "most", "before"):
            found[text] = max(most, before)
        visitors = (
            self.exclude(visitor="").annotate(day=TruncDate("asked_at", tzinfo=datetime.UTC)).values("text", "day")
            .annotate(most=Count("visitor", distinct=True))
        )  # fmt: skip
        for text, most in visitors.order_by().values_list("text", "most"):
            found[text] = max(found[text], most)
        return found


class Asking(models.Model):
    """Somebody asked a question and was shown the first page of what there is.

    `user` and `visitor` tell people apart for thirty days, and go. A question that fewer than three
    people asked in that time goes with them; of the others `people` keeps how many they were.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    text = models.CharField(max_length=LONGEST_TEXT, help_text="The words that were asked, without signs and capitals.")
    filters = models.CharField(max_length=LONGEST_TEXT, blank=True, help_text="The choices that were on.")
    total = models.PositiveIntegerField(help_text="How much was found.")
    role = models.PositiveSmallIntegerField(choices=Role.choices, default=Role.VISITOR)
    asked_at = models.DateTimeField(db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    visitor = models.CharField(max_length=32, blank=True, help_text="Tells the visitors of a day apart.")
    went_on = models.BooleanField(default=False, help_text="The same person asked something else soon after.")
    people = models.PositiveIntegerField(default=0, help_text="How many asked it, once they cannot be told apart.")
    opened = models.PositiveSmallIntegerField(null=True, blank=True, help_text="The place of the first result opened.")
    helped = models.BooleanField(null=True, blank=True, help_text="What they answered to “Did this help?”.")

    objects = AskingQuerySet.as_manager()

    class Meta:
        verbose_name = "question"
        default_permissions = ("view",)  # nobody writes or deletes one by hand
        indexes = [models.Index(fields=["text", "asked_at"], name="asking_text")]

    def __str__(self) -> str:
        return self.text


class DaySecret(models.Model):
    """What a day's tokens are made with. It goes when the day is over, and with it the way back from a token."""

    day = models.DateField(primary_key=True)
    secret = models.CharField(max_length=64, default=secrets.token_hex)

    def __str__(self) -> str:
        return str(self.day)
