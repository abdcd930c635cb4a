"""Turns the addresses of the environment (`DATABASE_URL`, `CACHE_URL`, `SEARCH_URL`) into settings."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

# Measured with four writers and four readers: without these, 94 % of publishes fail "database is
# locked"; with them none does (docs/adr/0003-sqlite.md).
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY; "
        "PRAGMA mmap_size=134217728; PRAGMA cache_size=-20000; PRAGMA foreign_keys=ON;"
    ),
}

# No save writes an index: the hub's own queue does, after the commit (docs/search.md).
BY_OUR_QUEUE = {"AUTO_UPDATE": False}

SERVERS_TIME = 10  # seconds for one request to OpenSearch, a question or a batch; then the database answers


def from_url(url: str, data_dir: Path) -> dict[str, Any]:
    """The Django database for `DATABASE_URL`; without one, SQLite in the data folder."""
    if not url:
        data_dir.mkdir(parents=True, exist_ok=True)
        return _sqlite(data_dir / "hub.sqlite3")
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(Path(unquote(parts.path)) if parts.path else data_dir / "hub.sqlite3")
    if parts.scheme in ("postgres", "postgresql"):
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": dict(parse_qsl(parts.query)),
        }
    raise ImproperlyConfigured(
        f"DATABASE_URL begins with {parts.scheme!r}; the hub runs on sqlite:///path or postgres://…"
    )


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": 60,  # opening a file and setting its options costs as much as five queries
        "OPTIONS": dict(SQLITE_OPTIONS),
    }


def cache_from_url(url: str) -> dict[str, Any]:
    """The cache for `CACHE_URL` (redis://…); without one, memory of the process."""
    if not url:
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    if urlsplit(url).scheme in ("redis", "rediss", "unix"):
        return {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": url}
    raise ImproperlyConfigured("CACHE_URL must be a redis:// address, or empty.")


def search_from_url(url: str, data_dir: Path) -> dict[str, Any]:
    """The search engine for `SEARCH_URL`; without one, the Whoosh index in the data folder.

    `whoosh:///folder`, `database:` (PostgreSQL's or SQLite's own full text),
    `opensearch+https://host:9200`, `elasticsearch+https://host:9200`.
    """
    parts = urlsplit(url)
    if not url or parts.scheme == "whoosh":
        path = Path(unquote(parts.path)) if parts.path else data_dir / "index"
        return {"BACKEND": "search.backends.whoosh", "PATH": str(path), **BY_OUR_QUEUE}
    if parts.scheme == "database":
        return {"BACKEND": "modelsearch.backends.database", **BY_OUR_QUEUE}
    for name, credentials in (("opensearch", "http_auth"), ("elasticsearch", "basic_auth")):
        if parts.scheme.startswith(name):
            _, _, transport = parts.scheme.partition("+")
            who = (unquote(parts.username or ""), unquote(parts.password or ""))
            return {
                "BACKEND": f"search.backends.{name}",
                # Without user and password: the address is shown in the hub's status and in errors.
                "URLS": [f"{transport or 'http'}://{parts.netloc.rpartition('@')[2]}{parts.path}"],
                "INDEX_PREFIX": dict(parse_qsl(parts.query)).get("prefix", "hub_"),
                "TIMEOUT": SERVERS_TIME,
                "OPTIONS": {credentials: who} if any(who) else {},
                **BY_OUR_QUEUE,
            }
    raise ImproperlyConfigured(
        f"SEARCH_URL begins with {parts.scheme!r}; use whoosh:, database:, opensearch+https: or elasticsearch+https:."
    )
