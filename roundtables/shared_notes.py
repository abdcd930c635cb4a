"""What the page of the shared notes shows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from wagtail.blocks import StreamValue

from hub.editorial import showing
from roundtables.domain import notes
from roundtables.forms import NotesForm
from roundtables.models import SessionPage, SharedNotes
from roundtables.rules import may_run, takes_shared_notes


def frame(
    session: SessionPage, request: HttpRequest, *, adding: Any, form: Any | None, theirs: SharedNotes | None
) -> dict[str, Any]:
    """The notes as they read, and the two forms. `theirs` is what somebody else made of them meanwhile."""
    current = theirs or notes.notes_of(session)
    stream = StreamValue(
        SessionPage._meta.get_field("notes").stream_block, notes.blocks_of(current.text, []), is_lazy=True
    )
    writes = takes_shared_notes(session)
    return {
        "session": session,
        "session_url": session.get_url(request),
        "notes": current,
        "text": showing.parts(stream),
        "writes": writes,
        "adding": adding if writes else None,
        "form": form or NotesForm(initial={"text": current.text, "version": current.version}),
        "theirs": theirs,
        "conflict": {"label": "the notes", "theirs": theirs.text} if theirs else None,
        "takes_over": bool(current.text) and may_run(session, request.user),
    }
