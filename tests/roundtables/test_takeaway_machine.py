"""Whatever people do in whatever order, nothing is published that was not checked, nobody named without their yes.

The machine walks through drafts, answers, new wordings, people who turn out not to have been there, names that are
withdrawn, weeks that pass and publications, by hosts, members and strangers. Beside the database it keeps its own
short account of who said what to which words, and compares after every step.
"""

from __future__ import annotations

import os
from datetime import timedelta
from unittest import mock

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from hub.accounts.enums import Role
from hub.notifications.models import Notification
from roundtables.domain import aftercare, takeaways
from roundtables.domain.takeaways import TakeawayRefused
from roundtables.enums import Answer, Attribution, AttributionMode, SeatRole, SeatState, TakeawayState
from roundtables.models import SessionSeat, Takeaway, TakeawayAnswer
from search.models import Entry
from tests.factories import MemberProfileFactory, SessionPageFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

EXAMPLES = int(os.environ.get("HUB_TAKEAWAY_EXAMPLES", "6"))
PEOPLE = st.integers(0, 3)  # who was there at first; the first of them runs the session
LINES = st.integers(0, 1)


class Checking(RuleBasedStateMachine):
    """Four people who were there, and others who were not; two lines at most."""

    def __init__(self):
        super().__init__()
        self.world = transaction.atomic()  # taken back at the end
        self.world.__enter__()
        self.now = timezone.now()
        self.clock = mock.patch("django.utils.timezone.now", lambda: self.now)
        self.clock.start()
        start = self.now - timedelta(hours=3)
        self.session = SessionPageFactory(starts_at=start, ends_at=start + timedelta(hours=1))
        self.people = [MemberProfileFactory(name=f"Person{n} Quentrel{n}") for n in range(4)]
        host = self.people[0].user
        self.session.owner = host
        self.session.page_seats.create(user=host, role="co_author")
        self.seats = [
            SessionSeat.objects.create(
                session=self.session, profile=one, role=SeatRole.MEMBER if n else SeatRole.HOST
            )
            for n, one in enumerate(self.people)
        ]  # fmt: skip
        self.host = host
        self.outsiders = [
            UserFactory(role=Role.STAFF),
            MemberProfileFactory(user=UserFactory(role=Role.LEADER)).user,
            MemberProfileFactory().user,
            self._seat(SeatState.WAITLISTED),
            self._seat(SeatState.CANCELLED),
            self._seat(SeatState.GOING, attended=False),
        ]
        self.lines: list[Takeaway] = []
        self.words = 0
        self.present = {0, 1, 2, 3}
        self.yes: dict[int, set[int]] = {}  # by line: whose yes is to the words as they are
        self.no: dict[int, set[int]] = {}
        self.sent: dict[int, object] = {}  # when its words were last laid before people
        self.agreed: dict[int, bool] = {}
        self.published: dict[int, str] = {}
        self.asked = 0

    def _seat(self, state, **fields):
        profile = MemberProfileFactory()
        SessionSeat.objects.create(session=self.session, profile=profile, state=state, **fields)
        return profile.user

    def teardown(self):
        self.clock.stop()
        transaction.set_rollback(True)
        self.world.__exit__(None, None, None)

    def line(self, number) -> Takeaway:
        return Takeaway.objects.get(pk=self.lines[number].pk)

    def fresh_words(self):
        self.words += 1
        return f"Words number {self.words}."

    @precondition(lambda self: len(self.lines) < 2)
    @rule(named=st.booleans(), speaker=PEOPLE)
    def draft(self, named, speaker):
        wanted = Attribution.NAMED if named else Attribution.TABLE
        profile = self.people[speaker] if named else None
        try:
            made = takeaways.draft(
                self.session, by=self.host, statement=self.fresh_words(), attribution=wanted, speaker=profile
            )
        except TakeawayRefused:
            assert named and speaker not in self.present
            return
        assert not named or speaker in self.present
        self.lines.append(made)
        self.yes[made.pk], self.no[made.pk], self.agreed[made.pk] = set(), set(), False

    @rule()
    def send(self):
        drafts = [line for n in range(len(self.lines)) if (line := self.line(n)).state == TakeawayState.DRAFT]
        before = Notification.objects.count()
        try:
            takeaways.send_to_check(self.session, by=self.host)
        except TakeawayRefused:
            assert not drafts or not self.present
            assert Notification.objects.count() == before
            return
        assert Notification.objects.count() == before + len(self.present - {0}), "everybody else who was there, once"
        for line in drafts:
            self.sent[line.pk] = self.now
            if 0 in self.present:
                self.yes[line.pk].add(0)

    @precondition(lambda self: len(self.lines) == 2)
    @rule(number=LINES, who=PEOPLE, said=st.sampled_from(Answer.values), stale=st.booleans())
    def answer(self, number, who, said, stale):
        line = self.line(number)
        seen = line.version - stale
        try:
            takeaways.answer(line, by=self.people[who].user, seen=seen, said=said, text="Because.")
        except PermissionDenied:
            assert who not in self.present
            return
        except TakeawayRefused:
            assert line.state != TakeawayState.CHECKING or stale
            return
        assert who in self.present and line.state == TakeawayState.CHECKING and not stale
        self.yes[line.pk].discard(who)
        self.no[line.pk].discard(who)
        if said == Answer.CONFIRMS:
            self.yes[line.pk].add(who)
        if said == Answer.OBJECTS:
            self.no[line.pk].add(who)

    @precondition(lambda self: len(self.lines) == 2)
    @rule(number=LINES, stranger=st.integers(0, 5), said=st.sampled_from(Answer.values))
    def somebody_who_was_not_there_answers(self, number, stranger, said):
        line = self.line(number)
        before = TakeawayAnswer.objects.count()
        with pytest.raises(PermissionDenied):
            takeaways.answer(line, by=self.outsiders[stranger], seen=line.version, said=said, text="Because.")
        with pytest.raises(PermissionDenied):
            takeaways.agree_to_be_told(line, by=self.outsiders[stranger], seen=line.version)
        assert TakeawayAnswer.objects.count() == before

    @precondition(lambda self: len(self.lines) == 2)
    @rule(number=LINES, named=st.booleans(), speaker=PEOPLE)
    def reword(self, number, named, speaker):
        line = self.line(number)
        wanted = {"attribution": Attribution.NAMED, "speaker": self.people[speaker]} if named else {}
        before = Notification.objects.count()
        try:
            takeaways.reword(line, by=self.host, seen=line.version, statement=self.fresh_words(), **wanted)
        except TakeawayRefused:
            assert line.state in (TakeawayState.PUBLISHED, TakeawayState.WITHDRAWN) or speaker not in self.present
            return
        assert line.state in (TakeawayState.DRAFT, TakeawayState.CHECKING)
        self.yes[line.pk], self.agreed[line.pk] = set(), False
        if line.state == TakeawayState.CHECKING:
            self.sent[line.pk] = self.now
            if 0 in self.present:
                self.yes[line.pk].add(0)
                self.no[line.pk].discard(0)
            assert Notification.objects.count() == before + len(self.present - {0}), "asked again, once each"

    @precondition(lambda self: len(self.lines) == 2)
    @rule(number=LINES, who=PEOPLE)
    def agree(self, number, who):
        line = self.line(number)
        try:
            takeaways.agree_to_be_told(line, by=self.people[who].user, seen=line.version)
        except PermissionDenied:
            return
        assert line.speaker_id == self.people[who].pk and who in self.present
        self.agreed[line.pk] = True

    @precondition(lambda self: len(self.lines) == 2)
    @rule(number=LINES, who=PEOPLE)
    def leave_out(self, number, who):
        line = self.line(number)
        is_own = line.speaker_id == self.people[who].pk
        try:
            takeaways.leave_me_out(line, by=self.people[who].user)
        except PermissionDenied:
            assert not is_own
            return
        assert is_own, "only one's own line, at any time"
        line.refresh_from_db()
        assert (line.attribution, line.speaker_id) == (Attribution.MEMBER, None)
        for people in Entry.objects.filter(kind="takeaway", source_id=line.pk).values_list("people", flat=True):
            assert people == [], "nor does the search know"
        self.agreed[line.pk] = False

    @rule(who=PEOPLE, came=st.booleans())
    def note_who_came(self, who, came):
        SessionSeat.objects.filter(pk=self.seats[who].pk).update(attended=came)
        (self.present.add if came else self.present.discard)(who)

    @rule(days=st.integers(1, 9))
    def wait(self, days):
        self.now += timedelta(days=days)

    @precondition(lambda self: len(self.lines) == 2)
    @rule(number=LINES)
    def publish(self, number):
        line = self.line(number)
        yes, no = self.yes[line.pk] & self.present, self.no[line.pk] & self.present
        everybody = bool(self.present) and yes == self.present
        waited = line.pk in self.sent and self.now - self.sent[line.pk] >= timedelta(days=7)
        may = line.state == TakeawayState.CHECKING and self.present and not no and (everybody or waited)
        try:
            takeaways.publish(line, by=self.host)
        except TakeawayRefused:
            assert not may
            return
        assert may
        event("published")
        self.published[line.pk] = line.statement
        line.refresh_from_db()
        assert (line.confirmed, line.present) == (len(yes), len(self.present))
        assert not line.answers.exists(), "who said what is not kept"

    @precondition(lambda self: len(self.lines) == 2)
    @rule(number=LINES, stranger=st.integers(1, 5))
    def somebody_else_publishes(self, number, stranger):
        line = self.line(number)
        with pytest.raises(PermissionDenied):
            takeaways.publish(line, by=self.outsiders[stranger])

    @precondition(lambda self: len(self.lines) == 2)
    @rule(number=LINES)
    def withdraw(self, number):
        if (line := self.line(number)).state == TakeawayState.PUBLISHED:
            takeaways.withdraw(line, by=self.host, why="It was not so.")
            self.published.pop(line.pk)

    @rule(times=st.integers(1, 3))
    def timer(self, times):
        before = Notification.objects.filter(kind="roundtables.takeaways_ready").count()
        for _ in range(times):
            aftercare.follow_up_sessions()
        told = Notification.objects.filter(kind="roundtables.takeaways_ready").count() - before
        assert told <= 1, "once, however often it runs"

    @invariant()
    def the_database_agrees(self):
        for line in Takeaway.objects.filter(session=self.session):
            if line.state == TakeawayState.CHECKING:
                numbers = takeaways.count(line)
                assert numbers.present == len(self.present)
                assert numbers.confirmed == len(self.yes[line.pk] & self.present)
                assert numbers.objected == len(self.no[line.pk] & self.present)
            if line.state == TakeawayState.PUBLISHED:
                assert line.statement == self.published[line.pk], "what was checked is what is published"
            assert (line.speaker_id is None) or line.attribution == Attribution.NAMED

    @invariant()
    def only_what_stands_is_found_and_nobody_is_named_without_their_yes(self):
        entries = Entry.objects.filter(kind="takeaway", is_deleted=False)
        assert {entry.source_id for entry in entries} == set(self.published)
        for entry in entries:
            assert not entry.people or self.agreed[entry.source_id], entry.people


def test_what_is_published_was_checked(db):
    run_state_machine_as_test(
        Checking,
        settings=settings(
            max_examples=EXAMPLES, stateful_step_count=25, deadline=None,
            suppress_health_check=list(HealthCheck), print_blob=True, phases=[Phase.explicit, Phase.generate],
        ),
    )  # fmt: skip


@pytest.mark.parametrize("mode", [AttributionMode.CHATHAM_HOUSE, AttributionMode.PRIVATE])
def test_under_a_rule_that_names_nobody_no_line_has_a_speaker(db, mode):
    start = timezone.now() - timedelta(days=1)
    session = SessionPageFactory(starts_at=start, ends_at=start + timedelta(hours=1), attribution_mode=mode)
    host = MemberProfileFactory()
    session.page_seats.create(user=host.user, role="co_author")
    SessionSeat.objects.create(session=session, profile=host)
    for attribution in (Attribution.NAMED, Attribution.PLACE):
        with pytest.raises(TakeawayRefused, match="nobody is named"):
            takeaways.draft(session, by=host.user, statement="So it is.", attribution=attribution, speaker=host)
    takeaways.draft(session, by=host.user, statement="So it is.", attribution=Attribution.MEMBER)
