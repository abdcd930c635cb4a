"""Logging in and out, new passwords, and Wagtail's own doors."""

import re

import pytest
from django.core import mail
from django.core.cache import cache

from hub.accounts.domain import people
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

PASSWORD = "a-table-of-linden-wood"


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


@pytest.fixture
def robin():
    user = UserFactory(email="robin@example.org")
    user.set_password(PASSWORD)
    user.save()
    return user


def log_in(client, email="robin@example.org", password=PASSWORD, **more):
    return client.post("/accounts/login/", {"login": email, "password": password, **more})


@pytest.mark.parametrize("email", ["robin@example.org", "ROBIN@example.ORG", " robin@example.org "])
def test_people_log_in_with_their_address_however_they_write_it(client, robin, email):
    assert log_in(client, email)["Location"] == "/my-hub/"


def test_the_session_ends_with_the_browser_unless_one_asks_otherwise(client, robin):
    log_in(client)
    assert client.session.get_expire_at_browser_close()
    client.post("/accounts/logout/")
    log_in(client, remember="on")
    assert not client.session.get_expire_at_browser_close()


@pytest.mark.parametrize(
    ("target", "lands"),
    [
        ("/practices/?q=1", "/practices/?q=1"),
        ("https://elsewhere.example/", "/my-hub/"),
        ("//elsewhere.example/", "/my-hub/"),
        ("javascript:alert(1)", "/my-hub/"),
    ],
)
def test_next_is_kept_and_safe(client, robin, target, lands):
    assert log_in(client, next=target)["Location"] == lands


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client, robin):
    texts = []
    for email in ("robin@example.org", "nobody@example.org"):
        html = log_in(client, email, "wrong").content.decode()
        texts.append(re.findall(r"notice--wrong.*?</div>", html, re.S)[0])
    assert texts[0] == texts[1]


def test_trying_passwords_is_slowed_down(client, robin):
    for _ in range(6):
        log_in(client, password="wrong")
    html = log_in(client).content.decode()
    assert "Too many failed login attempts" in html


def test_a_closed_account_does_not_open(client, robin):
    robin.is_active = False
    robin.save()
    assert log_in(client)["Location"] == "/accounts/inactive/"
    assert "_auth_user_id" not in client.session


def test_a_new_password_comes_by_mail_and_logs_out_other_machines(client, robin):
    elsewhere = type(client)()
    log_in(elsewhere)
    known = client.post("/accounts/password/reset/", {"email": "robin@example.org"}, follow=True).content
    link = re.search(r"http://testserver(/accounts/password/reset/key/\S+)", mail.outbox[0].body)[1]
    page = client.get(link, follow=True)
    form_url = page.redirect_chain[-1][0]
    response = client.post(form_url, {"password1": "another-long-word-7", "password2": "another-long-word-7"})
    assert response["Location"] == "/my-hub/"  # logged in: the link proved the address
    assert elsewhere.get("/accounts/password/change/").status_code == 302
    assert "no longer works" in type(client)().get(link, follow=True).content.decode()
    stranger = type(client)().post("/accounts/password/reset/", {"email": "nobody@example.org"}, follow=True).content
    strip = lambda html: re.sub(rb'nonce="[^"]*"|value="[^"]*"|content="[^"]*"', b"", html)  # noqa: E731
    assert strip(known) == strip(stranger)
    assert "/apply/" in mail.outbox[-1].body  # the unknown address is told how to join


def test_an_invited_person_chooses_a_password_and_is_in(client, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        user = people.open_account(email="New@Example.org", name="Nia New Person")
        people.invite(user)
    assert (user.email, user.first_name, user.last_name) == ("new@example.org", "Nia New", "Person")
    link = re.search(r"http://testserver(/accounts/password/reset/key/\S+)", mail.outbox[0].body)[1]
    form_url = client.get(link, follow=True).redirect_chain[-1][0]
    response = client.post(form_url, {"password1": PASSWORD, "password2": PASSWORD})
    assert response["Location"] == "/my-hub/"
    assert client.session["_auth_user_id"] == str(user.pk)


@pytest.mark.parametrize("path", ["/admin/login/", "/_util/login/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_wagtails_login_forms_lead_to_ours(client, robin, path, method):
    data = {"username": "robin@example.org", "email": "robin@example.org", "password": PASSWORD}
    response = getattr(client, method)(f"{path}?next=/admin/pages/", data if method == "post" else None)
    assert (response.status_code, response["Location"]) == (302, "/accounts/login/?next=/admin/pages/")
    assert "_auth_user_id" not in client.session


def test_the_editor_sends_strangers_to_our_login_and_back(client):
    assert client.get("/admin/pages/")["Location"] == "/accounts/login/?next=/admin/pages/"


@pytest.mark.parametrize("path", ["", "done/", "confirm/MQ/set-password/", "complete/"])
def test_wagtails_password_reset_leads_to_ours(client, path):
    assert client.get(f"/admin/password_reset/{path}")["Location"] == "/accounts/password/reset/"


def test_logging_out_of_the_editor_logs_out_of_the_hub(client, staff):
    client.force_login(staff)
    assert client.post("/admin/logout/")["Location"] == "/"
    assert "_auth_user_id" not in client.session


def test_a_get_does_not_log_out(client, staff):
    client.force_login(staff)
    for path in ("/admin/logout/", "/accounts/logout/"):
        assert client.get(path).status_code == 200
        assert "_auth_user_id" in client.session


def test_members_without_a_seat_are_told_so_instead_of_going_in_circles(client, member):
    client.force_login(member)
    response = client.get("/admin/", follow=True)
    assert response.status_code == 403
    assert "The editor opens with a seat" in response.content.decode()


ALL_PAGES = [
    "/accounts/login/", "/accounts/password/reset/", "/accounts/password/reset/done/", "/accounts/inactive/",
    "/accounts/confirm-email/", "/accounts/confirm-email/no-such-key/", "/apply/", "/apply/thanks/",
    "/accounts/password/reset/key/done/", "/accounts/password/reset/key/1-nonsense/",
]  # fmt: skip
MY_PAGES = [
    "/accounts/logout/", "/accounts/password/change/", "/accounts/email/", "/accounts/reauthenticate/",
    "/accounts/2fa/", "/accounts/2fa/webauthn/", "/my-hub/profile/",
]  # fmt: skip


@pytest.mark.parametrize("path", ALL_PAGES + MY_PAGES)
def test_every_page_of_the_account_is_in_the_hubs_design_and_obeys_its_content_policy(client, member, path):
    if path in MY_PAGES:
        member.set_password(PASSWORD)
        member.save()
        client.force_login(member)
    response = client.get(path)
    html = response.content.decode()
    assert response.status_code == 200, response.get("Location")
    assert 'class="masthead"' in html and 'class="account' in html
    assert "'unsafe-inline'" not in response["Content-Security-Policy"]
    assert not re.search(r'<script(?![^>]*\b(?:src=|type="application/json"))', html), "inline script"
    assert " style=" not in html and "<style" not in html and not re.search(r"\son[a-z]+=", html)
