"""Words out of files, and files that want to do harm: each meets a real child process and its limits."""

import io
import time
from dataclasses import replace
from pathlib import Path

import pytest

from hub.media.enums import Refusal
from hub.media.extraction import process
from hub.media.extraction.process import Limits, extract
from tests.media import files

LIMITS = Limits(seconds=4)


def read(name, data, **limits):
    return extract(io.BytesIO(data), name, replace(LIMITS, **limits))


def test_the_words_of_a_pdf():
    found = read("sheet.pdf", files.pdf("The grievance book", "Second leaf", catalog="/Lang (de-AT)"))
    assert (found.text.split("\n"), found.pages, found.language) == (["The grievance book", "Second leaf"], 2, "de")
    assert not found.is_cut and found.refusal == Refusal.NONE


def test_a_pdf_that_is_locked_with_an_empty_password_is_for_everybody():
    assert read("sheet.pdf", files.locked_pdf("", "Readable")).text.strip() == "Readable"


def test_the_words_of_a_word_file_with_its_tables():
    found = read(
        "list.docx", files.docx("Bring chairs", "Open the door", table=[["Who", "When"], ["Hosts", "At eight"]])
    )
    assert found.text.split("\n") == ["Bring chairs", "Open the door", "Who", "When", "Hosts", "At eight"]
    assert found.language == "en"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_plain_text_in_any_usual_encoding(encoding):
    words = "Grüße aus der Küche – wer räumt auf? " * 20
    assert read("note.md", words.encode(encoding)).text == words


def test_a_character_cut_in_two_at_the_end_is_left_out():
    found = read("note.txt", "ü".encode() * 100, characters=10)
    assert found.text == "ü" * 10
    assert found.is_cut


def test_a_table_as_text():
    assert read("stock.csv", b'what;number;\n"chairs; old";12\n;;\n').text == "what, number;\nchairs; old, 12"


def test_what_the_name_says_does_not_matter_between_kinds_that_are_read():
    assert read("sheet.docx", files.pdf("A PDF all the same")).text == "A PDF all the same"


REFUSED = {
    "password": ("a.pdf", lambda: files.locked_pdf("x"), Refusal.LOCKED),
    "password of Word": (
        "a.docx",
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
        Refusal.LOCKED,
    ),
    "pages that hold themselves": ("a.pdf", files.looping_pdf, Refusal.DAMAGED),
    "a form that draws itself": ("a.pdf", files.endless_pdf, Refusal.WORDLESS),
    "arrays in arrays": ("a.pdf", files.nested_pdf, Refusal.DAMAGED),
    "a page of two gigabytes": ("a.pdf", files.bomb_pdf, Refusal.DAMAGED),
    "nothing but beginnings": ("a.pdf", lambda: b"%PDF-1.4\n" + b"1 0 obj\n" * 3_000_000, Refusal.SLOW),
    "millions of strokes": ("a.pdf", files.slow_pdf, Refusal.SLOW),
    "half a PDF": ("a.pdf", lambda: files.pdf("Hello", "there")[:300], Refusal.DAMAGED),
    "zip bomb": ("a.docx", files.bomb_docx, Refusal.UNPACKS),
    "zip bomb that lies": ("a.docx", files.lying_bomb_docx, Refusal.MEMORY),
    "tables in tables": ("a.docx", files.nested_docx, Refusal.NESTED),
    "a billion laughs": ("a.docx", files.laughing_docx, Refusal.DAMAGED),
    "half a Word file": ("a.docx", lambda: files.docx("Hello")[:9000], Refusal.DAMAGED),
    "some other zip": (
        "a.docx",
        lambda: files.docx("x").replace(b"word/document.xml", b"word/dokument.xml"),
        "mismatch",
    ),
    "a program called PDF": ("a.pdf", lambda: b"MZ\x90\x00" + bytes(range(256)) * 9, Refusal.DAMAGED),
    "a program called text": ("a.txt", lambda: bytes(range(256)) * 9, Refusal.MISMATCH),
    "a program": ("a.exe", lambda: b"MZ", Refusal.KIND),
    "no words": ("a.pdf", lambda: files.pdf(""), Refusal.WORDLESS),
    "nothing": ("a.pdf", lambda: b"", Refusal.EMPTY),
}


@pytest.mark.parametrize("case", REFUSED)
def test_the_zoo(case):
    name, build, reason = REFUSED[case]
    data = build()
    start = time.monotonic()
    found = read(name, data)
    assert (found.refusal, found.text) == (reason, "")
    assert time.monotonic() - start < LIMITS.seconds + process.GRACE + 3


def test_a_file_of_the_server_is_not_in_the_words():
    found = read("a.docx", files.prying_docx())
    assert found.text.strip() == "before"
    assert "root:" not in found.text


def test_too_large_is_not_even_begun():
    assert read("a.txt", b"x" * 2_000, size=1_000).refusal == Refusal.LARGE


def test_ten_thousand_pages_are_read_as_far_as_the_limit():
    found = read("a.pdf", files.pdf(*["leaf"] * 10_000), seconds=20, pages=300)
    assert (found.pages, found.text.count("leaf"), found.is_cut) == (10_000, 300, True)


def test_characters_are_kept_as_far_as_the_limit():
    found = read("a.txt", b"word " * 1_000_000, characters=5_000)
    assert (len(found.text), found.is_cut) == (5_000, True)


def test_the_beginning_is_kept_when_the_time_is_up():
    slow = files.stream_object(*files.many_strokes())
    found = read("a.pdf", files.pdf("Worth finding", slow))
    assert (found.text.strip(), found.is_cut, found.refusal) == ("Worth finding", True, Refusal.NONE)


CHILDREN = {
    "hangs": ("import time, signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\ntime.sleep(600)", Refusal.SLOW),
    "has children that hang": (
        "import os, time\nif os.fork() == 0:\n    time.sleep(600)\ntime.sleep(600)",
        Refusal.SLOW,
    ),
    "dies": ("import os\nos.abort()", Refusal.CRASH),
    "is ended by the system": ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", Refusal.SLOW),
    "talks nonsense": ("print('[1, 2')", Refusal.CRASH),
    "talks too much": ("print('{\"text\": \"' + 'x' * 50_000_000)", Refusal.CRASH),
}


@pytest.mark.parametrize("case", CHILDREN)
def test_whatever_becomes_of_the_child(case, tmp_path, monkeypatch):
    script, reason = CHILDREN[case]
    child = tmp_path / "child.py"
    child.write_text(script)
    monkeypatch.setattr(process, "CHILD", child)
    monkeypatch.setattr(process, "GRACE", 1)
    start = time.monotonic()
    assert read("a.txt", b"words", seconds=1).refusal == reason
    assert time.monotonic() - start < 10
    while left := [place for place in Path("/proc").glob("[0-9]*/cmdline") if str(child) in _words(place)]:
        assert time.monotonic() - start < 20, left  # the system takes a moment to bury what was killed


def _words(place):
    try:
        return place.read_text()
    except OSError:  # it ended while we looked
        return ""


FORBIDDEN = {
    "connects": "import socket; socket.create_connection(('127.0.0.1', 9))",
    "starts a program": "import subprocess; subprocess.run(['true'])",
    "starts a shell": "import os; os.system('true')",
    "writes": "open('/tmp/hub-was-here', 'w')",
    "writes below Python's files": "import os; os.open('/tmp/hub-was-here', os.O_WRONLY | os.O_CREAT)",
    "takes away": "import os; os.remove(__file__)",
    "takes memory": "bytearray(2_000_000_000)",
    "opens a hundred files": "kept = [open('/dev/null') for _ in range(100)]",
}


@pytest.mark.parametrize("case", FORBIDDEN)
def test_a_confined_child_can_do_no_harm(case, tmp_path, monkeypatch):
    """The real child, confined as ever, with a reader that tries it."""
    source = process.CHILD.read_text()
    body = f"    {FORBIDDEN[case]}\n    found.add('it worked')\n    return\n"
    marker = "    data = file.read(found.room * ANSWER_BYTES + 4)\n"
    assert marker in source
    child = tmp_path / "child.py"
    child.write_text(source.replace(marker, body + marker))
    monkeypatch.setattr(process, "CHILD", child)
    found = read("a.txt", b"words")
    assert found.text == ""
    assert found.refusal in (Refusal.DAMAGED, Refusal.MEMORY)
