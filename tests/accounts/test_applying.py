"""Applying for membership: what the public form does, and what it never tells."""

import re

import pytest
from django.core import mail
from django.core.cache import cache

from hub.accounts.enums import ApplicationState
from hub.accounts.models import Application
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

ANSWERS = {
    "name": "Ada Example",
    "email": "ada@example.org",
    "organisation": "Example Trust",
    "function": "Research",
    "industry": "Health",
    "reason": "I would like to compare notes.",
}


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def apply(client, django_capture_on_commit_callbacks):
    """Send the form, and let the transaction end."""

    def send(**changes):
        with django_capture_on_commit_callbacks(execute=True):
            return client.post("/apply/", {**ANSWERS, **changes})

    return send


def test_an_application_is_kept_and_both_sides_are_told(apply, staff):
    assert apply()["Location"] == "/apply/thanks/"
    application = Application.objects.get()
    assert application.state == ApplicationState.PENDING
    assert {message.to[0]: message.subject for message in mail.outbox} == {
        "ada@example.org": "Your application to The Linden Table",
        staff.email: "Ada Example would like to join",
    }
    to_staff = next(message for message in mail.outbox if message.to == [staff.email])
    assert f"/admin/accounts/application/inspect/{application.pk}/" in to_staff.body
    assert to_staff.alternatives, "a letter has an HTML side as well"


def test_what_was_typed_is_kept_when_something_is_missing(apply):
    response = apply(email="not an address", reason="")
    html = response.content.decode()
    assert response.status_code == 200
    assert "Ada Example" in html and "not an address" in html
    assert "It should read like name@example.org." in html
    assert Application.objects.count() == 0 and mail.outbox == []


@pytest.mark.parametrize("known", ["account", "account in other letters", "applied before", "unknown"])
def test_the_answer_is_the_same_whoever_the_address_belongs_to(client, apply, known):
    if known.startswith("account"):
        UserFactory(email="ada@example.org")
    if known == "applied before":
        Application.objects.create(**ANSWERS)
    email = "ADA@Example.org" if "other" in known else "ada@example.org"
    response = apply(email=email)
    assert (response.status_code, response["Location"]) == (302, "/apply/thanks/")
    html = client.get("/apply/thanks/").content.decode()
    assert "Thank you for applying" in html and "ada" not in html.lower().replace("adapt", "")
    assert [message.to for message in mail.outbox] == [["ada@example.org"]]  # everybody gets exactly one message


def test_an_account_holder_learns_by_mail_that_there_is_no_need_to_apply(apply):
    UserFactory(email="ada@example.org")
    apply()
    assert mail.outbox[0].subject == "You have an account at The Linden Table"
    assert Application.objects.count() == 0


def test_a_machine_that_fills_in_everything_is_thanked_and_forgotten(apply):
    response = apply(nickname="bot")
    assert response["Location"] == "/apply/thanks/"
    assert Application.objects.count() == 0 and mail.outbox == []


def test_nobodys_mailbox_can_be_filled_by_applying_in_their_name(apply):
    codes = [apply().status_code for _ in range(5)]
    assert codes == [302, 302, 302, 429, 429]
    assert len(mail.outbox) == 3
    assert "a little too often" in apply().content.decode()


def test_members_are_led_to_their_hub_instead(client, member):
    client.force_login(member)
    assert client.get("/apply/")["Location"] == "/my-hub/"


def test_there_is_no_open_sign_up(client):
    response = client.get("/accounts/signup/")
    assert (response.status_code, response["Location"]) == (302, "/apply/")
    client.post(
        "/accounts/signup/", {"email": "x@example.org", "password1": "long-enough-1", "password2": "long-enough-1"}
    )
    from hub.accounts.models import User

    assert not User.objects.filter(email="x@example.org").exists()


def test_the_form_works_without_script_and_names_every_field(client):
    html = client.get("/apply/").content.decode()
    ids = re.findall(r'<(?:input|textarea)[^>]* id="(id_[a-z]+)"', html)
    assert len(ids) == 7
    for id_ in ids:
        assert f'for="{id_}"' in html


def test_a_name_of_two_lines_reaches_the_staff_on_one(apply, staff):
    apply(name="Ada\r\nExample")
    assert "Ada Example would like to join" in [message.subject for message in mail.outbox]
