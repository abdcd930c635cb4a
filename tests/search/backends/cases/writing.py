"""What is written, what is not, and what happens when something is in the way."""

import json
import stat
import threading
from unittest import mock
from uuid import uuid4

from django.test import SimpleTestCase, TestCase
from modelsearch.test.testapp import models
from whoosh.fields import UnknownFieldError

from search.backends.whoosh import IndexBusy, IndexOutdated, IndexUnavailable, snapshots, writing
from search.backends.whoosh.locks import FileLock, is_free
from tests.search.backends.cases.base import WithBackend, note

Note = models.AdvertWithCustomUUIDPrimaryKey


class Batches(WithBackend, SimpleTestCase):
    def test_a_batch_is_one_commit_and_the_last_change_counts(self):
        first, second = note("harvest"), note("harvest")
        self.notes.add_items(Note, [first])
        generation = self.notes.folder.current()
        before = self.notes.folder.open(generation).latest_generation()
        with self.notes.try_write() as batch:
            batch.add_all([second, note("budget", second.pk), first])
            batch.delete(first.pk)
            batch.delete(uuid4())
        self.assertEqual(self.notes.folder.open(generation).latest_generation(), before + 1)
        self.assertEqual((self.found("harvest"), self.found("budget")), (set(), {second.pk}))

    def test_a_batch_that_fails_leaves_nothing_and_lets_go(self):
        with self.assertRaises(ZeroDivisionError), self.notes.write() as batch:
            batch.add(note("harvest"))
            raise ZeroDivisionError
        self.assertTrue(is_free(self.notes.folder.write_lock))
        self.assertEqual(self.found("harvest"), set())

    def test_a_document_that_cannot_be_written_leaves_the_others_and_lets_go(self):
        kept = note("harvest")
        self.notes.add_items(Note, [kept])
        with self.assertRaises(UnknownFieldError), self.notes.write() as batch:
            batch.delete(kept.pk)
            batch.changes["x"] = {"pk": ["x"], "nosuchfield": ["y"]}
        self.assertEqual(self.found("harvest"), {kept.pk})
        self.notes.add_items(Note, [note("budget")])
        self.assertEqual(len(self.found("budget")), 1)

    def test_a_commit_that_fails_leaves_what_was_and_lets_go(self):
        kept = note("harvest")
        self.notes.add_items(Note, [kept])
        generation = self.notes.folder.current()
        number = self.notes.folder.open(generation).latest_generation() + 1
        in_the_way = self.notes.folder.path / generation / f"_MAIN_{number}.toc"
        writing = self.notes.folder.open(generation)
        with self.assertRaises(OSError), self.notes.write() as batch:
            batch.add(note("budget"))
            # The list of segments is renamed into place last of all: now it cannot be.
            original = writing.storage.__class__.rename_file
            self.addCleanup(setattr, writing.storage.__class__, "rename_file", original)

            def disk_is_full(storage, *names, **options):
                raise OSError(28, "No space left on device", str(in_the_way))

            writing.storage.__class__.rename_file = disk_is_full
        writing.storage.__class__.rename_file = original
        self.assertEqual((self.found("harvest"), self.found("budget")), ({kept.pk}, set()))
        self.notes.add_items(Note, [note("budget")])
        self.assertEqual(len(self.found("budget")), 1)

    def test_a_large_segment_of_which_little_is_left_goes(self):
        with mock.patch.multiple(writing, LARGE_SEGMENT=4, SEGMENTS_PER_SIZE=2):
            several = [note("harvest") for _ in range(6)]
            self.notes.add_items(Note, several)
            for one in several[:-1]:
                self.notes.add_items(Note, [note("budget", one.pk)])
        self.assertEqual((len(self.found("harvest")), len(self.found("budget"))), (1, 5))
        self.assertLess(self.notes.status()["deleted"], 4)

    def test_nobody_waits_who_does_not_want_to(self):
        self.notes.folder.make()
        other = FileLock(self.notes.folder.write_lock)
        self.assertTrue(other.acquire())
        with self.notes.try_write() as batch:
            self.assertIsNone(batch)
        with self.assertRaises(IndexBusy), self.notes.write(timeout=0.1):
            self.fail("the lock is held by somebody else")
        other.release()
        with self.notes.try_write() as batch:
            self.assertIsNotNone(batch)

    def test_the_folder_is_private(self):
        self.notes.add_items(Note, [note("harvest")])
        for folder in (self.notes.folder.path, self.notes.folder.path / self.notes.folder.current()):
            self.assertEqual(stat.S_IMODE(folder.stat().st_mode), 0o700)


class Damage(WithBackend, TestCase):
    def setUp(self):
        super().setUp()
        self.kept = note("harvest")
        self.kept.save()
        self.notes.add_items(Note, [self.kept])
        self.folder = self.notes.folder.path / self.notes.folder.current()
        snapshots.close_all()

    def assert_unavailable_and_healed(self):
        with self.assertRaises(IndexUnavailable):
            self.found("harvest")
        status = self.notes.status()
        self.assertEqual(status["state"], "unavailable")
        self.assertIn("rebuild_modelsearch_index", status["problem"])
        self.assertTrue(self.notes.needs_rebuild())
        rebuilder = self.backend.rebuilder_class(self.notes)
        rebuilder.start().add_items(Note, Note.objects.all())
        rebuilder.finish()
        self.assertEqual(self.found("harvest"), {self.kept.pk})
        self.assertEqual(self.notes.status()["state"], "ok")

    def test_a_missing_index_finds_nothing_and_says_so(self):
        other = self.backend.get_index_for_model(models.Meeting)
        self.assertEqual(self.backend.search("yoga", models.Meeting).count(), 0)
        self.assertEqual(self.backend.search("yoga", models.Meeting).facet("start_time"), {})
        self.assertEqual(other.status()["state"], "missing")
        self.assertTrue(self.backend.needs_rebuild())

    def test_cut_off_segment(self):
        for segment in self.folder.glob("*.seg"):
            segment.write_bytes(segment.read_bytes()[:40])
        self.assert_unavailable_and_healed()

    def test_segment_of_rubbish(self):
        for segment in self.folder.glob("*.seg"):
            segment.write_bytes(b"rubbish" * 500)
        self.assert_unavailable_and_healed()

    def test_lost_segment(self):
        for segment in self.folder.glob("*.seg"):
            segment.unlink()
        self.assert_unavailable_and_healed()

    def test_list_of_segments_of_rubbish(self):
        for toc in self.folder.glob("*.toc"):
            toc.write_bytes(b"\x04\x08\x04rubbish")
        self.assert_unavailable_and_healed()

    def test_lost_generation(self):
        self.notes.folder.path.joinpath("current").write_text("nowhere\n")
        self.assert_unavailable_and_healed()

    def test_pointer_that_points_out_of_the_folder(self):
        self.notes.folder.path.joinpath("current").write_text("../../etc\n")
        self.assert_unavailable_and_healed()

    def test_another_format(self):
        (self.folder / "format.json").write_text(json.dumps({**self.notes.format, "format": "0:en"}))
        self.assert_unavailable_and_healed()

    def test_another_language(self):
        self.backend.language = "de"
        self.assert_unavailable_and_healed()

    def test_other_search_fields_stop_writing_but_not_searching(self):
        (self.folder / "format.json").write_text(json.dumps({**self.notes.format, "schema": "of yesterday"}))
        self.assertEqual(self.found("harvest"), {self.kept.pk})
        self.assertEqual(self.notes.status()["state"], "outdated")
        with self.assertRaises(IndexOutdated):
            self.notes.add_items(Note, [note("budget")])

    def test_an_empty_index_with_other_search_fields_is_replaced(self):
        self.notes.reset()
        folder = self.notes.folder.path / self.notes.folder.current()
        (folder / "format.json").write_text(json.dumps({**self.notes.format, "schema": "of yesterday"}))
        self.notes.add_items(Note, [self.kept])
        self.assertEqual(self.found("harvest"), {self.kept.pk})


class Rebuilding(WithBackend, SimpleTestCase):
    def test_what_is_written_meanwhile_is_not_lost(self):
        kept, changed, removed, added = (note("harvest") for _ in range(4))
        self.notes.add_items(Note, [kept, changed, removed])
        rebuilder = self.backend.rebuilder_class(self.notes)
        target = rebuilder.start()
        target.add_items(Note, [kept, changed])
        self.notes.add_items(Note, [note("budget", changed.pk), added])
        self.notes.delete_item(removed)
        target.add_items(Note, [removed])  # read from the database before it was deleted
        self.assertTrue(self.notes.status()["is_rebuilding"])
        live = (self.found("harvest"), self.found("budget"))
        self.assertEqual(live, ({kept.pk, added.pk}, {changed.pk}))
        rebuilder.finish()
        self.assertEqual((self.found("harvest"), self.found("budget")), live)
        self.assertFalse(self.notes.status()["is_rebuilding"])

    def test_only_one_rebuild_at_a_time(self):
        rebuilder = self.backend.rebuilder_class(self.notes)
        rebuilder.start()
        with self.assertRaises(IndexBusy):
            self.backend.rebuilder_class(self.notes).start()
        rebuilder.abort()
        self.backend.rebuilder_class(self.notes).start()

    def test_a_glance_at_the_rebuild_lock_keeps_no_rebuild_from_starting(self):
        self.notes.folder.make()
        glance = FileLock(self.notes.folder.rebuild_lock)
        self.assertTrue(glance.acquire())
        threading.Timer(0.03, glance.release).start()
        self.backend.rebuilder_class(self.notes).start()

    def test_a_rebuild_given_up_changes_nothing_and_leaves_nothing(self):
        self.notes.add_items(Note, [note("harvest")])
        rebuilder = self.backend.rebuilder_class(self.notes)
        rebuilder.start().add_items(Note, [note("budget")])
        rebuilder.abort()
        self.notes.add_items(Note, [note("harvest")])
        self.assertEqual((len(self.found("harvest")), self.found("budget")), (2, set()))
        self.assertEqual(len(self.notes.folder.generations()), 1)
        self.assertFalse(self.notes.folder.journal.exists())

    def test_an_object_that_comes_twice_is_there_once(self):
        twice = note("harvest")
        rebuilder = self.backend.rebuilder_class(self.notes)
        target = rebuilder.start()
        target.add_items(Note, [twice, note("other")])
        target.add_items(Note, [note("budget", twice.pk)])
        rebuilder.finish()
        self.assertEqual((self.found("harvest"), self.found("budget")), (set(), {twice.pk}))
        self.assertEqual(self.notes.status()["documents"], 2)

    def test_a_reader_keeps_its_generation_until_it_is_done(self):
        self.notes.add_items(Note, [note("harvest")])
        old = self.notes.folder.current()
        reading, done = threading.Event(), threading.Event()
        counted = []

        def read_slowly():
            def work(snapshot):
                reading.set()
                done.wait(20)
                return snapshot.document_frequency("exact", "harvest")

            counted.append(self.notes.read(work, int))
            snapshots.close_all()

        reader = threading.Thread(target=read_slowly)
        reader.start()
        self.assertTrue(reading.wait(20))
        snapshots.close_all()
        rebuilder = self.backend.rebuilder_class(self.notes)
        rebuilder.start()
        rebuilder.finish()
        self.assertIn(old, self.notes.folder.generations())
        done.set()
        reader.join(20)
        self.assertEqual(counted, [1])
        self.notes.add_items(Note, [note("budget")])
        self.assertNotIn(old, self.notes.folder.generations())
