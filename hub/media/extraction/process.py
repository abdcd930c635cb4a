"""Runs the reader of files as a child process with limits, and survives whatever becomes of it."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from django.conf import settings

from hub.media.enums import Refusal
from hub.media.extraction.child import room_for_answer

CHILD = Path(__file__).with_name("child.py")
GRACE = 5  # seconds that a child has to answer once its own time is up
SUFFIXES = {"pdf", "docx", "txt", "md", "csv"}

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost: bytes on disk, unpacked and in memory, seconds, pages, characters kept."""

    size: int = 50_000_000
    unpacked: int = 200_000_000
    memory: int = 768_000_000
    seconds: int = 30
    pages: int = 1_000
    characters: int = 400_000  # as many as the catalogue keeps of one entry

    @classmethod
    def from_settings(cls) -> Limits:
        """The limits of this hub: `HUB_DOCUMENT_LIMITS` says where it differs from the numbers above."""
        return cls(**getattr(settings, "HUB_DOCUMENT_LIMITS", {}))


@dataclass(frozen=True, slots=True)
class Extract:
    """The words of a file, or the reason why there are none."""

    text: str = ""
    pages: int | None = None
    language: str = ""
    is_cut: bool = False
    refusal: Refusal = Refusal.NONE


def extract(source: IO[bytes], name: str, limits: Limits | None = None) -> Extract:
    """The words of `source`, a file called `name`. Never raises for what is in it, and returns within the time limit.

    The child sees a copy that has lost its name and its place, so every storage will do.
    """
    limits = limits or Limits.from_settings()
    suffix = Path(name).suffix.lower().lstrip(".")
    if suffix not in SUFFIXES:
        return Extract(refusal=Refusal.KIND)
    with TemporaryFile() as copy, TemporaryFile() as answer:
        size = 0
        while block := source.read(1 << 20):
            size += len(block)
            if size > limits.size:
                return Extract(refusal=Refusal.LARGE)
            copy.write(block)
        if not size:
            return Extract(refusal=Refusal.EMPTY)
        copy.seek(0)
        code = _run(suffix, limits, copy, answer)
        answer.seek(0)
        return _understand(answer.read(room_for_answer(asdict(limits))), code)


def _run(suffix: str, limits: Limits, source: IO[bytes], answer: IO[bytes]) -> int:
    """The exit status of the child; when its time is up it is killed, with all that it may have started."""
    command = [sys.executable, "-I", "-B", str(CHILD), suffix, json.dumps(asdict(limits))]
    with subprocess.Popen(  # noqa: S603 our own program; of the file it gets the bytes and one of five known suffixes
        command, stdin=source, stdout=answer, stderr=subprocess.DEVNULL, env={}, cwd="/", start_new_session=True
    ) as child:
        try:
            return child.wait(timeout=limits.seconds + GRACE)
        except subprocess.TimeoutExpired:
            return -signal.SIGKILL
        finally:
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGKILL)


def _understand(answer: bytes, code: int) -> Extract:
    """What the child wrote. One that was ended wrote nothing, and its exit status says what ended it."""
    if code in (-signal.SIGKILL, -signal.SIGXCPU):
        return Extract(refusal=Refusal.SLOW)
    try:
        said: dict[str, Any] = json.loads(answer)
        return Extract(
            text=str(said.get("text", "")),
            pages=said.get("pages"),
            language=str(said.get("language", ""))[:12],
            is_cut=bool(said.get("is_cut")),
            refusal=Refusal(said["refusal"]),
        )
    except (ValueError, KeyError, TypeError):
        logger.info("A reader of files ended with status %s and without an answer.", code)
        return Extract(refusal=Refusal.CRASH)
