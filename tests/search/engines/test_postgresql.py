"""The engines beside PostgreSQL: its own full text, and the others with a catalogue that lies in it.

Runs this folder once more, on `HUB_TEST_POSTGRESQL` (the address of a server on which databases may be made)
or on a server that is started here, if PostgreSQL is installed.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from threading import Thread, get_ident

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from hub.pages.enums import Audience
from hub.pages.models import BasePage
from search.domain import catalogue, engine
from search.enums import Kind
from search.models import Entry
from tests.factories import PracticePageFactory

REPO = Path(__file__).resolve().parents[3]
PORT = 54_329  # of a socket in a folder of its own, never of the network


def _programs():
    """Where PostgreSQL's server is installed."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda place: int(place.parent.name), reverse=True)
    found = [place for place in places if (place / "initdb").exists()]
    if not found and (initdb := shutil.which("initdb")):
        found = [Path(initdb).resolve().parent]
    return found[0] if found else None


@pytest.fixture
def postgresql(tmp_path_factory):
    """The address of a server."""
    if address := os.environ.get("HUB_TEST_POSTGRESQL"):
        yield address
        return
    programs = _programs()
    as_whom = []
    if programs and os.geteuid() == 0:  # PostgreSQL refuses to run as root
        as_whom = ["runuser", "-u", "postgres", "--"]
    if not programs or (as_whom and not shutil.which("runuser")):
        reason = (
            "PostgreSQL is not installed (on Debian and Ubuntu: apt-get install postgresql); nothing was tested on it"
        )
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    # The path of a socket may have a hundred letters: a short folder.
    home = Path(subprocess.check_output([*as_whom, "mktemp", "-d", "/tmp/hubpg.XXXXXX"], text=True).strip())  # noqa: S108
    data = home / "data"
    quick = f"-p {PORT} -k {home} -c listen_addresses= -c fsync=off -c full_page_writes=off"

    def run(program, *arguments):
        subprocess.run([*as_whom, programs / program, "-D", data, *arguments], check=True, stdout=subprocess.DEVNULL)

    try:
        run("initdb", "-U", "hub", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        run("pg_ctl", "start", "-w", "-s", "-l", home / "log", "-o", quick)
        try:
            yield f"postgres://hub@/postgres?host={home}&port={PORT}"
        finally:
            run("pg_ctl", "stop", "-s", "-m", "immediate")
    finally:
        shutil.rmtree(home, ignore_errors=True)


@pytest.mark.slow
@pytest.mark.skipif(connection.vendor == "postgresql", reason="this run is on PostgreSQL already")
def test_every_engine_beside_postgresql(postgresql, opensearch_server):
    mine = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "HUB_", "DATABASE_"))}
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", "tests/search/engines"],
        cwd=REPO,
        env={**mine, "HUB_TEST_DATABASE_URL": postgresql, "OPENSEARCH_URL": opensearch_server},
        capture_output=True,
        text=True,
        timeout=900,
    )
    print(run.stdout[-20_000:], run.stderr[-2_000:])
    assert run.returncode == 0
    assert " passed" in run.stdout


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's own index")
def test_a_question_is_matched_by_the_index(switch, index):
    switch("database")
    PracticePageFactory(title="Heron")
    index()
    # Among few, any way to the one is as good as another.
    Entry.objects.bulk_create(
        Entry(source_model="another", source_id=number, kind=Kind.PRACTICE, scope="public", title="Crane", url="/")
        for number in range(3000)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO wagtailsearch_indexentry "
            "(content_type_id, object_id, title, body, autocomplete, title_norm, title_text, body_text) "
            "SELECT %s, id, to_tsvector(title), '', '', 1, '', '' FROM search_entry WHERE source_model = 'another'",
            [ContentType.objects.get_for_model(Entry).pk],
        )
        cursor.execute("ANALYZE search_entry, wagtailsearch_indexentry")
    results = engine.backend().search("heron", Entry.objects.filter(scope="public"))
    assert "search_title_and_body" in results.get_queryset().explain()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_what_is_hidden_while_its_entry_is_written_stays_hidden(monkeypatch):
    page = PracticePageFactory(title="Heron")
    Entry.objects.update(digest="")  # as after a change of somebody whom the page names

    def hide():
        try:
            mine = BasePage.objects.get(pk=page.pk).specific
            mine.audience = Audience.MEMBERS
            mine.save()
        finally:
            connection.close()

    hiding = Thread(target=hide)
    read = catalogue.documents_of

    def read_and_be_overtaken(thing):
        found = read(thing)
        if get_ident() == me and not hiding.ident:
            hiding.start()
            hiding.join(timeout=1)
        return found

    me = get_ident()
    monkeypatch.setattr(catalogue, "documents_of", read_and_be_overtaken)
    catalogue.refresh(page)
    hiding.join()
    assert Entry.objects.get(source_id=page.pk).scope == "members"
