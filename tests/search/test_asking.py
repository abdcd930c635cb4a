"""The log of questions: what is written, what is not, what came of it, and what time takes away."""

import datetime

import pytest
import time_machine
from django.core.management import call_command
from django.db import OperationalError, connection, transaction
from django.test import Client
from django.utils import timezone

from search.domain import asking
from search.domain.pruning import prune
from search.models import Asking, DaySecret
from tests.factories import PracticePageFactory, UserFactory

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def new_day():
    """No secret of another test is remembered by this process."""
    asking._today = None


@pytest.fixture
def heron(index):
    PracticePageFactory(title="Heron", gist="A bird in a river.")
    index()


def browser(user=None, **headers):
    client = Client(headers={"user-agent": FIREFOX, **headers})
    if user is not None:
        client.force_login(user)
    return client


def ask(text="heron", user=None, client=None, **asked):
    response = (client or browser(user)).get("/search/", {"q": text, **asked})
    assert response.status_code == 200
    return response


def test_a_question_is_one_row(heron, member):
    ask("  The HERON, please! ", member, kind="practice")
    row = Asking.objects.get()
    assert (row.text, row.filters, row.total, row.role) == ("the heron please", "Practices", 1, member.role)
    assert (row.user, row.visitor) == (member, "")


def test_a_visitor_is_a_token_of_the_day_and_nothing_more(heron):
    ask()
    row = Asking.objects.get()
    assert row.user is None
    assert len(row.visitor) == 32
    assert "127.0.0.1" not in str(vars(row))
    ask("crane")
    assert len(set(Asking.objects.values_list("visitor", flat=True))) == 1
    ask("egret", client=browser(**{"user-agent": f"{FIREFOX} other"}))
    assert len(set(Asking.objects.values_list("visitor", flat=True))) == 2
    DaySecret.objects.update(day=timezone.now().date() - DAY)
    asking._today = None
    ask("stork")
    assert len(set(Asking.objects.values_list("visitor", flat=True))) == 3, "another day, another token"
    assert DaySecret.objects.count() == 1, "and the secret of the day before is gone"


def test_reloading_is_asking_once(heron, member):
    for _ in range(3):
        ask("heron", member)
    ask("Heron!", member)
    assert Asking.objects.count() == 1
    ask("heron", member, kind="practice")
    assert Asking.objects.count() == 2
    ask("heron", UserFactory())
    assert Asking.objects.count() == 3


@pytest.mark.parametrize(
    "headers",
    [
        {"dnt": "1"}, {"sec-gpc": "1"}, {"user-agent": "Examplebot/2.0"}, {"user-agent": ""},
        {"sec-purpose": "prefetch"}, {"sec-purpose": "prefetch;prerender"},
    ],
)  # fmt: skip
def test_what_is_not_remembered(heron, member, headers):
    response = ask(client=browser(member, **headers))
    assert Asking.objects.count() == 0
    assert DaySecret.objects.count() == 0
    assert not response.context["asked_token"]
    assert b"Did this help?" not in response.content


def test_further_pages_suggestions_heads_and_lists_are_not_questions(index, member):
    for number in range(12):
        PracticePageFactory(title=f"Heron {number}")
    index()
    client = browser(member)
    client.get("/search/", {"q": "heron", "page": "2"})
    client.get("/search/suggest/", {"q": "heron"})
    client.head("/search/", {"q": "heron"})
    client.get("/search/", {"kind": "practice"})
    client.get("/search/", {"q": "!!!"})
    client.get("/search/")
    assert Asking.objects.count() == 0


def test_it_costs_one_query_and_a_visitor_ten_in_all(heron, django_assert_max_num_queries):
    client = browser()
    ask(client=client)
    with django_assert_max_num_queries(10) as queries:
        ask("heron bird", client=client)
    assert len([query for query in queries if "search_asking" in query["sql"] or "daysecret" in query["sql"]]) == 1
    assert "search_asking" in queries[-1]["sql"], "after everything else"


def test_a_database_that_fails_does_not_break_the_search(heron, member, caplog):
    def failing(execute, sql, params, many, context):
        if "search_asking" in sql or "search_daysecret" in sql:
            raise OperationalError("database or disk is full")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(failing):
        assert ask("heron", member).context["total"] == 1  # the secret cannot be made
    ask("crane", member)
    with connection.execute_wrapper(failing):
        assert ask("heron", member).context["total"] == 1  # the row cannot be written
    transaction.set_rollback(False)  # nothing of it was sent: the test's own transaction is whole
    assert [row.text for row in Asking.objects.all()] == ["crane"]
    assert "could not be written down" in caplog.text


# --- what came of it


def token_of(response):
    token = response.context["asked_token"]
    assert token in response.content.decode()
    return token


def test_the_first_result_opened_counts(heron, member):
    client = browser()
    token = token_of(ask(user=member))
    assert client.post("/search/clicked/", {"asked": token, "place": "3"}).status_code == 204
    assert client.post("/search/clicked/", {"asked": token, "place": "1"}).status_code == 204
    assert Asking.objects.get().opened == 3


@pytest.mark.parametrize("change", [lambda t: "", lambda t: "x", lambda t: t[:-1] + "~", lambda t: t[1:],
                                    lambda t: "0" * 32 + t[32:], lambda t: t + "\x00"])  # fmt: skip
def test_a_token_that_is_not_ours_changes_nothing(heron, member, change):
    token = token_of(ask(user=member))
    assert browser().post("/search/clicked/", {"asked": change(token), "place": "1"}).status_code == 400
    assert browser().post("/search/helped/", {"asked": change(token), "helped": "yes"}).status_code == 400
    row = Asking.objects.get()
    assert (row.opened, row.helped) == (None, None)


def test_nonsense_beside_a_token_changes_nothing(heron, member):
    token = token_of(ask(user=member))
    for place in ("0", "-1", "9999999", "one", "²", ""):
        assert browser().post("/search/clicked/", {"asked": token, "place": place}).status_code == 400
    assert browser().post("/search/helped/", {"asked": token, "helped": "perhaps"}).status_code == 400
    assert browser().get("/search/clicked/").status_code == browser().get("/search/helped/").status_code == 405
    row = Asking.objects.get()
    assert (row.opened, row.helped) == (None, None)


def test_a_token_is_too_old_after_a_day(heron, member):
    token = token_of(ask(user=member))
    with time_machine.travel(timezone.now() + DAY + datetime.timedelta(minutes=1)):
        assert browser().post("/search/helped/", {"asked": token, "helped": "yes"}).status_code == 400


def test_did_this_help_without_javascript(heron, member):
    client = Client(enforce_csrf_checks=True, headers={"user-agent": FIREFOX})
    response = ask(client=client)
    assert "Did this help?" in response.content.decode()
    assert "csrftoken" not in client.cookies, "searching makes no cookie for a visitor"
    said = {"asked": token_of(response), "helped": "no", "back": "/search/?q=heron"}
    thanks = client.post("/search/helped/", said)
    assert "Thank you" in thanks.content.decode()
    assert 'href="/search/?q=heron"' in thanks.content.decode()
    assert Asking.objects.get().helped is False
    client.post("/search/helped/", {**said, "helped": "yes"})
    assert Asking.objects.get().helped is False, "one answer for one question"


def test_thanks_lead_back_to_the_search_only(heron, member):
    token = token_of(ask(user=member))
    for back in ("https://elsewhere.example/search/", "//elsewhere.example/search/", "/admin/", "javascript:alert(1)"):
        text = browser().post("/search/helped/", {"asked": token, "helped": "yes", "back": back}).content.decode()
        assert back not in text


def test_the_script_gets_the_sentence_alone(heron, member):
    token = token_of(ask(user=member))
    said = {"asked": token, "helped": "yes"}
    text = browser().post("/search/helped/", said, headers={"x-requested-with": "fetch"}).content.decode()
    assert text.strip().startswith("<p")
    assert "<html" not in text


# --- what time takes away


def asked(text, *, days, user=None, visitor="", minutes=0, **fields):
    moment = timezone.now() - datetime.timedelta(days=days) + datetime.timedelta(minutes=minutes)
    return Asking.objects.create(text=text, total=1, asked_at=moment, user=user, visitor=visitor, **fields)


def test_people_go_after_thirty_days_and_rare_questions_with_them():
    people = [UserFactory() for _ in range(3)]
    for number, user in enumerate(people):
        asked("often", days=31, user=user, minutes=number)
    for user in people[:2]:
        asked("rarely", days=31, user=user)
    asked("lately", days=29, user=people[0])
    asked("long ago", days=366, people=9)
    would = prune(dry_run=True)
    assert Asking.objects.count() == 7
    assert (would.old, would.rare, would.nameless) == (1, 2, 3)
    assert prune() == would
    rows = list(Asking.objects.order_by("text"))
    assert [(row.text, row.user_id, row.people) for row in rows] == [("lately", people[0].pk, 0)] + [
        ("often", None, 3)
    ] * 3
    assert {(row.asked_at.hour, row.asked_at.minute) for row in rows[1:]} == {(0, 0)}
    assert prune().rare == prune().nameless == 0


def test_pruning_night_by_night_keeps_what_three_people_asked_within_thirty_days():
    said = {
        0: ["often", "never together"],
        10: ["often"],
        20: ["often"],
        40: ["never together"],
        80: ["never together"],
    }
    start = timezone.now()
    for night in range(120):
        with time_machine.travel(start + night * DAY):
            for text in said.get(night, []):
                asked(text, days=0, user=UserFactory())
            prune()
    assert [(row.text, row.people) for row in Asking.objects.all()] == [("often", 3)], "the last to ask were fewer"


def test_who_went_on_is_known_when_the_person_is_not():
    people = [UserFactory() for _ in range(3)]
    for user in people:
        asked("first", days=31, user=user)
        asked("second", days=31, user=user, minutes=5)
    prune()
    assert {row.text: row.went_on for row in Asking.objects.all()} == {"first": True, "second": False}


def test_what_somebody_asked_goes_with_their_account():
    user = UserFactory()
    asked("heron", days=1, user=user)
    user.delete()
    assert Asking.objects.count() == 0


def test_the_command(capsys):
    asked("rarely", days=31, user=UserFactory())
    call_command("search_log_prune", "--dry-run")
    assert "Would delete" in capsys.readouterr().out
    assert Asking.objects.count() == 1
    call_command("search_log_prune")
    assert Asking.objects.count() == 0
    assert "Deleted 0 questions older than a year and 1 older than 30 days" in capsys.readouterr().out
