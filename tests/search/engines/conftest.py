"""One engine after another, chosen by the address that a hub would have in `SEARCH_URL`.

`database` is the full text of whatever database the suite runs on; `test_postgresql.py` runs this folder
once more on PostgreSQL. OpenSearch is `OPENSEARCH_URL`, or a server in memory that speaks its language.
"""

import os
import uuid
from urllib.parse import urlsplit

import pytest

from hub.settings import databases
from search.domain import engine

ENGINES = ["whoosh", "database", "opensearch"]


@pytest.fixture(scope="session")
def opensearch_server():
    """The address of a server; every test has a prefix of its own there."""
    if url := os.environ.get("OPENSEARCH_URL"):
        yield url.rstrip("/")
        return
    from osmem_server import OsmemServer

    with OsmemServer.start() as server:
        yield server.url.rstrip("/")


@pytest.fixture
def switch(settings, own_index, opensearch_server, request):
    """Gives the hub another engine, as a restart with another `SEARCH_URL` does."""
    mark = uuid.uuid4().hex[:12]
    addresses = {
        "whoosh": f"whoosh://{own_index}" if own_index else f"whoosh://{settings.DATA_DIR}/indexes/{mark}",
        "database": "database:",
        "opensearch": f"opensearch+{opensearch_server}?prefix=t{mark}_",
    }

    def to(name):
        config = databases.search_from_url(addresses[name], settings.DATA_DIR)
        if "TIMEOUT" in config:
            config["TIMEOUT"] = 60  # a busy machine is no failure of the hub
        settings.WAGTAILSEARCH_BACKENDS = {"default": config}
        settings.MODELSEARCH_BACKENDS = settings.WAGTAILSEARCH_BACKENDS

    yield to
    to("opensearch")
    engine.backend().es.indices.delete(index=f"t{mark}_*", ignore_unavailable=True)


@pytest.fixture(params=ENGINES)
def on_engine(request, switch):
    """The name of the engine this test runs on."""
    switch(request.param)
    return request.param


@pytest.fixture
def nobody_there(settings):
    """An OpenSearch server that is not there: what is written down, and what people notice."""
    url = "opensearch+http://somebody:hunter2secret@127.0.0.1:9?prefix=gone_"
    settings.WAGTAILSEARCH_BACKENDS = {"default": databases.search_from_url(url, settings.DATA_DIR)}
    settings.MODELSEARCH_BACKENDS = settings.WAGTAILSEARCH_BACKENDS
    return urlsplit(url).password
