"""Files that come with a practice: private documents, read by those who read the practice."""

from __future__ import annotations

import io
import uuid
import zipfile
from pathlib import PurePath
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from wagtail.blocks import StreamValue
from wagtail.models import Collection

from hub.accounts.models import User
from hub.kernel.errors import HubError
from hub.media.domain.uses import discard_unused
from hub.media.models import HubDocument
from hub.pages.locks import lock_tree
from hub.practices.domain.proposals import check_writer, draft_of, keep
from hub.practices.models import PracticePage

MOST_FILES = 5
MOST_BYTES = 10 * 1024 * 1024
ZIPPED = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/", "odt": "content.xml"}  # what lies in such a file
PLAIN = {"csv", "md", "txt"}
KINDS = ("pdf", *ZIPPED, *sorted(PLAIN))
KINDS_IN_WORDS = "PDF, Word, Excel, PowerPoint, OpenDocument text, CSV, Markdown or plain text"


class FileRefused(HubError):
    """This file does not become part of the practice; the message says why and what to do."""


def check(upload: UploadedFile[Any]) -> None:
    """Raises FileRefused unless the file is of a kind people can read, not too large, and what its name says."""
    name, kind = PurePath(upload.name or "").name, PurePath(upload.name or "").suffix.lower().removeprefix(".")
    if kind not in KINDS:
        raise FileRefused(f"“{name}” was not added: files of this kind are not taken. Save it as {KINDS_IN_WORDS}.")
    if (upload.size or 0) > MOST_BYTES:
        raise FileRefused(f"“{name}” was not added: it is larger than 10 MB. Make it smaller, or split it.")
    if not upload.size:
        raise FileRefused(f"“{name}” was not added: it is empty. Save it again and choose it once more.")
    upload.seek(0)
    if not _is_what_it_says(kind, upload.read()):
        raise FileRefused(f"“{name}” was not added: it is not what its name says. Save it again as {KINDS_IN_WORDS}.")
    upload.seek(0)


@transaction.atomic
def attach(page_id: int, *, user: User, upload: UploadedFile[Any]) -> HubDocument:
    """Add a file to a draft. Side effects: a private document of this person; its words are read after the commit."""
    check(upload)
    lock_tree()
    page = draft_of(page_id)
    check_writer(page, user)
    if len(page.attachments) >= MOST_FILES:
        raise FileRefused(f"A practice has at most {MOST_FILES} files. Remove one first, or put two into one.")
    document = HubDocument(
        title=PurePath(upload.name or "").stem[:250],
        collection=Collection.get_first_root_node(),
        uploaded_by_user=user,
        file=upload,
        file_size=upload.size,
    )
    document._set_file_hash()
    document.save()
    files = [*page.attachments.get_prep_value(), {"type": "document", "value": document.pk, "id": str(uuid.uuid4())}]
    _set_files(page, files)
    keep(page, user)
    return document


@transaction.atomic
def remove(page_id: int, *, user: User, block_id: str) -> None:
    """Take a file off a draft; one of their own that nothing else shows is deleted."""
    lock_tree()
    page = draft_of(page_id)
    check_writer(page, user)
    before = page.attachments.get_prep_value()
    left = [block for block in before if block["id"] != block_id]
    if len(left) == len(before):
        return
    _set_files(page, left)
    keep(page, user)
    if not page.live:
        discard_unused((block["value"] for block in before if block not in left), uploaded_by=user)


def _set_files(page: PracticePage, files: list[dict[str, Any]]) -> None:
    page.attachments = StreamValue(PracticePage._meta.get_field("attachments").stream_block, files, is_lazy=True)


def _is_what_it_says(kind: str, content: bytes) -> bool:
    if kind == "pdf":
        return b"%PDF-" in content[:1024]
    if kind in PLAIN:
        return b"\x00" not in content
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return any(name.startswith(ZIPPED[kind]) for name in packed.namelist())
    except zipfile.BadZipFile:
        return False
