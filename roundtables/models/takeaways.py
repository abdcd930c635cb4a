"""What a session leaves behind: takeaways and what those who were there say to them, and what people mean to try."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse

from hub.accounts.rules import Viewer, role_of
from hub.members.models import MemberProfile
from hub.practices.models import PracticePage
from roundtables.enums import (
    ABOUT_A_PERSON,
    Answer,
    Attribution,
    AttributionMode,
    CommitmentOutcome,
    FollowUpState,
    SeatState,
    TakeawayState,
)
from roundtables.models.pages import SessionPage
from roundtables.models.seats import SessionSeat

LONGEST_STATEMENT = 240


class TakeawayQuerySet(models.QuerySet["Takeaway"]):
    def published(self) -> TakeawayQuerySet:
        """Takeaways that were checked and still stand."""
        return self.filter(state=TakeawayState.PUBLISHED)

    def told(self) -> TakeawayQuerySet:
        """Takeaways that were published once: those that stand, and those that were withdrawn for all to see."""
        return self.filter(state__in=[TakeawayState.PUBLISHED, TakeawayState.WITHDRAWN])

    def readable_by(self, viewer: Viewer) -> TakeawayQuerySet:
        """Those of sessions whose notes `viewer` may read: the rule `may_read_notes`, as one query."""
        mode, role = "session__attribution_mode", role_of(viewer)
        found = self.filter(session__live=True, session__effective_audience__lte=role, session__ends_at__lt=Now())
        if viewer is None or not viewer.is_authenticated:
            return found.exclude(**{mode: AttributionMode.PRIVATE})
        there = SessionSeat.objects.filter(state=SeatState.GOING, profile__user=viewer.pk).exclude(attended=False)
        return found.filter(~Q(**{mode: AttributionMode.PRIVATE}) | Q(session__in=there.values("session")))


class Takeaway(models.Model):
    """One statement worth keeping from a session: drafted by those who run it, checked by those who were there.

    `version` counts its wordings since it was begun, so that an answer is always to one of them. `confirmed` of
    `present` is how many said yes to what was published; whose yes it was is not kept beyond that. Words that
    were published stay as they are: a correction is another takeaway, which `replaces` this one when it is published.
    """

    session = models.ForeignKey(SessionPage, on_delete=models.CASCADE, related_name="takeaways")
    statement = models.CharField(max_length=LONGEST_STATEMENT)
    detail = models.TextField(max_length=1000, blank=True)
    attribution = models.CharField(max_length=8, choices=Attribution.choices, default=Attribution.TABLE)
    speaker = models.ForeignKey(MemberProfile, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    speaker_agreed = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=TakeawayState.choices, default=TakeawayState.DRAFT)
    version = models.PositiveIntegerField(default=1)
    check_until = models.DateTimeField(null=True, blank=True)
    is_host_told = models.BooleanField("those who run the session were told that it may be published", default=False)
    confirmed = models.PositiveSmallIntegerField(null=True, blank=True)
    present = models.PositiveSmallIntegerField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_why = models.CharField(max_length=300, blank=True)
    replaces = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="replaced_by"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TakeawayQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(speaker__isnull=True) | Q(attribution__in=sorted(ABOUT_A_PERSON)),
                name="takeaway_speaker_only_where_told",
            ),
            models.CheckConstraint(
                condition=~Q(state=TakeawayState.CHECKING) | Q(check_until__isnull=False),
                name="takeaway_checked_until_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.statement

    def get_absolute_url(self) -> str:
        return reverse("roundtables:takeaway", args=[self.pk])


class TakeawayAnswer(models.Model):
    """What one person who was there says to one wording of a takeaway. Gone once it is published."""

    takeaway = models.ForeignKey(Takeaway, on_delete=models.CASCADE, related_name="answers")
    profile = models.ForeignKey(MemberProfile, on_delete=models.CASCADE, related_name="+")
    version = models.PositiveIntegerField()
    answer = models.CharField(max_length=8, choices=Answer.choices)
    text = models.TextField(max_length=1000, blank=True)
    answered_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["takeaway", "profile"], name="one_answer_per_person_and_takeaway")
        ]

    def __str__(self) -> str:
        return f"{self.get_answer_display()}: {self.takeaway}"  # never who said it


class TakeawayNudge(models.Model):
    """Those who run a session were reminded to write down what it came to: once for a session."""

    session = models.OneToOneField(SessionPage, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"Nudged about {self.session}"


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    def shown_to(self, viewer: Any, *, was_there: bool) -> CommitmentQuerySet:
        """Those of `viewer`, and what others share with those who were there."""
        mine = Q(profile__user=viewer.pk)
        return self.filter(mine | Q(is_shared=True)) if was_there else self.filter(mine)

    def open(self) -> CommitmentQuerySet:
        """Those that are neither done nor dropped."""
        return self.exclude(outcome__in=[CommitmentOutcome.DONE, CommitmentOutcome.DROPPED])

    def due(self, today: date) -> CommitmentQuerySet:
        """Those whose day has come, that are not settled, and whose author was not asked about that day."""
        asked = Q(reminded_for__isnull=False, reminded_for=F("due_on"))
        return self.open().filter(due_on__lte=today).exclude(asked)


class Commitment(models.Model):
    """ "I will try …": what somebody took on at a session, by when, and what came of it. Theirs alone unless shared."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    session = models.ForeignKey(SessionPage, on_delete=models.CASCADE, related_name="commitments")
    profile = models.ForeignKey(MemberProfile, on_delete=models.CASCADE, related_name="commitments")
    text = models.CharField("I will try …", max_length=300)
    due_on = models.DateField("by")
    is_shared = models.BooleanField("show it to those who were there", default=False)
    outcome = models.CharField(max_length=8, choices=CommitmentOutcome.choices, blank=True, default="")
    words = models.TextField("what came of it", max_length=1000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    reminded_for = models.DateField(null=True, blank=True, help_text="The day for which its author was reminded.")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return reverse("roundtables:commitment", args=[self.pk])


class FollowUp(models.Model):
    """A topic for a next session, from somebody who was there, and the draft that became of it."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    session = models.ForeignKey(SessionPage, on_delete=models.CASCADE, related_name="follow_ups")
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    topic = models.CharField(max_length=200)
    why = models.TextField(max_length=1000, blank=True)
    state = models.CharField(max_length=10, choices=FollowUpState.choices, default=FollowUpState.OPEN)
    draft = models.ForeignKey(SessionPage, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.topic


class PracticeOrigin(models.Model):
    """Where a practice came from: a takeaway that somebody made it of."""

    takeaway = models.ForeignKey(Takeaway, on_delete=models.CASCADE, related_name="practices")
    practice = models.OneToOneField(PracticePage, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.practice} of {self.takeaway}"
