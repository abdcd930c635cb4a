"""The seats at a session's table."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from hub.members.models import MemberProfile
from roundtables.enums import HOLDS_A_PLACE, SeatRole, SeatState
from roundtables.models.pages import SeriesPage, SessionPage


class SessionSeatQuerySet(models.QuerySet["SessionSeat"]):
    def going(self) -> SessionSeatQuerySet:
        """Seats that are taken; never the waiting list, nor who has yet to answer an offer."""
        return self.filter(state=SeatState.GOING)

    def registered(self) -> SessionSeatQuerySet:
        """Seats and places in the queue of everybody but hosts: those who rely on what was announced."""
        return self.exclude(state=SeatState.CANCELLED).exclude(role=SeatRole.HOST)

    def holding(self) -> SessionSeatQuerySet:
        """Seats that nobody else can have: taken, or offered to somebody. For capacity only, never to show or count."""
        return self.filter(state__in=HOLDS_A_PLACE)

    def lapsed(self) -> SessionSeatQuerySet:
        """Offers that nobody answered in time."""
        return self.filter(state=SeatState.OFFERED, offered_until__lte=timezone.now())

    def shown(self) -> SessionSeatQuerySet:
        """Taken seats whose holder agreed to be shown, and the head of the table."""
        return self.going().filter(Q(is_shown=True) | Q(role__in=[SeatRole.HOST, SeatRole.GUEST]))


class SessionSeat(models.Model):
    """A member's registration for one session. Never shown publicly unless the member says so."""

    session = models.ForeignKey(SessionPage, on_delete=models.CASCADE, related_name="seats")
    profile = models.ForeignKey(MemberProfile, on_delete=models.CASCADE, related_name="seats")
    state = models.CharField(max_length=10, choices=SeatState.choices, default=SeatState.GOING)
    role = models.CharField(max_length=8, choices=SeatRole.choices, default=SeatRole.MEMBER)
    is_shown = models.BooleanField("show me at the table", default=False)
    attended = models.BooleanField(null=True, blank=True)
    taken_at = models.DateTimeField(auto_now_add=True, help_text="When it was asked for: the order of people.")
    offered_until = models.DateTimeField(null=True, blank=True, help_text="Until when an offered seat is held.")
    day_told_of = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="The start of which the holder knows a day before."
    )
    hour_told_of = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="The start of which the holder knows an hour before."
    )

    objects = SessionSeatQuerySet.as_manager()

    class Meta:
        ordering = ["taken_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["session", "profile"], name="one_seat_per_person_and_session"),
            models.CheckConstraint(
                condition=Q(state=SeatState.OFFERED, offered_until__isnull=False)
                | (~Q(state=SeatState.OFFERED) & Q(offered_until__isnull=True)),
                name="an_offer_and_nothing_else_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.profile}, {self.get_state_display()}, {self.session}"


class SeriesSeat(models.Model):
    """A member's wish to sit at every session of a series. The seats themselves are one for each session."""

    series = models.ForeignKey(SeriesPage, on_delete=models.CASCADE, related_name="+")
    profile = models.ForeignKey(MemberProfile, on_delete=models.CASCADE, related_name="+")
    is_shown = models.BooleanField("show me at the table", default=False)
    taken_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["taken_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["series", "profile"], name="one_seat_per_person_and_series")]

    def __str__(self) -> str:
        return f"{self.profile}, {self.series}"


class FillNotice(models.Model):
    """Those who run a session were told how full its table is; written once for each mark."""

    session = models.ForeignKey(SessionPage, on_delete=models.CASCADE, related_name="+")
    percent = models.PositiveSmallIntegerField()
    told_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "percent"], name="one_notice_per_session_and_mark")]

    def __str__(self) -> str:
        return f"{self.percent} %, {self.session}"
