"""What members want a session to be spent on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Count

from hub.members.models import MemberProfile
from roundtables.enums import QuestionState
from roundtables.models.pages import SessionPage


class QuestionQuerySet(models.QuerySet["Question"]):
    def ranked(self) -> QuestionQuerySet:
        """What most people want first; of two that as many want, the one that was asked first."""
        return self.annotate(number_of_votes=Count("votes")).order_by("-number_of_votes", "asked_at", "pk")


class Question(models.Model):
    """A question for the table. Who asked is known to those at the table, unless the question came without a name."""

    session = models.ForeignKey(SessionPage, on_delete=models.CASCADE, related_name="questions")
    asker = models.ForeignKey(MemberProfile, on_delete=models.CASCADE, related_name="questions")
    text = models.CharField("your question", max_length=500)
    is_anonymous = models.BooleanField("ask without my name", default=False)
    state = models.CharField(max_length=10, choices=QuestionState.choices, default=QuestionState.OPEN)
    asked_at = models.DateTimeField(auto_now_add=True)

    objects = QuestionQuerySet.as_manager()

    if TYPE_CHECKING:
        votes: Any
        number_of_votes: int

    class Meta:
        ordering = ["asked_at", "pk"]

    def __str__(self) -> str:
        return self.text


class QuestionVote(models.Model):
    """One member's wish that a question be talked about."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="votes")
    profile = models.ForeignKey(MemberProfile, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["question", "profile"], name="one_vote_per_person_and_question")]

    def __str__(self) -> str:
        return f"{self.profile}: {self.question}"
