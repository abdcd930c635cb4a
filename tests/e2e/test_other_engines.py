"""One hub goes to another search engine and comes back: its people notice nothing."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import MEMBER, Hub, search_at

WORDS = "nobody reads my report to the board"


@pytest.fixture(scope="module")
def engines() -> Iterator[list[str]]:
    """The addresses of a way there and back."""
    from osmem_server import OsmemServer

    own = os.environ.get("HUB_TEST_SEARCH_URL", "")
    if url := os.environ.get("OPENSEARCH_URL"):
        yield [f"opensearch+{url}", "database:", own]
        return
    with OsmemServer.start() as server:
        yield [f"opensearch+{server.url}", "database:", own]


def practices_found(visitor) -> set[str]:
    page = visitor.open(f"/search/?q={WORDS}&kind=practice")
    expect(page.locator("main .row__title a").first).to_be_visible()
    assert page.locator("main mark").count() >= 1
    return set(page.locator("main .row__title a").all_inner_texts())


def test_there_and_back(visit, hub: Hub, engines):
    mark, first = "back", hub.environment["SEARCH_URL"]
    member = visit(MEMBER)
    hub.manage("search_rebuild")  # until then what was saved twice weighs twice, and the last rows of a page may swap
    before = practices_found(member)
    seen = set()
    try:
        for address in engines:
            hub.start(SEARCH_URL=search_at(address, mark) if address else first)
            # Before anything is filled the database answers; then the engine, and the same things are there.
            expect(member.open(f"/search/?q={WORDS}").locator("main .row__title a").first).to_be_visible()
            hub.manage("search_rebuild")
            status = json.loads(hub.manage("search_status", "--json"))
            assert (status["lag"], status["last_error"]) == (0, None)
            seen.add(status["engine"])
            assert practices_found(member) & before
            page = member.open("/practices/")
            page.keyboard.press("/")
            page.keyboard.type("volunt")
            expect(page.locator("[role=option]").nth(1)).to_be_visible()
            page.keyboard.press("Enter")
            page.wait_for_url(re.compile(r"/search/\?q=volunt"))
    finally:
        hub.start(SEARCH_URL=first)
    assert len(seen) > 1, "they were different engines"
    assert practices_found(member) == before
    assert member.complaints == []
