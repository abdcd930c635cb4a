"""Several threads and processes at one index, and processes that are killed in the middle."""

import os
import random
import subprocess
import sys
import threading
import time
import traceback

from django.test import SimpleTestCase
from modelsearch.test.testapp import models

from search.backends.whoosh import snapshots
from search.backends.whoosh.locks import is_free
from tests.search.backends.cases.base import WithBackend, note

Note = models.AdvertWithCustomUUIDPrimaryKey

WRITER = """
import sys, django
django.setup()
from modelsearch.backends import get_search_backend
from modelsearch.test.testapp.models import AdvertWithCustomUUIDPrimaryKey as Note
index = get_search_backend().get_index_for_model(Note)
for number in range(int(sys.argv[1])):
    note = Note(text="harvest")
    index.add_items(Note, [note])
    print(note.pk, flush=True)
"""

REBUILDER = """
import time, django
django.setup()
from modelsearch.backends import get_search_backend
from modelsearch.test.testapp.models import AdvertWithCustomUUIDPrimaryKey as Note
backend = get_search_backend()
rebuilder = backend.rebuilder_class(backend.get_index_for_model(Note))
target = rebuilder.start()
target.add_items(Note, [Note(text="budget")])
print("started", flush=True)
time.sleep(60)
"""


class Processes(WithBackend, SimpleTestCase):
    def start(self, program, *arguments):
        environment = {
            **os.environ,
            "ENGINE_TEST_PATH": str(self.path),
            "DJANGO_SETTINGS_MODULE": "tests.search.backends.engine_settings",
        }
        process = subprocess.Popen(
            [sys.executable, "-c", program, *arguments],
            env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        return process

    def setUp(self):
        super().setUp()
        # The processes read the language of the settings.
        self.assertEqual(self.backend.language, "en")

    def test_two_processes_writing(self):
        writers = [self.start(WRITER, "15") for _ in range(2)]
        outputs = [writer.communicate(timeout=60) for writer in writers]
        written = {line for output, _ in outputs for line in output.split()}
        self.assertEqual(len(written), 30, outputs)
        self.assertEqual({str(pk) for pk in self.found("harvest")}, written)

    def test_killed_while_committing(self):
        chance = random.Random(7)
        written = set()
        for _ in range(10):
            writer = self.start(WRITER, "100000")
            lines = [writer.stdout.readline()]
            time.sleep(chance.uniform(0.0, 0.15))
            writer.kill()
            output, errors = writer.communicate(timeout=30)
            written |= set("".join([*lines, output]).split())
            self.assertTrue(written, errors)
            found = {str(pk) for pk in self.found("harvest")}
            # Killed between the commit and the print, the last one may be there unsaid.
            self.assertLessEqual(written, found)
            written = found
        self.assertTrue(is_free(self.notes.folder.write_lock))
        after = note("harvest")
        self.notes.add_items(Note, [after])
        self.assertEqual({str(pk) for pk in self.found("harvest")}, written | {str(after.pk)})
        self.assertEqual(list(self.path.rglob("*.tmp")), [])

    def test_killed_while_rebuilding(self):
        self.notes.add_items(Note, [note("harvest")])
        rebuilder = self.start(REBUILDER)
        self.assertEqual(rebuilder.stdout.readline(), "started\n")
        self.assertTrue(self.notes.status()["is_rebuilding"])
        self.notes.add_items(Note, [note("harvest")])
        rebuilder.kill()
        rebuilder.communicate(timeout=30)
        self.assertFalse(self.notes.status()["is_rebuilding"])
        self.notes.add_items(Note, [note("harvest")])
        self.assertEqual((len(self.found("harvest")), self.found("budget")), (3, set()))
        self.assertEqual(len(self.notes.folder.generations()), 1)

    def test_threads_searching_while_one_writes(self):
        self.notes.add_items(Note, [note(f"harvest number{number}") for number in range(50)])
        stop, problems, asked = threading.Event(), [], []

        def search():
            try:
                while not stop.is_set():
                    number = len(asked) % 50
                    asked.append(number)
                    if len(self.found(f"number{number}")) != 1 or len(self.found("harvest")) < 50:
                        problems.append(number)
            except Exception:
                problems.append(traceback.format_exc())
            finally:
                snapshots.close_all()

        threads = [threading.Thread(target=search) for _ in range(4)]
        for thread in threads:
            thread.start()
        for _ in range(20):
            self.notes.add_items(Note, [note("harvest")])
        rebuilder = self.backend.rebuilder_class(self.notes)
        rebuilder.start().add_items(Note, [note(f"harvest number{number}") for number in range(50)])
        rebuilder.finish()
        stop.set()
        for thread in threads:
            thread.join(20)
        self.assertEqual(problems, [])
        self.assertGreater(len(asked), 20)

    def test_a_forked_process_reads_for_itself(self):
        self.notes.add_items(Note, [note(f"harvest number{number}") for number in range(300)])
        self.assertEqual(len(self.found("harvest")), 300)
        children = []
        for _ in range(3):
            child = os.fork()
            if not child:
                # Nothing of the test run may go on in here, whatever happens.
                wrong = 1
                try:
                    wrong = sum(len(self.found(f"number{number}")) != 1 for number in range(300))
                finally:
                    os._exit(min(wrong, 1))
            children.append(child)
        self.assertTrue(all(len(self.found(f"number{number}")) == 1 for number in range(300)))
        self.assertEqual([os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children], [0, 0, 0])
