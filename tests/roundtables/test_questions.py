"""What a table is asked: who may ask, whose votes count, what the host sees, and who learns who asked."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from hub.members.enums import ShownTo
from hub.pages.enums import Audience
from roundtables.domain import questions
from roundtables.domain.questions import MOST_QUESTIONS, QuestionRefused
from roundtables.enums import AttributionMode, QuestionState, SeatRole, SeatState
from roundtables.models import Question
from tests.factories import MemberProfileFactory, SessionPageFactory, SessionSeatFactory, UserFactory

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def session():
    return SessionPageFactory(title="Reporting up")


def as_(user):
    client = Client(enforce_csrf_checks=False)
    if user is not None:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def read(session, user):
    return as_(user).get(session.url).content.decode()


def end(session, **fields):
    """The session is over since yesterday."""
    start = timezone.now() - timedelta(days=1)
    type(session).objects.filter(pk=session.pk).update(starts_at=start, ends_at=start + HOUR, **fields)
    session.refresh_from_db()


# --- asking -----------------------------------------------------------------------------------------


def test_a_member_asks_changes_and_takes_back(session, member):
    client = as_(member)
    html = client.get(session.url).content.decode()
    assert f'action="/sessions/{session.pk}/ask/"' in html and "Nobody has asked anything yet" in html
    html = client.post(f"/sessions/{session.pk}/ask/", {"text": "Who decides?"}, follow=True).content.decode()
    assert "Who decides?" in html and "Asked by you" in html
    question = Question.objects.get()
    assert not question.is_anonymous
    client.post(f"/questions/{question.pk}/", {"text": "Who decides, and when?", "is_anonymous": "on"})
    question.refresh_from_db()
    assert question.text == "Who decides, and when?" and question.is_anonymous
    client.post(f"/questions/{question.pk}/withdraw/")
    assert not Question.objects.exists()


@pytest.mark.parametrize("typed, said", [("", "Write the question first"), ("why " * 200, "Please shorten it")])
def test_what_does_not_fit_comes_back_with_what_was_typed(session, member, typed, said):
    answer = as_(member).post(f"/sessions/{session.pk}/ask/", {"text": typed, "is_anonymous": "on"})
    assert answer.status_code == 422
    html = answer.content.decode()
    assert said in html and typed.strip() in html and re.search(r'name="is_anonymous"[^>]* checked', html)


def test_asking_twice_asks_once_and_nobody_floods_the_table(session, member):
    for _ in range(2):
        questions.ask(session, member.profile, text="Who  decides? ")
    assert Question.objects.get().text == "Who decides?"
    for number in range(MOST_QUESTIONS - 1):
        questions.ask(session, member.profile, text=f"And {number}?")
    answer = as_(member).post(f"/sessions/{session.pk}/ask/", {"text": "One more?"})
    assert (
        answer.status_code == 422
        and "Take one back" in answer.content.decode()
        and "One more?" in answer.content.decode()
    )
    assert Question.objects.count() == MOST_QUESTIONS


def test_only_members_who_could_take_a_seat_ask(session, member):
    closed = SessionPageFactory(audience=Audience.LEADERS)
    draft = SessionPageFactory(live=False)
    for user, page in ((UserFactory(), session), (member, closed), (member, draft)):
        assert as_(user).post(f"/sessions/{page.pk}/ask/", {"text": "May I?"}).status_code == 404
    assert as_(None).post(f"/sessions/{session.pk}/ask/", {"text": "May I?"}).status_code == 302
    assert as_(member).get("/sessions/99999999999999999999/ask/").status_code == 404
    with pytest.raises(QuestionRefused, match="not open to you"):
        questions.ask(closed, member.profile, text="May I?")
    assert not Question.objects.exists()
    assert 'id="questions"' not in read(session, None) and 'id="questions"' not in read(session, UserFactory())


def test_nothing_is_asked_or_voted_once_it_is_over_or_cancelled(session, member):
    question = questions.ask(session, MemberProfileFactory(), text="Who decides?")
    for fields in ({}, {"cancelled": True}):
        end(session, **fields)
        for act in (
            lambda: questions.ask(session, member.profile, text="Late?"),
            lambda: questions.vote(question, member.profile, wants=True),
            lambda: questions.withdraw(question, question.asker),
        ):
            with pytest.raises(QuestionRefused, match="no more questions"):
                act()
    assert "/ask/" not in read(session, member) and "Who decides?" in read(session, member)


def test_a_question_of_somebody_else_is_neither_changed_nor_taken_back(session, member):
    question = questions.ask(session, MemberProfileFactory(), text="Who decides?")
    client = as_(member)
    assert client.get(f"/questions/{question.pk}/").status_code == 404
    assert client.post(f"/questions/{question.pk}/", {"text": "Mine now?"}).status_code == 404
    html = client.post(f"/questions/{question.pk}/withdraw/", follow=True).content.decode()
    assert "Only whoever asked" in html
    assert Question.objects.get().text == "Who decides?"


# --- votes ------------------------------------------------------------------------------------------


def test_one_vote_each_and_it_can_be_taken_back(session, member):
    question = questions.ask(session, MemberProfileFactory(), text="Who decides?")
    client = as_(member)
    for _ in range(2):
        client.post(f"/questions/{question.pk}/vote/", {"wants": "on"})
    assert question.votes.count() == 1
    assert 'aria-pressed="true"' in client.get(session.url).content.decode()
    for _ in range(2):
        client.post(f"/questions/{question.pk}/vote/")
    assert question.votes.count() == 0
    mine = questions.ask(session, member.profile, text="Mine?")
    html = client.post(f"/questions/{mine.pk}/vote/", {"wants": "on"}, follow=True).content.decode()
    assert "This question is yours" in html and mine.votes.count() == 0


def test_words_that_were_voted_for_stay_what_they_are(session, member):
    question = questions.ask(session, member.profile, text="Who decides?")
    questions.vote(question, MemberProfileFactory(), wants=True)
    answer = as_(member).post(f"/questions/{question.pk}/", {"text": "Should nobody decide?"})
    assert answer.status_code == 422 and "Others voted for this question as it stands" in answer.content.decode()
    assert "Should nobody decide?" in answer.content.decode()
    questions.change(question, member.profile, text="Who decides?", is_anonymous=True)  # the name is theirs to hide
    question.refresh_from_db()
    assert question.is_anonymous


def test_the_most_wanted_come_first_and_of_two_the_older(session, member):
    for text in ("First", "Second", "Third"):
        third = questions.ask(session, MemberProfileFactory(), text=text)
    for _ in range(2):
        questions.vote(third, MemberProfileFactory(), wants=True)
    assert [question.text for question in session.questions.ranked()] == ["Third", "First", "Second"]
    questions.sort_out(third, QuestionState.ANSWERED)
    html = read(session, member)
    assert html.index("First") < html.index("Second") < html.index("Third"), "what was answered comes last"
    with pytest.raises(QuestionRefused, match="not open any more"):
        questions.vote(third, member.profile, wants=True)


# --- the host ---------------------------------------------------------------------------------------


def test_the_host_hides_and_marks_and_nobody_else_does(session, member):
    question = questions.ask(session, MemberProfileFactory(), text="Selling something?")
    path = f"/questions/{question.pk}/sort-out/"
    assert as_(member).post(path, {"state": "hidden"}).status_code == 403
    host = SessionSeatFactory(session=session, role=SeatRole.HOST).profile.user
    for nonsense in ("", "gone"):
        assert as_(host).post(path, {"state": nonsense}).status_code == 404
    as_(host).post(path, {"state": "hidden"})
    assert "Selling something?" not in read(session, member)
    assert "only you see it here" in read(session, question.asker.user)


# --- who asked --------------------------------------------------------------------------------------


def people_at(session):
    """A host and a member at the table, one who waits, one with nothing; and who asked."""
    seats = {
        "host": SessionSeatFactory(session=session, role=SeatRole.HOST),
        "seated": SessionSeatFactory(session=session),
        "waiting": SessionSeatFactory(session=session, state=SeatState.WAITLISTED),
        "absent": SessionSeatFactory(session=session, attended=False),
    }
    return {name: seat.profile.user for name, seat in seats.items()}


@pytest.mark.parametrize("mode", AttributionMode)
def test_only_those_at_the_table_learn_who_asked(session, member, staff, mode):
    type(session).objects.filter(pk=session.pk).update(attribution_mode=mode)
    people = people_at(session) | {"nobody": member, "staff": staff}
    questions.ask(session, MemberProfileFactory(name="Ada Asker"), text="Who decides?")
    questions.ask(session, MemberProfileFactory(name="Quinn Quiet"), text="May I hide?", is_anonymous=True)
    before = {name for name, user in people.items() if "Ada Asker" in read(session, user)}
    # `absent` is not over yet, so nobody has missed anything, but the list says they will not come: no seat
    known = {"host", "seated", "staff"} if mode == AttributionMode.OPEN else {"host", "seated"}
    assert before - {"absent"} == known
    end(session)
    after = {name for name, user in people.items() if "Ada Asker" in read(session, user)}
    assert after == known
    reading = {name for name, user in people.items() if "Who decides?" in read(session, user)}
    assert reading == ({"host", "seated"} if mode == AttributionMode.PRIVATE else set(people))
    assert all("Quinn" not in read(session, user) for user in people.values())


def test_a_hidden_name_stays_hidden_at_the_table(session):
    hidden = MemberProfileFactory(name="Hera Hidden", name_shown_to=ShownTo.ONLY_ME)
    questions.ask(session, hidden, text="Who decides?")
    html = read(session, people_at(session)["seated"])
    assert "Who decides?" in html and "Hera" not in html and "Asked by a member" in html
