"""A hub in production: refuses to start half set up, and is a whole hub once it is."""

from __future__ import annotations

import json

import pytest

from tests.settings.processes import PRODUCTION, run

START = "import hub.wsgi"


def test_no_start_without_a_key(tmp_path):
    environment = {**PRODUCTION, "HUB_DATA_DIR": str(tmp_path), "SECRET_KEY": ""}
    refused = run("-c", START, **environment)
    assert refused.returncode != 0
    assert "SECRET_KEY is not set. Make one with:" in refused.stderr
    environment.pop("SECRET_KEY")
    assert run("-c", START, **environment).returncode != 0


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("DATABASE_URL", "mysql://localhost/hub", "the hub runs on sqlite:///path or postgres://"),
        ("CACHE_URL", "memcached://localhost", "CACHE_URL must be a redis:// address"),
        ("SEARCH_URL", "solr://localhost", "use whoosh:, database:, opensearch+https:"),
    ],
)
def test_an_address_the_hub_does_not_know_is_refused_in_a_sentence(tmp_path, variable, value, sentence):
    refused = run("-c", START, **PRODUCTION, HUB_DATA_DIR=str(tmp_path), **{variable: value})
    assert refused.returncode != 0
    assert sentence in refused.stderr


def test_deploy_check_is_clean(tmp_path):
    check = run(
        "manage.py", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION, HUB_DATA_DIR=str(tmp_path)
    )  # fmt: skip
    assert check.returncode == 0, check.stderr


def test_production_is_strict_by_itself(tmp_path):
    names = [
        "DEBUG", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE",
        "SECURE_SSL_REDIRECT", "HUB_ADMIN_MFA", "SECURE_PROXY_SSL_HEADER", "WAGTAILADMIN_BASE_URL",
    ]  # fmt: skip
    script = f"import json; from django.conf import settings as s; print(json.dumps([getattr(s, n) for n in {names}]))"
    values = dict(
        zip(names, json.loads(run("-c", script, **PRODUCTION, HUB_DATA_DIR=str(tmp_path)).stdout), strict=True)
    )
    assert values == {
        "DEBUG": False,
        "ALLOWED_HOSTS": ["hub.example.org"],
        "CSRF_TRUSTED_ORIGINS": ["https://hub.example.org"],
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SECURE_SSL_REDIRECT": True,
        "HUB_ADMIN_MFA": True,
        "SECURE_PROXY_SSL_HEADER": None,
        "WAGTAILADMIN_BASE_URL": "https://hub.example.org",
    }


@pytest.mark.parametrize(("behind", "trusted"), [("true", 1), ("false", 0)])
def test_limits_count_people_and_not_the_proxy(tmp_path, behind, trusted):
    script = "from django.conf import settings as s; print(s.ALLAUTH_TRUSTED_PROXY_COUNT)"
    environment = {**PRODUCTION, "HUB_DATA_DIR": str(tmp_path), "BEHIND_PROXY": behind}
    assert run("-c", script, **environment).stdout.strip() == str(trusted)


VISIT = """
import django; django.setup()
from django.test import Client
client = Client()
for path in ("/", "/roundtables/", "/practices/", "/research/", "/accounts/login/"):
    response = client.get(path, secure=True, headers={"host": "hub.example.org"})
    print(path, response.status_code, "Content-Security-Policy" in response)
print("plain", client.get("/", headers={"host": "hub.example.org"}).status_code)
print("elsewhere", client.get("/", secure=True, headers={"host": "evil.example.com"}).status_code)
"""


@pytest.mark.slow
def test_an_empty_folder_becomes_a_working_hub(tmp_path):
    """`migrate` and `collectstatic` on nothing, as `docs/operations.md` says, then a visitor comes."""
    environment = {**PRODUCTION, "HUB_DATA_DIR": str(tmp_path), "LOG_LEVEL": "CRITICAL"}
    for command in (["migrate", "--verbosity=0"], ["collectstatic", "--noinput", "--verbosity=0"]):
        done = run("manage.py", *command, **environment)
        assert done.returncode == 0, done.stderr
    visit = run("-c", VISIT, **environment)
    assert visit.stdout.splitlines() == [
        "/ 200 True",
        "/roundtables/ 200 True",
        "/practices/ 200 True",
        "/research/ 200 True",
        "/accounts/login/ 200 True",
        "plain 301",
        "elsewhere 400",
    ], visit.stderr
