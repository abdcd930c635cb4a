"""The editor asks for a second factor: at each of its doors, from everybody who may pass them."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache

from hub.pages.enums import PageSeatRole
from hub.pages.models import PageSeat
from tests.factories import PracticePageFactory, UserFactory

pytestmark = pytest.mark.django_db

PASSWORD = "a-table-of-linden-wood"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
DOORS = [
    "/admin/",
    "/admin/pages/",
    "/admin/images/",
    "/admin/reports/locked/",
    "/admin/account/",
    "/admin/choose-page/",
]


@pytest.fixture(autouse=True)
def demand_it(settings):
    cache.clear()
    settings.HUB_ADMIN_MFA = True


def code():
    return format_hotp_value(hotp_value(SECRET, next(iter(yield_hotp_counters_from_time()))))


def enrol(user):
    TOTP.activate(user, SECRET)
    RecoveryCodes.activate(user)


def log_in(client, user):
    user.set_password(PASSWORD)
    user.save()
    return client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})


@pytest.fixture(params=["staff", "leader with a seat", "administrator"])
def editor(request):
    if request.param == "staff":
        return request.getfixturevalue("staff")
    if request.param == "administrator":
        return UserFactory(is_superuser=True)
    leader = request.getfixturevalue("leader")
    PageSeat.objects.create(page=PracticePageFactory(), user=leader, role=PageSeatRole.CO_AUTHOR)
    return leader


@pytest.mark.parametrize("door", DOORS)
def test_without_a_second_factor_one_is_sent_to_set_one_up(client, editor, door):
    log_in(client, editor)
    response = client.get(door, follow=True)
    assert response.redirect_chain[0] == ("/accounts/2fa/", 302)
    assert "The editor asks for a second factor" in response.content.decode()


def test_posting_without_a_second_factor_changes_nothing(client, staff):
    page = PracticePageFactory(title="Before")
    log_in(client, staff)
    response = client.post(f"/admin/pages/{page.pk}/delete/")
    assert response["Location"] == "/accounts/2fa/"
    page.refresh_from_db()


def test_with_the_code_at_the_login_the_editor_opens(client, editor):
    enrol(editor)
    assert log_in(client, editor)["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/admin/")["Location"] == "/accounts/login/?next=/admin/"  # half a login is none
    assert client.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
    client.post("/accounts/2fa/authenticate/", {"code": code()})
    assert client.get("/admin/").status_code == 200


def test_a_recovery_code_opens_as_well(client, staff):
    enrol(staff)
    recovery = Authenticator.objects.get(user=staff, type="recovery_codes").wrap().get_unused_codes()[0]
    log_in(client, staff)
    client.post("/accounts/2fa/authenticate/", {"code": recovery})
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("door", DOORS)
def test_a_session_that_did_not_use_it_is_asked(client, editor, door):
    """Whatever way somebody got a session without the second factor: enrolling alone is not enough."""
    enrol(editor)
    client.force_login(editor)
    response = client.get(f"{door}?a=1")
    assert response["Location"].startswith("/accounts/2fa/reauthenticate/?next=")
    page = client.get(response["Location"])
    assert "Show that it is you" in page.content.decode()
    back = client.post(response["Location"], {"code": code(), "next": f"{door}?a=1"})
    assert back["Location"] == f"{door}?a=1"
    # a door that is not theirs to open leads back to the editor's front page, not to the second factor
    assert not client.get(door).get("Location", "").startswith("/accounts/")


def test_somebody_elses_second_factor_in_the_session_does_not_count(client, staff):
    enrol(staff)
    other = UserFactory(is_superuser=True)
    TOTP.activate(other, SECRET)
    log_in(client, staff)
    client.post("/accounts/2fa/authenticate/", {"code": code()})
    client.force_login(other)
    assert client.get("/admin/")["Location"].startswith("/accounts/2fa/reauthenticate/")


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_setting_up_an_app_leads_to_the_editor(client, staff):
    log_in(client, staff)
    assert client.get("/admin/")["Location"] == "/accounts/2fa/"
    page = client.get("/accounts/2fa/totp/activate/", follow=True)
    if "password" in page.content.decode() and page.request["PATH_INFO"] == "/accounts/reauthenticate/":
        page = client.post(page.request["PATH_INFO"] + "?next=/accounts/2fa/totp/activate/",
                           {"password": PASSWORD, "next": "/accounts/2fa/totp/activate/"}, follow=True)  # fmt: skip
    html = page.content.decode()
    secret = re.search(r'id="authenticator_secret"[^>]* value="([A-Z2-7]+)"', html)[1]
    current = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    client.post("/accounts/2fa/totp/activate/", {"code": current})
    assert Authenticator.objects.filter(user=staff, type="totp").exists()
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("door", ["/admin/login/", "/admin/logout/", "/admin/password_reset/"])
def test_the_doors_out_stay_open(client, staff, door):
    log_in(client, staff)
    assert client.get(door).get("Location") != "/accounts/2fa/"


def test_a_hub_can_do_without(client, staff, settings):
    settings.HUB_ADMIN_MFA = False
    client.force_login(staff)
    assert client.get("/admin/").status_code == 200


def test_production_demands_it_by_default():
    from pathlib import Path

    text = Path("hub/settings/production.py").read_text()
    assert 'HUB_ADMIN_MFA = env.bool("HUB_ADMIN_MFA", True)' in text


@pytest.mark.parametrize(
    "path",
    ["/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/add/", "/accounts/2fa/recovery-codes/",
     "/accounts/2fa/recovery-codes/generate/", "/accounts/2fa/totp/deactivate/", "/accounts/2fa/reauthenticate/",
     "/accounts/2fa/", "/accounts/2fa/webauthn/"],
)  # fmt: skip
def test_every_page_about_the_second_factor_is_in_the_hubs_design(client, staff, path):
    enrol(staff)
    log_in(client, staff)
    client.post("/accounts/2fa/authenticate/", {"code": code()})
    if path.endswith("/totp/activate/"):
        Authenticator.objects.filter(user=staff).delete()
    response = client.get(path, follow=True)
    html = response.content.decode()
    assert response.status_code == 200 and 'class="masthead"' in html and 'class="account' in html
    assert not re.search(r'<script(?![^>]*\b(?:src=|type="application/json"))', html)
    assert " style=" not in html and not re.search(r"\son[a-z]+=", html)


def test_the_page_that_asks_at_the_login_is_in_the_hubs_design(client, staff):
    enrol(staff)
    log_in(client, staff)
    html = client.get("/accounts/2fa/authenticate/").content.decode()
    assert 'class="masthead"' in html and "Your second factor" in html and "mfa/js/webauthn" in html
    assert not re.search(r'<script(?![^>]*\b(?:src=|type="application/json"))', html)
