"""What staff learn from the log of questions: never what fewer than three different people asked.

How people are counted is said in `AskingQuerySet.people`: at least so many, never more than there were.
Everything that is shown, in the list and in a spreadsheet, comes from `questions`, which leaves the rare
ones out before anything else is done with them; only the numbers of the whole log count them in.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db import models
from django.db.models import Count, Max, Q
from django.utils import timezone

from search.models import Asking

FEWEST_PEOPLE = 3
PERIODS = (7, 30, 90)  # days


class View(models.TextChoices):
    """Which questions are looked at; each with those first of which there are most."""

    TOP = "top", "Asked most"
    NOTHING = "nothing", "Nothing found"
    ABANDONED = "abandoned", "Given up"
    SUCCESSFUL = "successful", "Answered"


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question that at least three people asked in the period, and what came of it."""

    text: str
    people: int
    asked: int
    nothing: int  # times without a result
    narrowed: int  # of these, times with choices on
    abandoned: int  # times with results of which none was opened, no answer, and no further question
    successful: int  # times that a result was opened, or the answer was that it helped
    unhelpful: int  # times that the answer was that it did not help
    last_asked: datetime.datetime

    def of(self, view: View) -> int:
        """The number that counts in this view."""
        return self.asked if view == View.TOP else int(getattr(self, view.value))


@dataclass(frozen=True, slots=True)
class Summary:
    """The whole log of a period in numbers; rare questions are counted in, as numbers they tell nobody's words."""

    asked: int
    nothing: int
    successful: int
    rare: int  # different questions that are not shown


def since(days: int) -> datetime.datetime:
    """When a period began that ends now."""
    return timezone.now() - datetime.timedelta(days=days)


def questions(days: int, view: View = View.TOP) -> tuple[list[AskedQuestion], Summary]:
    """The questions of a period that may be shown, most first, and the period in numbers."""
    askings = Asking.objects.since(since(days))
    people = askings.people()
    succeeded = Q(opened__isnull=False) | Q(helped=True)
    given_up = Q(total__gt=0, opened__isnull=True, helped__isnull=True, goes_on=False)
    rows = (
        askings.with_going_on().values("text")
        .annotate(
            asked=Count("pk"),
            nothing=Count("pk", filter=Q(total=0)),
            narrowed=Count("pk", filter=Q(total=0) & ~Q(filters="")),
            abandoned=Count("pk", filter=given_up),
            successful=Count("pk", filter=succeeded),
            unhelpful=Count("pk", filter=Q(helped=False)),
            last_asked=Max("asked_at"),
        )
        .order_by()
    )  # fmt: skip
    every = [AskedQuestion(people=people.get(row["text"], 0), **row) for row in rows]
    shown = [question for question in every if question.people >= FEWEST_PEOPLE]
    summary = Summary(
        asked=sum(question.asked for question in every),
        nothing=sum(question.nothing for question in every),
        successful=sum(question.successful for question in every),
        rare=len(every) - len(shown),
    )
    chosen = [question for question in shown if question.of(view)]
    return sorted(chosen, key=lambda question: (-question.of(view), -question.people, question.text)), summary
