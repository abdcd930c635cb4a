"""The seats at a session's table."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from hub.members.models import MemberProfile
from roundtables.enums import SeatRole, SeatState
from roundtables.models.pages import SessionPage


class SessionSeatQuerySet(models.QuerySet["SessionSeat"]):
    def going(self) -> SessionSeatQuerySet:
        """Seats that are taken; never the waiting list."""
        return self.filter(state=SeatState.GOING)

    def registered(self) -> SessionSeatQuerySet:
        """Seats and places in the queue of everybody but hosts: those who rely on what was announced."""
        return self.exclude(state=SeatState.CANCELLED).exclude(role=SeatRole.HOST)

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
    taken_at = models.DateTimeField(auto_now_add=True)

    objects = SessionSeatQuerySet.as_manager()

    class Meta:
        ordering = ["taken_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["session", "profile"], name="one_seat_per_person_and_session")]

    def __str__(self) -> str:
        return f"{self.profile}, {self.get_state_display()}, {self.session}"
