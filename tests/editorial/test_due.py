"""Reviews have a day: people are reminded of it, once, and staff see to those that nobody gives."""

from collections import Counter
from datetime import timedelta

import time_machine
from django.core.management import call_command
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.editorial.domain import due, news
from hub.editorial.domain.due import send_reminders, stage_of
from hub.editorial.enums import Reminded
from hub.editorial.models import PeerReviewTask
from hub.notifications.models import Notification
from tests.editorial.test_votes import approve, ask, hand_in, state_of, two_of, waiting_for  # noqa: F401
from tests.editorial.world import current, decide_on_dashboard, edit_url, form_of, submit

KINDS = ("editorial.review_due", "editorial.review_overdue")


def news_of(day, run=send_reminders):
    """Who was told what by a run of the reminders on that day."""
    before = set(Notification.objects.values_list("pk", flat=True))
    run(day)
    found = Notification.objects.filter(kind__in=KINDS).exclude(pk__in=before)
    return {(one.user.first_name, one.text) for one in found}


def test_three_days_before_on_the_day_and_three_days_after(world):
    state = hand_in(world)
    day = timezone.localdate() + timedelta(days=14)
    assert state.due_on == day
    title = "“A draft of ours”"
    assert news_of(day - timedelta(days=4)) == set()
    said = f"{day:%-d %B}"
    assert news_of(day - timedelta(days=3)) == {("Rea", f"Your review of {title} is due on {said}")}
    assert news_of(day - timedelta(days=2)) == set()
    assert news_of(day) == {("Rea", f"Your review of {title} is due today")}
    assert news_of(day + timedelta(days=2)) == set()
    assert news_of(day + timedelta(days=3)) == {
        ("Rea", f"Your review of {title} was due on {said}"),
        ("Stu", f"The review of {title} is overdue"),
    }
    told = Notification.objects.get(kind="editorial.review_overdue")
    assert told.detail == "It waits for Rea Reviewer."
    assert news_of(day + timedelta(days=30)) == set()


def test_what_was_missed_is_made_up_for_with_one_reminder(world):
    day = hand_in(world).due_on
    assert {who for who, _ in news_of(day + timedelta(days=5))} == {"Rea", "Stu"}


def test_a_short_review_is_not_reminded_of_when_it_is_asked_for(world):
    PeerReviewTask.objects.filter(name="Peer review").update(days=2)
    assert hand_in(world).due_on == timezone.localdate() + timedelta(days=2)
    assert news_of(timezone.localdate()) == set()
    assert news_of(timezone.localdate() + timedelta(days=2)) != set()


def test_only_those_are_reminded_whose_word_is_missing(two_of):  # noqa: F811
    day = hand_in(two_of).due_on
    approve(two_of, "reviewer")
    assert {who for who, _ in news_of(day - timedelta(days=3))} == {"Sig", "Tia"}
    for who in ("second", "third"):
        decide_on_dashboard(two_of.client(who), two_of.draft, "claim")
    assert {who for who, _ in news_of(day)} == {"Sig", "Tia"}


def test_who_took_it_on_is_reminded_for_everybody(world):
    day = hand_in(world).due_on
    decide_on_dashboard(world.client("staff"), world.draft, "claim")
    assert {who for who, _ in news_of(day)} == {"Stu"}
    assert waiting_for(world, "reviewer") == set()
    news_of(day + timedelta(days=3))
    assert waiting_for(world, "reviewer") == {state_of(world).pk}, "an overdue review is everybody's again"


def test_a_review_that_is_over_or_with_its_authors_is_not_reminded_of(two_of):  # noqa: F811
    day = hand_in(two_of).due_on
    ask(two_of, "reviewer")
    assert news_of(day) == set()
    with time_machine.travel(timezone.now() + timedelta(days=20), tick=False):
        submit(two_of.client("author"), two_of.draft, gist="shorter")
    new_day = state_of(two_of).due_on
    assert new_day == day + timedelta(days=20), "a new round has a day of its own"
    assert news_of(new_day - timedelta(days=4)) == set()
    assert news_of(new_day) != set()


def test_an_edit_does_not_put_the_day_off_nor_remind_again(world):
    author = world.client("author")
    submit(author, world.draft)
    day = state_of(world).due_on
    assert news_of(day - timedelta(days=3)) != set()
    author.post(edit_url(world.draft), form_of(world.draft, gist="changed"))
    decide_on_dashboard(world.client("reviewer"), world.draft)  # refused: the newest text is put up
    assert state_of(world).due_on == day and state_of(world).revision_id == current(world.draft).latest_revision_id
    assert news_of(day - timedelta(days=3)) == set()


def test_one_that_fails_stops_no_other_and_is_tried_again(world, monkeypatch, capsys):
    day = hand_in(world).due_on

    def broken(*args, **kwargs):
        raise RuntimeError("no news today")

    with monkeypatch.context() as patched:
        patched.setattr(news, "due", broken)
        assert send_reminders(day).failed == 1
        assert state_of(world).reminded == Reminded.NOT_YET
    assert send_reminders(day).reminded == 1
    call_command("send_review_reminders")
    assert capsys.readouterr().out == "Reminded of 0 reviews; staff were told of 0.\n"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=st.lists(st.integers(-8, 12), min_size=1, max_size=8))
def test_whenever_it_is_run_nobody_is_reminded_twice_of_the_same(world, days):
    page = current(world.draft)
    if page.current_workflow_state:
        page.current_workflow_state.cancel()
    Notification.objects.filter(kind__in=KINDS).delete()
    day = hand_in(world).due_on
    for offset in sorted(days):
        send_reminders(day + timedelta(days=offset))
        send_reminders(day + timedelta(days=offset))
    reached = {stage_of(day, day + timedelta(days=offset)) for offset in days} - {Reminded.NOT_YET}
    told = Counter(
        (one.user.first_name, one.kind) for one in Notification.objects.filter(kind__in=KINDS).select_related("user")
    )
    assert told[("Rea", "editorial.review_due")] == len(reached)
    assert told[("Stu", "editorial.review_overdue")] == int(Reminded.OVERDUE in reached)
    assert state_of(world).reminded == max(reached, default=Reminded.NOT_YET)


def test_the_day_before_and_after():
    day = timezone.localdate()
    stages = [stage_of(day, day + timedelta(days=offset)) for offset in (-4, -3, -1, 0, 2, 3, 99)]
    assert stages == [
        Reminded.NOT_YET, Reminded.SOON, Reminded.SOON, Reminded.DUE, Reminded.DUE, Reminded.OVERDUE, Reminded.OVERDUE,
    ]  # fmt: skip
    assert timedelta(days=3) == due.APART
