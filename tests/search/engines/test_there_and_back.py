"""A hub that lives: from one engine to the next and back, with changes on each. What an engine was filled with
in an earlier time never answers."""

from contextlib import suppress

import pytest
from django.core.management import call_command

from hub.pages.enums import Audience
from hub.pages.models import BasePage
from search.domain import engine, queue, suggestions
from search.domain.query import find
from search.domain.status import search_status
from search.models import Entry, IndexStatus
from tests.factories import PracticePageFactory
from tests.search.asking import titles

pytestmark = pytest.mark.django_db

ROUND = ["whoosh", "opensearch", "database", "whoosh", "database", "opensearch", "whoosh"]


def hide(title):
    page = BasePage.objects.get(title=title)
    page.audience = Audience.MEMBERS
    page.save()


@pytest.mark.parametrize("fill", ["search_sync", "search_rebuild"])
def test_there_and_back_with_changes_on_each(switch, member, fill):
    everything, public = set(), set()
    for step, name in enumerate(ROUND):
        switch(name)
        if step:
            assert search_status()["state"] == "outdated"
        for when in ("before it is filled", "after"):
            answer = find("heron", per_page=50)
            assert {hit.entry.title for hit in answer.hits} == public, f"{name}, {when}"
            assert answer.total == len(public) == answer.facets.get("kind", {}).get("practice", 0)
            assert set(titles("heron", member)) == everything
            if when == "before it is filled":
                call_command(fill, verbosity=0)
        assert not answer.from_database, name
        assert search_status()["state"] == "ok" and search_status()["lag"] == 0

        titles_now = [f"Heron {step} {what}" for what in ("stays", "hides", "goes")]
        for title in titles_now:
            PracticePageFactory(title=title)
        call_command("search_sync", verbosity=0)
        assert set(titles("heron")) == public | set(titles_now)
        everything |= set(titles_now[:2])
        public.add(titles_now[0])
        if step % 2:  # the engine hears of it
            hide(titles_now[1])
            BasePage.objects.get(title=titles_now[2]).delete()
            call_command("search_sync", verbosity=0)
        else:  # it does not: the next one is the first to
            hide(titles_now[1])
            BasePage.objects.get(title=titles_now[2]).delete()
        assert set(titles("heron")) == public


def test_the_engine_that_comes_back_says_nothing_of_what_it_knew(switch, index):
    switch("whoosh")
    page = PracticePageFactory(title="Heron secret")
    index()
    switch("database")
    index()
    hide("Heron secret")
    index()
    switch("whoosh")
    answer = find("heron")
    assert answer.from_database and answer.total == 0
    assert not any(answer.facets.values())
    assert suggestions.suggest("hero") == []
    BasePage.objects.get(pk=page.pk).delete()
    index()
    assert engine.backend().search("heron", Entry).count() == 0


def test_the_editors_own_search_moves_along(switch, client, staff, index):
    call_command("sync_roles", verbosity=0)
    client.force_login(staff)
    PracticePageFactory(title="Heron draft", live=False)
    for name in ROUND:
        switch(name)
        index()
        assert "Heron draft" in client.get("/admin/pages/search/", {"q": "heron"}).content.decode(), name


def test_no_password_is_written_or_shown(nobody_there, client, staff, capsys, caplog):
    PracticePageFactory(title="Heron")
    assert queue.drain().error
    assert find("heron").from_database and find("heron").total == 1
    call_command("search_status")
    with suppress(SystemExit):  # it is not well, and says so by its exit status
        call_command("hub_status")
    shown = capsys.readouterr()
    status = IndexStatus.current()
    said = " ".join([shown.out, shown.err, caplog.text, status.engine, status.last_error, engine.identity()])
    assert "127.0.0.1:9" in said
    assert nobody_there not in said
