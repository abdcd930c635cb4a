"""A whole hub in a process of its own, with the demo community, and a real browser."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

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


@dataclass(frozen=True)
class Hub:
    """A running hub: its address and its data folder."""

    url: str
    data: Path
    environment: dict[str, str]

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


@pytest.fixture(scope="session")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    data = tmp_path_factory.mktemp("hub")
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith(("HUB_", "DJANGO_"))},
        "HUB_DATA_DIR": str(data),
        "HUB_BASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "hub.settings.dev",
        "DEBUG": "false",
        "PYTHONPATH": str(ROOT),
    }
    environment.pop("SECRET_KEY", None)
    running = Hub(url, data, environment)
    running.manage("migrate", "--verbosity", "0")
    running.manage("load_demo")
    log = (data / "server.log").open("wb")
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "hub.wsgi", "--bind", f"127.0.0.1:{port}",
         "--worker-class", "gthread", "--workers", "1", "--threads", "4", "--log-level", "warning"],
        cwd=ROOT, env=environment, stdout=log, stderr=log,
    )  # fmt: skip
    try:
        _wait_for(url, server)
        yield running
    finally:
        server.terminate()
        server.wait(timeout=20)
        log.close()


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
