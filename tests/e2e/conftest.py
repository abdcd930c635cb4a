"""A whole hub in a process of its own, with the demo community, and a real browser.

It stands where the suite does: `HUB_TEST_DATABASE_URL` and `HUB_TEST_SEARCH_URL` give it a database and an index of
its own on those servers, which are gone afterwards.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from hub.demo.domain.people import PASSWORD

ROOT = Path(__file__).resolve().parent.parent.parent
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
CHROMIUM_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
MEMBER, LEADER, REVIEWER, STAFF = (
    "nadia.farouk@example.org",
    "adaeze.obi@example.org",
    "marta.lindqvist@example.org",
    "admin@example.org",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker runs all of these: they share a server."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.xdist_group("e2e"))
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="no Chromium here: apt-get install chromium, or set CHROMIUM"))


@dataclass
class Hub:
    """A running hub: its address and its data folder."""

    url: str
    data: Path
    environment: dict[str, str]
    server: subprocess.Popen[bytes] | None = None

    def start(self, **environment: str) -> None:
        """Serve; as after a restart with another environment, if one is given."""
        self.stop()
        self.environment |= environment
        with (self.data / "server.log").open("ab") as log:
            self.server = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "hub.wsgi", "--bind", self.url.removeprefix("http://"),
                 "--worker-class", "gthread", "--workers", "1", "--threads", "4", "--log-level", "warning"],
                cwd=ROOT, env=self.environment, stdout=log, stderr=log,
            )  # fmt: skip
        _wait_for(self.url, self.server)

    def stop(self) -> None:
        """Serve no more."""
        if self.server is not None:
            self.server.terminate()
            self.server.wait(timeout=20)
            self.server = None

    def manage(self, *arguments: str) -> str:
        """Run a command against the running hub's data; its output."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=ROOT, env=self.environment, check=True,
            capture_output=True, text=True, timeout=300,
        ).stdout  # fmt: skip

    def mails(self) -> str:
        """All mail sent so far."""
        return "\n".join(file.read_text() for file in sorted((self.data / "mail").glob("*")))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def _database(name: str, like: str = "template1") -> Iterator[dict[str, str]]:
    """A database of its own beside that of the suite, as the one named `like`, if that is on a server; else none is
    needed."""
    address = os.environ.get("HUB_TEST_DATABASE_URL", "")
    if not address.startswith("postgres"):
        yield {"DATABASE_URL": ""}
        return
    import psycopg

    own = urlsplit(address)._replace(path=f"/{name}").geturl()
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{like}"')
        try:
            yield {"DATABASE_URL": own}
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def search_at(address: str, mark: str) -> str:
    """`address` with indexes of its own."""
    return f"{address}?prefix={mark}_" if address.startswith(("opensearch", "elasticsearch")) else address


def _environment(url: str, data: Path, database: dict[str, str], search: str) -> dict[str, str]:
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("HUB_", "DJANGO_"))}
    inherited.pop("SECRET_KEY", None)
    return {
        **inherited,
        **database,
        "SEARCH_URL": search,
        "HUB_DATA_DIR": str(data),
        "HUB_BASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "hub.settings.dev",
        "DEBUG": "false",
        "PYTHONPATH": str(ROOT),
    }


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """The demo community as it is loaded: a data folder, and the name of its database on a server, never touched."""
    data, name = tmp_path_factory.mktemp("demo"), f"e2e_{uuid.uuid4().hex[:12]}"
    with _database(name) as database:
        made = Hub("http://127.0.0.1", data, _environment("http://127.0.0.1", data, database, ""))
        made.manage("migrate", "--verbosity", "0")
        made.manage("load_demo")
        yield data, name


@pytest.fixture(scope="module")
def hub(demo: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """A hub for one file of tests, as fresh as the demo: what another file did there is not seen here."""
    data, like = demo
    own, mark = tmp_path_factory.mktemp("hub"), f"e2e_{uuid.uuid4().hex[:12]}"
    shutil.copytree(data, own, dirs_exist_ok=True)
    url, search = f"http://127.0.0.1:{_free_port()}", search_at(os.environ.get("HUB_TEST_SEARCH_URL", ""), mark)
    with _database(mark, like) as database:
        running = Hub(url, own, _environment(url, own, database, search))
        if search:
            running.manage("search_rebuild")
        try:
            running.start()
            yield running
        finally:
            running.stop()


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(150):
        if server.poll() is not None:
            raise RuntimeError("The hub did not start; see server.log in its data folder.")
        try:
            urllib.request.urlopen(f"{url}/robots.txt", timeout=2)  # noqa: S310 - our own server
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError("The hub did not answer within 30 seconds.")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium for one file of tests.

    Not for the session: while Playwright lives, an event loop runs in this thread, and Django refuses
    the database to whatever test the worker runs next.
    """
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


class Visitor:
    """Somebody with a browser window of their own. Collects what the console complains about."""

    def __init__(self, hub: Hub, context: BrowserContext) -> None:
        self.hub, self.context = hub, context
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console",
            lambda message: self.complaints.append(message.text) if message.type == "error" else None,
        )

    def open(self, path: str) -> Page:
        self.page.goto(path if path.startswith("http") else self.hub.url + path)
        return self.page

    def log_in(self, email: str) -> Page:
        page = self.open("/accounts/login/")
        page.fill("input[name=login]", email)
        page.fill("input[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url(lambda url: "/accounts/login" not in url)
        return page


@pytest.fixture
def visit(hub: Hub, browser: Browser) -> Iterator[object]:
    """`visit(email=None, **context options)` opens a window, logged in as `email` if given."""
    contexts: list[BrowserContext] = []

    def open_window(email: str | None = None, **options: object) -> Visitor:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})  # type: ignore[arg-type]
        contexts.append(context)
        visitor = Visitor(hub, context)
        if email:
            visitor.log_in(email)
        return visitor

    yield open_window
    for context in contexts:
        context.close()
