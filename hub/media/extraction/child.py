"""Reads the words out of one file. Runs as a process of its own, which may be killed at any moment.

The file is standard input, the answer standard output: one JSON object with `text`, `pages`,
`language`, `is_cut`, and `refusal` (one of the codes of `hub.media.enums.Refusal`, or nothing).
Limits come as one JSON argument. Nothing of the hub is imported here: a hostile file meets a small
process with no settings, no database and no secrets, which cannot write, start or call anything.
"""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
import json
import logging
import os
import re
import resource
import signal
import sys
import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO

FORBIDDEN = (
    "socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork", "pty.", "ctypes.dlopen",
    "os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate", "os.chmod", "os.chown",
)  # fmt: skip
MOST_PARTS = 5_000  # files in one Word file
ANSWER_BYTES = 4  # a character is at most this long in UTF-8
_DECLARED = re.compile(r"[A-Za-z]{2,3}")


class RefusedError(Exception):
    """The file is not read, and `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class TimeUpError(BaseException):
    """The time is up. No Exception: libraries that swallow those must not swallow this one."""


class Found:
    """What was read so far, so that a file which stops in the middle still gives its beginning."""

    def __init__(self, most: int) -> None:
        self.pieces: list[str] = []
        self.room = most
        self.pages: int | None = None
        self.language = ""
        self.is_cut = False

    def add(self, text: str) -> None:
        """Keep `text`; raises `EOFError` once there is no more room."""
        self.pieces.append(text[: self.room])
        if len(text) > self.room:
            self.is_cut = True
            raise EOFError
        self.room -= len(text)

    @property
    def text(self) -> str:
        joined = "\n".join(self.pieces)
        return joined.encode("utf-8", "ignore").decode().replace("\x00", "")  # no lone surrogates, no NUL: databases


def confine(limits: dict[str, int]) -> None:
    """Give up what a reader of files does not need, before the first byte is read."""
    memory, seconds = limits["memory"], limits["seconds"]
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds + 2, seconds + 4))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
    resource.setrlimit(resource.RLIMIT_FSIZE, (room_for_answer(limits), room_for_answer(limits)))
    sys.addaudithook(_forbid)
    signal.signal(signal.SIGALRM, _time_is_up)
    signal.alarm(seconds)


def room_for_answer(limits: dict[str, int]) -> int:
    """The most bytes that the answer may have."""
    return limits["characters"] * ANSWER_BYTES + 65_536


def _forbid(event: str, arguments: Any) -> None:
    if event.startswith(FORBIDDEN):
        raise PermissionError(event)
    if event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR):
        raise PermissionError(event)


def _time_is_up(number: int, frame: Any) -> None:
    signal.alarm(1)  # again, should something between here and the top have caught it
    raise TimeUpError


def read(file: BinaryIO, suffix: str, limits: dict[str, int], found: Found) -> None:
    """Read `file` by what it is, not by what its name says, as long as both are kinds that are read."""
    start = file.read(1024)
    file.seek(0)
    if b"%PDF-" in start:
        read_pdf(file, limits, found)
    elif start.startswith(b"PK\x03\x04"):
        read_docx(file, limits, found)
    elif start.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):  # the old container: .doc, or a .docx with a password
        raise RefusedError("locked" if b"E\0n\0c\0r\0y\0p\0t\0" in file.read() else "mismatch")
    elif suffix in ("txt", "md", "csv"):
        read_plain(file, found, is_table=suffix == "csv")
    else:
        raise RefusedError("damaged" if suffix == "pdf" and not _is_words(start) else "mismatch")


def read_pdf(file: BinaryIO, limits: dict[str, int], found: Found) -> None:
    """The text of the pages, in order."""
    from pypdf import PdfReader

    reader = PdfReader(file, strict=False)
    if reader.is_encrypted and not reader.decrypt(""):  # many are encrypted with an empty password, to be read by all
        raise RefusedError("locked")
    found.pages = len(reader.pages)
    with contextlib.suppress(Exception):
        found.language = declared(str(reader.root_object.get("/Lang", "")))
    failed = 0
    for number, page in enumerate(reader.pages):
        if number == limits["pages"]:
            found.is_cut = True
            break
        try:
            text = page.extract_text()
        except (MemoryError, RecursionError):
            raise
        except Exception:  # one page that is wrong must not cost the others
            failed += 1
            continue
        found.add(text)
    found.is_cut = found.is_cut or bool(failed)
    if not any(piece.strip() for piece in found.pieces):
        raise RefusedError("damaged" if failed else "wordless")


def read_docx(file: BinaryIO, limits: dict[str, int], found: Found) -> None:
    """The paragraphs and tables of a Word file, in order."""
    with zipfile.ZipFile(file) as archive:
        parts = archive.infolist()
        if "word/document.xml" not in {part.filename for part in parts}:
            raise RefusedError("mismatch")
        if any(part.flag_bits & 1 for part in parts):
            raise RefusedError("locked")
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > limits["unpacked"]:
            raise RefusedError("unpacks")
    file.seek(0)
    from docx import Document

    document = Document(file)
    with contextlib.suppress(Exception):
        found.language = declared(document.core_properties.language or "")
    for text in _words_of(document):
        found.add(text)
    if not any(piece.strip() for piece in found.pieces):
        raise RefusedError("wordless")


def _words_of(container: Any) -> Iterator[str]:
    for item in container.iter_inner_content():
        if hasattr(item, "rows"):
            for row in item.rows:
                for cell in dict.fromkeys(row.cells):  # merged cells come several times
                    yield from _words_of(cell)
        else:
            yield item.text


def read_plain(file: BinaryIO, found: Found, *, is_table: bool = False) -> None:
    """Text in UTF-8, UTF-16 or, failing both, in the code page of Western Windows."""
    data = file.read(found.room * ANSWER_BYTES + 4)
    found.is_cut = bool(file.read(1))
    text = decode(data)
    found.add(as_lines(text) if is_table else text)
    if not found.text.strip():
        raise RefusedError("wordless")


def as_lines(table: str) -> str:
    """The cells of each row as somebody would read them out, empty ones left out: "chairs, 12; tables, 3"."""
    delimiter = max(",;\t", key=table.partition("\n")[0].count)
    try:
        rows = [[" ".join(cell.split()) for cell in row] for row in csv.reader(io.StringIO(table), delimiter=delimiter)]
    except csv.Error:  # words all the same
        return table
    return ";\n".join(line for row in rows if (line := ", ".join(filter(None, row))))


def decode(data: bytes) -> str:
    """The words of `data`; refuses what is no text. A last character that was cut in two is left out."""
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding, "ignore")
    even, odd = data[0:2000:2].count(0), data[1:2000:2].count(0)
    if max(even, odd) > 4 * min(even, odd) + 20:  # every second byte is empty: UTF-16 that does not say so
        return data.decode("utf-16-be" if even > odd else "utf-16-le", "ignore")
    if not _is_words(data[:4096]):
        raise RefusedError("mismatch")
    try:
        return codecs.getincrementaldecoder("utf-8-sig")().decode(data)
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _is_words(data: bytes) -> bool:
    """Whether these bytes could be text: hardly any control characters in them."""
    controls = sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in data)
    return b"\x00" not in data and controls * 50 <= len(data)


def declared(language: str) -> str:
    """The language a file says it is in, without its country."""
    match = _DECLARED.match(language)
    return match.group().lower() if match else ""


def answer(file: BinaryIO, suffix: str, limits: dict[str, int]) -> dict[str, Any]:
    """What could be read, and why not all of it."""
    found = Found(limits["characters"])
    refusal = ""
    try:
        read(file, suffix, limits, found)
    except RefusedError as error:
        refusal = error.code
    except EOFError:
        refusal = "" if found.is_cut else "damaged"  # a library's own, of a file that ends too early
    except TimeUpError:
        refusal = "slow"
    except MemoryError:
        refusal = "memory"
    except RecursionError:
        refusal = "nested"
    except Exception as error:
        refusal = "nested" if "depth" in str(error).lower() else "damaged"
    signal.alarm(0)
    text = found.text
    if text.strip() and refusal:  # the beginning is better than nothing
        refusal, found.is_cut = "", True
    return {
        "text": text, "pages": found.pages, "language": found.language, "is_cut": found.is_cut, "refusal": refusal,
    }  # fmt: skip


def main() -> None:
    """Confine this process, then read."""
    suffix, limits = sys.argv[1], json.loads(sys.argv[2])
    logging.disable(logging.CRITICAL)
    confine(limits)
    try:
        result = answer(sys.stdin.buffer, suffix, limits)
    except TimeUpError:
        result = {"refusal": "slow"}
    except MemoryError:
        result = {"refusal": "memory"}
    sys.stdout.buffer.write(json.dumps(result, ensure_ascii=False).encode())


if __name__ == "__main__":
    main()
