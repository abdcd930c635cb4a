"""The search desk: what staff learn, what nobody does, and how they steer."""

import csv
import datetime
import io

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from hub.accounts.enums import Role
from hub.pages.enums import Audience, PageSeatRole
from hub.pages.models import PageSeat
from search.domain import desk
from search.domain.desk import View, questions
from search.domain.preview import seen_by_all, things
from search.models import Asking, Entry, PromotedResult, Synonym
from tests.factories import PracticePageFactory, UserFactory

pytestmark = pytest.mark.django_db

DOORS = [
    "/admin/search/questions/", "/admin/search/questions.csv", "/admin/search/preview/?q=heron",
    "/admin/search/things/?q=heron", "/admin/search/synonym/", "/admin/search/synonym/create/",
    "/admin/search/promotedresult/", "/admin/search/promotedresult/create/",
]  # fmt: skip


def asked(text, user=None, *, visitor="", days=0, minutes=0, total=1, **fields):
    moment = timezone.now() - datetime.timedelta(days=days, minutes=30) + datetime.timedelta(minutes=minutes)
    return Asking.objects.create(text=text, total=total, asked_at=moment, user=user, visitor=visitor, **fields)


def people(number):
    return [UserFactory() for _ in range(number)]


def texts(view=View.TOP, days=30):
    return [question.text for question in questions(days, view)[0]]


@pytest.fixture
def at_desk(staff):
    call_command("sync_roles", verbosity=0)
    client = Client()
    client.force_login(staff)
    session = client.session
    session.save()
    return client


# --- never what fewer than three people asked


@pytest.mark.parametrize(("number", "is_shown"), [(1, False), (2, False), (3, True), (4, True)])
def test_three_people_are_the_fewest(at_desk, number, is_shown):
    for user in people(number):
        for minutes in range(5):
            asked("zyxquestion", user, minutes=minutes, total=0)
    for view in View:
        assert ("zyxquestion" in texts(view)) is (is_shown and view in (View.TOP, View.NOTHING))
    for address in ("/admin/search/questions/", "/admin/search/questions.csv"):
        for days in (7, 30, 90):
            text = at_desk.get(address, {"days": days, "view": "nothing"}).content.decode()
            assert ("zyxquestion" in text) is is_shown
    _, summary = questions(30)
    assert (summary.asked, summary.rare) == (number * 5, 0 if is_shown else 1), "numbers alone tell nobody's words"


def test_three_people_in_the_period_that_is_shown():
    first, second, third = people(3)
    asked("heron", first, days=1)
    asked("heron", second, days=2)
    asked("heron", third, days=20)
    assert texts(days=7) == []
    assert texts(days=30) == ["heron"]


def test_visitors_are_counted_on_one_day_and_never_added_to_members():
    for day in range(5):
        asked("over days", visitor=f"token {day}", days=day)
    for number in range(3):
        asked("on one day", visitor=f"token {number}")
    for user in people(2):
        asked("with members", user)
    asked("with members", visitor="a"), asked("with members", visitor="b")
    assert texts() == ["on one day"]


def test_what_was_counted_before_people_went_still_counts():
    for _ in range(3):
        asked("heron", people=3, days=40)
    asked("crane", people=0, days=40)
    assert texts(days=90) == ["heron"]
    assert texts(days=30) == []


# --- what they learn


def test_nothing_abandoned_and_successful():
    for user in people(3):
        asked("nothing", user, total=0, filters="Practices")
        asked("later", user, minutes=60)
        asked("opened", user, minutes=120, opened=2)
        asked("helped", user, minutes=180, helped=True)
        asked("not helped", user, minutes=240, helped=False)
        asked("went on", user, minutes=300)
        asked("opened", user, minutes=310, opened=1)
        asked("given up", user, minutes=1000)
    assert texts(View.NOTHING) == ["nothing"]
    assert texts(View.ABANDONED) == ["given up", "later"]
    assert texts(View.SUCCESSFUL) == ["opened", "helped"]
    found = {question.text: question for question in questions(30)[0]}
    assert (found["nothing"].nothing, found["nothing"].narrowed) == (3, 3)
    assert found["not helped"].unhelpful == 3
    assert (found["opened"].asked, found["opened"].people) == (6, 3)


def test_the_desk_costs_the_same_however_much_was_asked(django_assert_num_queries):
    for number in range(10):
        for user in people(3):
            asked(f"question {number}", user)
    with django_assert_num_queries(3):
        assert len(questions(30)[0]) == 10


def test_the_spreadsheet_has_no_formulas(at_desk):
    for user in people(3):
        asked("=cmd", user)
        asked("heron", user)
    response = at_desk.get("/admin/search/questions.csv")
    rows = list(csv.reader(io.StringIO(response.content.decode())))
    assert response["Content-Type"].startswith("text/csv")
    assert "no-store" in response["Cache-Control"]
    assert {row[0] for row in rows[1:]} == {"'=cmd", "heron"}
    assert rows[0][:3] == ["question", "people", "asked"]


def test_the_pages_of_the_desk(at_desk, index):
    assert "Nobody has asked anything" in at_desk.get("/admin/search/questions/").content.decode()
    for user in people(3):
        asked("heron <b>", user, total=0)
    text = at_desk.get("/admin/search/questions/?days=7&view=nothing").content.decode()
    assert "heron &lt;b&gt;" in text
    assert "/admin/search/synonym/create/?words=heron" in text
    assert "Nothing that at least" in at_desk.get("/admin/search/questions/?view=abandoned").content.decode()
    odd = at_desk.get("/admin/search/questions/?days=8000&view=no%00thing&p=zz")
    assert odd.status_code == 200
    assert odd.context["days"] == 30


# --- for staff alone


@pytest.fixture
def seated():
    """A member-leader who may enter the editor for one page."""
    user = UserFactory(role=Role.LEADER)
    PageSeat.objects.create(page_id=PracticePageFactory().pk, user=user, role=PageSeatRole.CO_AUTHOR)
    return user


@pytest.mark.parametrize("address", DOORS)
def test_nobody_below_staff_opens_a_door(db, member, leader, seated, address):
    call_command("sync_roles", verbosity=0)
    synonym = Synonym.objects.create(words="heron, egret")
    for user in (None, member, leader, seated):
        client = Client()
        if user is not None:
            client.force_login(user)
        for method in (client.get, client.post):
            response = method(address, {"words": "secret heron, zyx"} if method == client.post else {})
            assert response.status_code in (302, 403), (user, address)
            assert b"egret" not in response.content
        for action in ("edit", "delete", "history"):
            assert client.post(f"/admin/search/synonym/{action}/{synonym.pk}/").status_code in (302, 403)
    assert Synonym.objects.get().words == "heron, egret"
    assert not PromotedResult.objects.exists()


def test_a_permission_without_the_role_opens_nothing(member):
    call_command("sync_roles", verbosity=0)
    for permission in Group.objects.get(name=Role.STAFF.group_name).permissions.all():
        member.user_permissions.add(permission)
    client = Client()
    client.force_login(member)
    for address in DOORS:
        assert client.get(address).status_code in (302, 403), address


def test_staff_open_every_door_and_see_it_in_the_menu(at_desk, index):
    PracticePageFactory(title="Heron")
    index()
    for address in DOORS:
        assert at_desk.get(address).status_code == 200, address
    home = at_desk.get("/admin/").content.decode()
    assert "/admin/search/questions/" in home
    assert "/admin/search/preview/" in home


# --- the preview


def test_everybody_as_they_are(index, at_desk):
    for title, audience in (("Heron public", Audience.PUBLIC), ("Heron members", Audience.MEMBERS),
                            ("Heron leaders", Audience.LEADERS), ("Heron staff", Audience.STAFF)):  # fmt: skip
        PracticePageFactory(title=title, audience=audience)
    index()
    seen = {one.reader: {row.title for row in one.rows} for one in seen_by_all("heron")}
    assert [len(titles) for titles in seen.values()] == [1, 2, 3, 4]
    assert seen["Visitor"] == {"Heron public"}
    assert "Heron staff" not in seen["Member-leader"]
    text = at_desk.get("/admin/search/preview/", {"q": "heron"}, headers={"user-agent": "Firefox"}).content.decode()
    for words in ("Heron public", "Heron staff", "score", "Practice", "4 things"):
        assert words in text
    assert not Asking.objects.exists(), "a preview is no question"


def test_why_something_comes_first(index, at_desk):
    page = PracticePageFactory(title="Something else")
    PracticePageFactory(title="Heron")
    index()
    PromotedResult.objects.create(words="heron", source_model="pages.basepage", source_id=page.pk)
    Synonym.objects.create(words="heron, egret")
    text = at_desk.get("/admin/search/preview/", {"q": "heron"}).content.decode()
    assert "Chosen by the editors" in text
    assert "“egret”" in text


def test_odd_previews(index, at_desk):
    for text in ("", " ", "\x00", "'\"<script>", "a" * 5000, "((", "🦩"):
        response = at_desk.get("/admin/search/preview/", {"q": text})
        assert response.status_code == 200
        assert b"<script>'" not in response.content


# --- steering


def test_a_group_of_synonyms(at_desk):
    form = at_desk.get("/admin/search/synonym/create/?words=heron%2C+").content.decode()
    assert "heron, </textarea>" in form
    wrong = {
        "heron": "at least two words", "": "at least two words", "heron, !!!": "there is no word in it",
        ",".join(f"word{n}" for n in range(40)): "too long",
    }  # fmt: skip
    for words, sentence in wrong.items():
        response = at_desk.post("/admin/search/synonym/create/", {"words": words, "language": "en"})
        assert sentence in response.content.decode(), words
    assert not Synonym.objects.exists()
    at_desk.post("/admin/search/synonym/create/", {"words": " Heron ;  grey  bird,heron", "language": "en"})
    assert Synonym.objects.get().words == "Heron, grey bird, heron"
    again = at_desk.post("/admin/search/synonym/create/", {"words": "grey bird, heron", "language": "en"})
    assert "mean the same already" in again.content.decode()


def test_a_chosen_result(at_desk, index, client):
    page = PracticePageFactory(title="The river")
    PracticePageFactory(title="Heron")
    index()
    key = f"pages.basepage:{page.pk}"
    form = at_desk.get("/admin/search/promotedresult/create/", {"words": "heron", "thing": key}).content.decode()
    assert "The river" in form
    wrong = {
        "": "Search for the page", "pages.basepage:999999": "not there any more", "x": "not there any more",
        "pages.basepage:" + "9" * 30: "not there any more",
    }  # fmt: skip
    for thing, sentence in wrong.items():
        data = {"words": "heron", "thing": thing, "sort_order": "0"}
        assert sentence in at_desk.post("/admin/search/promotedresult/create/", data).content.decode(), thing
    dates = {"starts": "2030-02-02", "ends": "2030-01-01"}
    data = {"words": "heron", "thing": key, "sort_order": "0", "note": ""}
    assert "last day is before" in at_desk.post("/admin/search/promotedresult/create/", data | dates).content.decode()
    assert at_desk.post("/admin/search/promotedresult/create/", data).status_code == 302
    promoted = PromotedResult.objects.get()
    assert (promoted.source_model, promoted.source_id) == ("pages.basepage", page.pk)
    assert "The river" in at_desk.get("/admin/search/promotedresult/").content.decode()
    assert client.get("/search/", {"q": "heron"}).context["results"][0].title == "The river"
    edit = f"/admin/search/promotedresult/edit/{promoted.pk}/"
    assert f'value="{key}" checked' in at_desk.get(edit).content.decode()
    assert at_desk.post(edit, data | {"words": "egret"}).status_code == 302
    promoted.refresh_from_db()
    assert promoted.words == "egret"


def test_what_is_offered_is_what_staff_may_find(staff, index, at_desk):
    page = PracticePageFactory(title="Heron for staff", audience=Audience.STAFF)
    mine = PracticePageFactory(title="Heron of somebody")
    index()
    Entry.objects.filter(source_id=mine.pk).update(scope="user:999")
    assert [thing.title for thing in things("heron", staff)] == ["Heron for staff"]
    assert things("", staff) == things("zyxnothing", staff) == []
    assert "called like that" in at_desk.get("/admin/search/things/?q=zyxnothing").content.decode()
    PromotedResult.objects.create(words="x", source_model="pages.basepage", source_id=mine.pk)
    assert "Heron of somebody" not in at_desk.get("/admin/search/promotedresult/").content.decode()
    data = {"words": "heron", "thing": f"pages.basepage:{mine.pk}", "sort_order": "0"}
    assert "not there any more" in at_desk.post("/admin/search/promotedresult/create/", data).content.decode()
    assert page.pk


def test_the_periods_are_those_of_the_brief():
    assert desk.PERIODS == (7, 30, 90)
    assert desk.FEWEST_PEOPLE == 3
