"""What the addresses of the environment mean."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from hub.settings.databases import cache_from_url, from_url, search_from_url


def test_postgresql_with_quoted_password_and_options(tmp_path):
    settings = from_url("postgres://hub:p%40ss%2Fword@db.internal:5433/hub%20one?sslmode=require", tmp_path)
    assert settings["ENGINE"] == "django.db.backends.postgresql"
    assert (settings["USER"], settings["PASSWORD"]) == ("hub", "p@ss/word")
    assert (settings["HOST"], settings["PORT"], settings["NAME"]) == ("db.internal", "5433", "hub one")
    assert settings["OPTIONS"] == {"sslmode": "require"}


def test_sqlite_elsewhere_keeps_the_measured_options(tmp_path):
    settings = from_url("sqlite:///srv/hub%20data/hub.sqlite3", tmp_path)
    assert settings["NAME"] == Path("/srv/hub data/hub.sqlite3")
    assert settings["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_each_database_has_options_of_its_own(tmp_path):
    one, two = from_url("", tmp_path), from_url("", tmp_path)
    one["OPTIONS"]["timeout"] = 1
    assert two["OPTIONS"]["timeout"] == 20


@pytest.mark.parametrize(
    ("url", "backend", "extra"),
    [
        ("", "search.backends.whoosh", {"PATH": "/data/index"}),
        ("whoosh:///srv/index", "search.backends.whoosh", {"PATH": "/srv/index"}),
        ("database:", "modelsearch.backends.database", {}),
        ("opensearch+https://search:9200", "search.backends.opensearch", {"URLS": ["https://search:9200"]}),
        ("elasticsearch://search:9200?prefix=a_", "search.backends.elasticsearch", {"INDEX_PREFIX": "a_"}),
    ],
)
def test_search_engines(url, backend, extra):
    settings = search_from_url(url, Path("/data"))
    assert settings["BACKEND"] == backend
    assert extra.items() <= settings.items()


def test_caches():
    assert cache_from_url("")["BACKEND"].endswith("LocMemCache")
    assert cache_from_url("redis://cache:6379/1") == {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": "redis://cache:6379/1",
    }
    with pytest.raises(ImproperlyConfigured):
        cache_from_url("file:///cache")
