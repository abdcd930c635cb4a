"""Writing notes together: adding to them never collides, changing them loses nothing, and the host takes them over."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from wagtail.blocks import StreamValue

from hub.accounts.models import User
from hub.editorial.markdown.blocks import is_address
from hub.editorial.markdown.writing import to_blocks
from hub.kernel.errors import HubError
from hub.pages.locks import lock_tree
from roundtables.models import EarlierNotes, SessionPage, SharedNotes
from roundtables.rules import may_read_shared_notes, may_run, takes_shared_notes

LONGEST = 40_000  # characters: a long session, written down by somebody who types fast
MOST_EARLIER = 100  # texts that are kept of one session


class NotesRefused(HubError):
    """The notes cannot be written like this; the message says why."""


class NotesConflict(HubError):
    """Somebody else changed the notes meanwhile. `theirs` is the text as it is now."""

    def __init__(self, theirs: SharedNotes) -> None:
        self.theirs = theirs
        super().__init__("Somebody else changed the notes while you did.")


def notes_of(session: SessionPage) -> SharedNotes:
    """The notes as they are; before anybody wrote, empty ones that are not stored."""
    return SharedNotes.objects.filter(session_id=session.pk).first() or SharedNotes(session=session)


@transaction.atomic
def add(session: SessionPage, *, writer: User, text: str) -> SharedNotes:
    """Put `text` below what is there, whatever others write at the same moment."""
    notes = _writable(session, writer)
    text = _plain(text)
    if not text:
        raise NotesRefused("Write something first.")
    return _keep(notes, f"{notes.text}\n\n{text}" if notes.text else text)


@transaction.atomic
def change(session: SessionPage, *, writer: User, text: str, version: int) -> SharedNotes:
    """Put `text` in the place of version `version`.

    Raises NotesConflict if there is a newer one: nothing is overwritten that the writer has not seen.
    """
    notes = _writable(session, writer)
    text = _plain(text)
    if text == notes.text:
        return notes
    if version != notes.version:
        raise NotesConflict(notes)
    return _keep(notes, text)


def blocks_of(text: str, before: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What was typed as blocks of a page: Markdown, through the gate that all markup of members passes."""
    return to_blocks(text, before=before, resolve=lambda address: address if is_address(address) else None)


@transaction.atomic
def take_over(session: SessionPage, *, host: User) -> int:
    """Put what the table wrote below the notes in the newest draft of the page; returns how many blocks were new.

    What is there stays, and what was taken over before is not taken twice. Publishing it is another step, in the
    editor. Raises NotesRefused for whoever does not run the session, or may not read what was written.
    """
    if not (may_run(session, host) and session.permissions_for_user(host).can_change_text()):
        raise NotesRefused("Only those who write the page take the notes over. Ask its authors for a seat on it.")
    if not may_read_shared_notes(session, host):
        raise NotesRefused("What the table wrote is for those who were there. Ask one of them to take it over.")
    lock_tree()
    page = SessionPage.objects.get(pk=session.pk).get_latest_revision_as_object()
    there = list(page.notes.get_prep_value())
    known = {(block["type"], str(block["value"])) for block in there}
    found = [one for one in blocks_of(notes_of(session).text, []) if (one["type"], str(one["value"])) not in known]
    if found:
        block = SessionPage._meta.get_field("notes").stream_block
        page.notes = StreamValue(block, [*there, *found], is_lazy=True)
        page.save_revision(user=host, log_action=True)
    return len(found)


def _plain(text: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    if len(text) > LONGEST:
        raise NotesRefused(f"These are more than the {LONGEST} characters that fit. Shorten them, or begin a page.")
    return text


def _writable(session: SessionPage, writer: User) -> SharedNotes:
    """The notes, and nobody else's to change until the transaction ends."""
    if not may_read_shared_notes(session, writer):
        raise NotesRefused("The notes are written by those at the table. Take a seat to write with them.")
    if not takes_shared_notes(session):
        raise NotesRefused("Notes are written from an hour before the session until a week after it.")
    SharedNotes.objects.get_or_create(session_id=session.pk)
    return SharedNotes.objects.select_for_update().get(session_id=session.pk)


def _keep(notes: SharedNotes, text: str) -> SharedNotes:
    if len(text) > LONGEST:
        raise NotesRefused("The notes are full. Shorten what is there first, then add to it.")
    EarlierNotes.objects.create(notes=notes, version=notes.version, text=notes.text)
    EarlierNotes.objects.filter(notes=notes, version__lte=notes.version - MOST_EARLIER).delete()
    notes.text, notes.version = text, notes.version + 1
    notes.save()
    return notes
