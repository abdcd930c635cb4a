"""The index follows, whatever happens to it; and nothing that happens to it stops anybody from saving."""

import shutil
import threading
from contextlib import contextmanager

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.utils import timezone

from hub.pages.models import BasePage
from search import tasks
from search.domain import engine, queue, rebuild
from search.domain.lock import try_lock
from search.domain.query import find
from search.domain.status import search_status
from search.models import Entry, IndexStatus, Owed
from tests.factories import PracticePageFactory
from tests.search.asking import titles

pytestmark = pytest.mark.django_db


def generation_of(folder):
    """The folder of the live generation of the catalogue's index."""
    index = folder / "search_entry"
    return index / (index / "current").read_text().strip()


def test_a_commit_settles_what_it_owes(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        PracticePageFactory(title="Letter")
        assert queue.lag() > 0
    assert queue.lag() == 0
    assert not find("letter").from_database
    assert titles("letter") == ["Letter"]


def test_an_import_settles_once_at_its_end(django_capture_on_commit_callbacks):
    with queue.deferred_drain():
        with django_capture_on_commit_callbacks(execute=True):
            PracticePageFactory(title="Letter")
        assert queue.lag() > 0
    assert queue.lag() == 0


@contextmanager
def somebody_else_writing():
    """The lock in another session: PostgreSQL lets the same one in again."""
    taken, done = threading.Event(), threading.Event()

    def write():
        with try_lock() as held:
            if held:
                taken.set()
            done.wait(60)
        connection.close()

    other = threading.Thread(target=write)
    other.start()
    try:
        assert taken.wait(30)
        yield
    finally:
        done.set()
        other.join()


def test_while_somebody_else_writes_nothing_waits_and_nothing_is_lost(index):
    PracticePageFactory(title="Letter")
    with somebody_else_writing():
        assert queue.drain().settled == 0
        assert titles("letter") == ["Letter"]
    index()
    assert titles("letter") == ["Letter"]


def test_a_change_made_while_the_index_is_written_stays_owed(index, monkeypatch):
    page = PracticePageFactory(title="Letter", gist="herons")
    really_write = engine.write

    def write_and_be_overtaken(backend, model, **what):
        really_write(backend, model, **what)
        if model is Entry and not overtaken:
            overtaken.append(True)
            late = BasePage.objects.get(pk=page.pk).specific
            late.gist = "cranes"
            late.save()

    overtaken = []
    monkeypatch.setattr(engine, "write", write_and_be_overtaken)
    index()
    assert titles("cranes") == ["Letter"]
    assert titles("herons") == []


@pytest.fixture
def no_room(own_index):
    """An index folder that cannot be made: something else is in its place (the suite may run as root)."""
    own_index.parent.mkdir(parents=True, exist_ok=True)
    own_index.write_text("not a folder")
    yield own_index
    if own_index.is_file():
        own_index.unlink()


def test_an_index_that_cannot_be_written_stops_nobody_and_heals(no_room, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        PracticePageFactory(title="Letter")
    status = search_status()
    assert status["lag"] > 0
    assert status["last_error"]
    assert titles("letter") == ["Letter"]
    no_room.unlink()
    with django_capture_on_commit_callbacks(execute=True):
        PracticePageFactory(title="Second letter")
    status = search_status()
    assert (status["lag"], status["last_error"]) == (0, None)
    assert set(titles("letter")) == {"Letter", "Second letter"}


def test_an_error_that_nothing_was_owed_for_goes_when_the_index_is_looked_at(index):
    PracticePageFactory(title="Letter")
    index()
    queue.record_failure(OSError("the disk was away while somebody asked"))
    assert search_status()["last_error"]
    call_command("search_sync", verbosity=0)
    assert search_status()["last_error"] is None


@pytest.mark.parametrize("what", ["pointer", "table of contents", "segments"])
def test_a_spoilt_index_answers_from_the_database_and_is_built_afresh(index, own_index, what):
    PracticePageFactory(title="Letter")
    index()
    if what == "pointer":
        (own_index / "search_entry" / "current").write_text("nowhere\n")
    else:
        for file in generation_of(own_index).iterdir():
            if (what == "segments") == file.suffix.startswith(".seg"):
                file.write_bytes(b"\x00garbage" * 20)
    PracticePageFactory(title="Second letter")
    assert set(titles("letter")) == {"Letter", "Second letter"}
    call_command("search_sync", verbosity=0)
    assert set(titles("letter")) == {"Letter", "Second letter"}
    status = search_status()
    assert (status["state"], status["lag"], status["last_error"]) == ("ok", 0, None)
    assert not IndexStatus.current().needs_rebuild


def test_who_asks_gets_an_answer_when_nobody_can_be_asked_to_mend(index, own_index, monkeypatch, caplog):
    PracticePageFactory(title="Letter")
    index()
    (own_index / "search_entry" / "current").write_text("nowhere\n")

    class Task:
        def enqueue(self):
            raise OperationalError("database is locked")

    with monkeypatch.context() as locked:
        locked.setattr(tasks, "sync_index", Task())
        assert titles("letter") == ["Letter"]
    assert "Nobody could be asked" in caplog.text
    call_command("search_sync", verbosity=0)
    assert not find("letter").from_database


def test_an_index_that_was_lost_is_filled_again(index, own_index):
    PracticePageFactory(title="Letter")
    index()
    shutil.rmtree(own_index)
    assert titles("letter") == ["Letter"]
    assert search_status()["indexed"] == 0
    index()
    assert search_status()["indexed"] == Entry.objects.count() == 1
    assert not find("letter").from_database


def test_a_rebuild_makes_catalogue_and_index_equal_what_there_is(index):
    kept, gone = PracticePageFactory(title="Letter"), PracticePageFactory(title="Old letter")
    index()
    Entry.objects.filter(source_id=kept.pk).delete()  # as after a restore of half a backup
    BasePage.objects.filter(pk=gone.pk).update(live=False)
    call_command("search_rebuild", verbosity=0)
    assert titles("letter") == ["Letter"]
    assert queue.lag() == 0


def test_a_rebuild_of_the_catalogue_keeps_what_is_saved_meanwhile(index, monkeypatch):
    first, second = PracticePageFactory(title="First letter"), PracticePageFactory(title="Second letter")
    Entry.objects.all().delete()
    monkeypatch.setattr(rebuild, "CHUNK", 1)
    late = []

    def meanwhile(stage, number):
        if not late and Entry.objects.filter(source_id=first.pk).exists():
            late.append(PracticePageFactory(title="Late letter"))
            BasePage.objects.get(pk=second.pk).specific.unpublish()

    rebuild.rebuild_entries(meanwhile)
    assert late
    assert set(titles("letter")) == {"First letter", "Late letter"}


def test_the_editors_search_follows_too(index, staff):
    page = PracticePageFactory(title="Letter to edit", live=False)
    assert Owed.objects.exists()
    index()
    found = engine.backend().search("edit", BasePage)
    assert [one.pk for one in found] == [page.pk]
    BasePage.objects.get(pk=page.pk).delete()
    index()
    assert engine.backend().search("edit", BasePage).count() == 0


def test_who_publishes_waits_for_the_catalogue_and_the_editors_search_follows(index):
    page = PracticePageFactory(title="Letter to edit")
    done = queue.drain(patience=queue.PATIENCE)
    assert done.left_over
    assert titles("letter") == ["Letter to edit"]
    assert not Entry.objects.pending().exists()
    assert Owed.objects.exists()
    queue.drain()
    assert not Owed.objects.exists()
    assert [one.pk for one in engine.backend().search("edit", BasePage)] == [page.pk]


def test_without_a_worker_the_next_who_saves_settles_for_the_editors_too(index):
    index()
    PracticePageFactory(title="Letter")
    Owed.objects.update(created_at=timezone.now() - queue.WORKERS_TIME * 2)
    assert not queue.drain(patience=queue.PATIENCE).left_over
    assert queue.lag() == 0


def test_one_commit_settles_once_however_many_changes_were_in_it(
    index, monkeypatch, django_capture_on_commit_callbacks
):
    drained = []
    really_drain = queue.drain
    monkeypatch.setattr(queue, "drain", lambda **how: drained.append(how) or really_drain(**how))
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            PracticePageFactory(title="Letter")
            queue.drain_after_commit()
    assert len([how for how in drained if "patience" in how]) == 2  # the others are background work


def test_bad_entries_hold_up_nothing_however_many_and_whichever_come_first(index, monkeypatch):
    from search.backends.whoosh.mapping import DocumentBuilder

    index()
    really_build, ill = DocumentBuilder.build, True

    def build(self, item):
        if ill and "broken" in str(item):
            raise ValueError("not like that")
        return really_build(self, item)

    monkeypatch.setattr(DocumentBuilder, "build", build)
    for number in range(5):
        PracticePageFactory(title=f"Broken {number}".lower())
    PracticePageFactory(title="Letter")
    done = queue.drain()
    assert not done.error
    assert "broken" in IndexStatus.current().last_error
    assert Entry.objects.pending().count() == 5
    assert Owed.objects.exists()
    assert titles("letter") == ["Letter"]
    assert len(titles("broken")) == 5  # the database knows them
    ill = False
    index()
    assert IndexStatus.current().last_error == ""


def test_the_worker_says_what_goes_wrong_and_that_it_is_over(monkeypatch, capsys):
    rounds = iter([queue.Drained(error="Disk full"), queue.Drained(error="Disk full"), queue.Drained(settled=3), None])

    def drain():
        done = next(rounds)
        if done is None:
            raise KeyboardInterrupt
        return done

    monkeypatch.setattr(queue, "drain", drain)
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    with pytest.raises(KeyboardInterrupt):
        call_command("search_sync", watch=0.2)
    said = capsys.readouterr().err
    assert said.count("Disk full") == 1
    assert "up to date again" in said
