"""While a session runs: saying that one is here, the sheet its host runs it by, and what the table writes down."""

from __future__ import annotations

from typing import Any

from allauth.core import ratelimit
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from hub.accounts.http import AccountRequest
from hub.kernel.errors import HubError
from hub.members.domain.profiles import profile_of
from roundtables import run_sheet, shared_notes
from roundtables.domain import attendance, checkin, notes, recordings
from roundtables.domain.notes import NotesConflict
from roundtables.forms import AddedNoteForm, NotesForm
from roundtables.models import SessionPage
from roundtables.rules import may_host, may_know_speakers, may_read_shared_notes
from roundtables.views.inside import inside_a_session


@inside_a_session
@require_POST
def check_in(request: AccountRequest, session: SessionPage) -> HttpResponse:
    """Say that one is here, with the code the host shows."""
    try:
        checkin.check_in(session, profile_of(request.user), request.POST.get("code", "")[:40])
    except HubError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Noted: you are here.")
    return redirect(session.get_url(request) or "/")


@inside_a_session
@require_POST
def consent(request: AccountRequest, session: SessionPage) -> HttpResponse:
    """Say whether one agrees to the recording; the newest answer counts."""
    agrees = request.POST.get("agrees") == "yes"
    try:
        recordings.say(session, profile_of(request.user), agrees=agrees)
    except HubError as refusal:
        messages.error(request, str(refusal))
    else:
        said = "You agreed to the recording." if agrees else "Noted: while you do not agree, nobody gets to hear it."
        messages.success(request, said)
    return redirect(session.get_url(request) or "/")


@inside_a_session
@require_http_methods(["GET", "HEAD", "POST"])
def run(request: AccountRequest, session: SessionPage) -> HttpResponse:
    """The sheet the host runs the session by; also marks who came."""
    if not may_host(session, request.user):
        raise Http404
    knows = may_know_speakers(session, request.user)
    if request.method == "POST":
        if not knows:
            raise Http404
        listed, came = (run_sheet.numbers(request.POST.getlist(name)) for name in ("seat", "came"))
        try:
            count = attendance.note_attendance(session, listed=listed, came=came)
        except HubError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"Noted: {count} of {len(listed)} came.")
        return redirect("roundtables:run_sheet", session.pk)
    return render(request, "roundtables/run_sheet.html", run_sheet.sheet_of(session, request, knows=knows))


@inside_a_session
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: AccountRequest, session: SessionPage) -> HttpResponse:
    """What the table writes down: read, added to, changed. Two people who write at once lose nothing."""
    if not may_read_shared_notes(session, request.user):
        raise Http404
    adding, form, status = AddedNoteForm(), None, 200
    theirs = None
    if request.method == "POST":
        if not ratelimit.consume(request, action="write_notes", user=request.user):
            return ratelimit.respond_429(request)
        is_added = "added" in request.POST
        posted: Any = AddedNoteForm(request.POST) if is_added else NotesForm(request.POST)
        try:
            if posted.is_valid():
                save = notes.add if is_added else notes.change
                save(session, writer=request.user, **posted.values())
                messages.success(request, "It is written down.")
                return redirect("roundtables:notes", session.pk)
            status = 422
        except NotesConflict as conflict:
            theirs, status = conflict.theirs, 409
            posted = posted.against(theirs.version)
        except HubError as refusal:
            posted.add_error(None, str(refusal))
            status = 422
        adding, form = (posted, None) if is_added else (adding, posted)
    frame = shared_notes.frame(session, request, adding=adding, form=form, theirs=theirs)
    return render(request, "roundtables/shared_notes.html", frame, status=status)


@inside_a_session
@require_POST
def take_over(request: AccountRequest, session: SessionPage) -> HttpResponse:
    """The host puts what the table wrote into the draft of the page, and goes on in the editor."""
    try:
        number = notes.take_over(session, host=request.user)
    except HubError as refusal:
        messages.error(request, str(refusal))
        return redirect(session.get_url(request) or "/")
    if not number:
        messages.info(request, "The draft of the page has all of it already.")
    if not request.user.has_perm("wagtailadmin.access_admin"):
        return redirect("roundtables:notes", session.pk)
    return redirect("wagtailadmin_pages:edit", session.pk)
